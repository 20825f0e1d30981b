// The emoji that the reader chose last on this browser, the latest first, and their skin tone.
import { STORED } from "../contract.js";

export const emojiHabits = () => ({ recent: [], tone: "", ...JSON.parse(localStorage.getItem(STORED.emoji)) });
