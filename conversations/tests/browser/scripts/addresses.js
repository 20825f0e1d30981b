import { addressOf, findAddress, isAddressOf } from "../../../../static/js/shell/addresses.js";
import { equal } from "./check.js";

export const tests = {
  "addresses are filled in": () => {
    equal([addressOf("edit", 7), addressOf("conversation", "12"), addressOf("inbox")], ["/m/7/edit/", "/c/12/", "/"]);
  },

  "only whole addresses are recognised": () => {
    equal(["/c/1/", "/c/1/days/", "/c/new/", "x/c/1/"].map((path) => isAddressOf("conversation", path)), [true, false, false, false]);
    equal(["/", "/c/1/"].map((path) => isAddressOf("inbox", path)), [true, false]);
  },

  "the address of a form is found in the name of what it has stored": () => {
    const name = "http://localhost:8000/c/1/messages/23 0b5c1d2e-0000-4000-8000-000000000000";
    equal(findAddress("messages", name), "http://localhost:8000/c/1/messages/");
    equal(findAddress("messages", "something else"), undefined);
  },
};
