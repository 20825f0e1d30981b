// Files of unsent messages, stored in this browser until the message is sent. localStorage lists them for each form and each
// message in the outbox, as `staged`; their contents are in a database, whose script is loaded once there is a file.
import { SELECTORS, STORED } from "../contract.js";
import { unsentStore } from "./unsent-store.js";

const { person } = document.querySelector(SELECTORS.main).dataset;

export const unsentFiles = {
  load: () => import("./staged-files.js"),

  // Store the file of {key, file}, and set its `isStored`.
  async store(staged) {
    try {
      const { storeFile } = await this.load();
      await storeFile(staged.key, person, staged.file);
      staged.isStored = true;
    } catch {
      // The storage is full, or there is none: the page asks before you leave it.
    }
  },

  // Return each {key, name, description} with its `file`, undefined if it is gone.
  async find(described) {
    const keys = described.map(({ key }) => key);
    const files = await this.load().then(({ findFiles }) => findFiles(keys)).catch(() => []);
    return described.map((each, at) => ({ ...each, file: files[at], isStored: true }));
  },

  async remove(keys) {
    if (keys.length) await this.load().then(({ removeFiles }) => removeFiles(keys)).catch(() => {});
  },

  async tidy() {
    const lists = [STORED.staged, STORED.outbox].flatMap((start) => unsentStore.names(start).map((rest) => unsentStore.get(start + rest)));
    const known = lists.flatMap((list) => list.staged ?? []).map(({ key }) => key);
    await this.load().then(({ tidyFiles }) => tidyFiles(person, known)).catch(() => {});
  },
};

if (localStorage.getItem(STORED.filesStored)) unsentFiles.tidy();
