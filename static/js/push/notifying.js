// What notifies people in this browser. Only browsers that may notify load it, or play a sound, and the settings page.
import "./registering.js";
import "./shown-notifications.js";
import "./notices.js";
import "./push-device.js";
