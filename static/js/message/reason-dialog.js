// A dialog that asks why: for hiding a message, and for a pin.
export class ReasonDialog {
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      dialog.close();
      this.callBack(this.form.elements.reason.value);
    });
    dialog.querySelector(".cancel").addEventListener("click", () => dialog.close());
  }

  // Ask for the reason of an action, and call back with it unless the dialog is cancelled.
  ask(action, callBack) {
    this.callBack = callBack;
    for (const part of this.dialog.querySelectorAll("[data-of]")) part.hidden = part.dataset.of !== action;
    this.form.elements.reason.value = "";
    this.dialog.showModal();
    this.form.elements.reason.focus();
  }
}
