// What pages around signing in need: passkeys, the browser's time zone, and that words go with who wrote them.
import "./passkey-button.js";
import "./time-zone.js";
import "./signing-out.js";
