// The scripts that only pages with an inbox need.
import "./live-inbox.js";
import "./bulk-actions.js";
