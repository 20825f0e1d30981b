// The scripts of the pages around signing in: passkeys, the browser's time zone, the user name, and removing unsent words.
import "./account/passkey-button.js";
import "./account/time-zone.js";
import "./account/user-name.js";
import "./account/sign-out.js";
