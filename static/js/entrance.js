// What pages around signing in need: passkeys, the browser's time zone, and that words go with who wrote them.
import "./account/passkey-button.js";
import "./account/time-zone.js";
import "./account/sign-out.js";
