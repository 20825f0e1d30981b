// What pages around signing in need: passkeys, and the browser's time zone.
import "./passkey-button.js";
import "./time-zone.js";
