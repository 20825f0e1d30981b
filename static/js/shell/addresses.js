// Addresses of the site, from the patterns in contract.js.
import { ADDRESSES } from "../contract.js";

export const addressOf = (name, id) => ADDRESSES[name].replace("{id}", id);

export const isAddressOf = (name, path) => new RegExp(`^${patternOf(name)}$`).test(path);

// Return the first address of this kind in a text, with the host before it if there is one.
export const findAddress = (name, text) => new RegExp(`\\S*?${patternOf(name)}`).exec(text)?.[0];

const patternOf = (name) => ADDRESSES[name].replace("{id}", "\\d+");
