// Loads the helpers for writing when somebody begins to write, and pastes with their help.
import { replaceText } from "../writing/replacing.js";

export const loadWriting = () => import("../writing/writing.js");

const BOXES = "message-composer textarea, .editing textarea";
const FORMS = ":is(message-composer, .editing)";
let isPlain = false;

for (const kind of ["keydown", "keyup"]) {
  addEventListener(kind, ({ shiftKey }) => { isPlain = shiftKey; }, { capture: true }); // Ctrl+Shift+V pastes without formatting
}

for (const kind of ["keydown", "input", "pointerdown"]) {
  document.addEventListener(kind, ({ target }) => target.closest?.(FORMS) && loadWriting().catch(() => {}), { capture: true });
}

document.addEventListener("paste", (event) => {
  if (event.defaultPrevented || isPlain || !event.target.matches(BOXES)) return;
  const [html, text] = ["text/html", "text/plain"].map((type) => event.clipboardData.getData(type));
  const box = event.target;
  if (!text || (!html && box.selectionStart === box.selectionEnd)) return;
  event.preventDefault();
  loadWriting().then(
    ({ paste }) => paste(box, { html, text }),
    () => replaceText(box, box.selectionStart, box.selectionEnd, text),
  );
});
