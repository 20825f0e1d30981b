// All of the site's custom elements. In production this is one file.
import "./post.js";
import "./keeping.js";
import "./enter.js";
import "./edit-form.js";
import "./live-updates.js";
import "./live-inbox.js";
import "./live-timeline.js";
import "./live-thread.js";
import "./message-actions.js";
import "./attach-files.js";
import "./message-composer.js";
import "./read-mark.js";
import "./copy-field.js";
import "./message-preview.js";
import "./mention-completion.js";
import "./composing.js";
import "./copy-code.js";
