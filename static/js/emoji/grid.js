// Moves the focus among the emoji with the arrow keys; up from the first row leads to the field above.
export function moveInGrid({ key, target }, grid, field) {
  const all = [...grid.querySelectorAll("button")];
  const at = all.indexOf(target);
  const forward = getComputedStyle(grid).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
  let next;
  if (key === "ArrowDown") next = inNextRow(target, all.slice(at + 1));
  else if (key === "ArrowUp") next = inNextRow(target, all.slice(0, at).reverse()) ?? field;
  else if (key === "ArrowLeft" || key === "ArrowRight") next = all[at + (key === forward ? 1 : -1)];
  else if (key === "Home") [next] = all;
  else if (key === "End") next = all.at(-1);
  else return false;
  next?.focus();
  return true;
}

// The button nearest to the column of `from` in the first row of `others` that is not its own.
function inNextRow(from, others) {
  const own = from.getBoundingClientRect();
  const first = others.find((each) => each.getBoundingClientRect().top !== own.top);
  const top = first?.getBoundingClientRect().top;
  let nearest = first;
  for (const each of others) {
    const box = each.getBoundingClientRect();
    if (box.top === own.top) continue;
    if (box.top !== top) break;
    if (Math.abs(box.left - own.left) < Math.abs(nearest.getBoundingClientRect().left - own.left)) nearest = each;
  }
  return nearest;
}
