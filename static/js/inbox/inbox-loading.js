// Loads the scripts of the inbox where there is one; without them its links and forms still work.
import { SELECTORS } from "../contract.js";

if (document.querySelector(SELECTORS.inbox)) import("./inbox-page.js").catch(() => {});
