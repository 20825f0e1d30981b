// The scripts of pages with forms that need more than a browser's own fields.
import "./account/sound-preview.js";
import "./account/time-zone-offer.js";
import "./people/chip-picker.js";
import "./search/search-box.js";
