// Suggests a user name while somebody types their name: "Ana Lima" becomes ana.lima. The server derives it from letters
// that are not Latin, and adds a number if somebody else has it (accounts/user_names.py).
const name = document.querySelector("[data-name]");
const userName = document.querySelector("[data-user-name]");

function derived(text) {
  const spoken = text.replaceAll(/\(.*?\)|['’]/g, "").toLowerCase();
  const plain = spoken.normalize("NFKD").replaceAll(/\p{Mn}/gu, "");
  if (/[^\p{ASCII}]/u.test(plain)) return "";
  return plain.replaceAll(/[^a-z0-9]+/g, ".").replaceAll(/^\.+|\.+$/g, "").slice(0, 40);
}

name?.addEventListener("input", () => {
  if (!userName.dataset.typed) userName.value = derived(name.value);
});
userName?.addEventListener("input", () => {
  userName.dataset.typed = userName.value;
});
