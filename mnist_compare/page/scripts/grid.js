// A grid of cells to choose from. Tab reaches one of them, the arrow keys the others; with Shift, or where there is
// one cell, they reach the numbers of its picture.
import { make } from "./elements.js";

const REST = 60; // milliseconds that the mouse rests on what it chooses: it may be on its way past

// Its cells choose numbers of the kind `of` in a panel, and have contents; what is below lies under them.
export function makeGrid(panel, kind, of, contents, ...below) {
  const { say } = panel;
  const cells = contents.map((content, i) => {
    const cell = make("div", "cell", ...content);
    if (!content.length) cell.ariaLabel = say(`inside.${of}`, { number: i + 1 });
    return Object.assign(cell, { role: "option", ariaSelected: false, tabIndex: i ? -1 : 0 });
  });
  const heading = say(`inside.${kind}s`, { count: cells.length });
  const grid = make("div", `grid ${kind}s`, ...below, ...cells);
  Object.assign(grid, { role: "listbox", ariaLabel: heading }).style.setProperty("--columns", panel.columns[kind]);
  grid.addEventListener("focusin", ({ target }) => {
    const cell = cells.indexOf(target);
    if (!target.matches(":focus-visible") || cells[cell].ariaSelected === "true") return;
    panel.choose({ kind: of, cell, spot: panel.spotOf(of, cell) });
  });
  heedMouse(panel, grid, kind, of, cells);
  heedKeys(panel, grid, kind, of, cells);
  const what = Object.assign(make("div", "what", heading), { ariaHidden: true });
  return { cells, element: make("div", `layer of-${kind}s`, what, grid) };
}

function heedMouse(panel, grid, kind, of, cells) {
  const side = panel.sides[kind] ?? 1;
  const steps = side + (side > 1 && cells.length > 1); // with the gap between pictures

  function under({ target, clientX, clientY }) {
    const cell = cells.indexOf(target.closest(".cell"));
    if (cell < 0) return null;
    const { left, top, width, height } = cells[cell].getBoundingClientRect();
    const [column, row] = [(clientX - left) / width, (clientY - top) / height]
      .map((share) => Math.max(0, Math.min(side - 1, Math.floor(share * steps))));
    return { kind: of, cell, spot: of === kind ? row * side + column : 0 };
  }
  const take = (choice) => choice && panel.choose(choice);
  let pointed = ""; // what is under the mouse, for which it has to move: a page that scrolls moves too
  grid.addEventListener("click", (event) => panel.pin(under(event)));
  grid.addEventListener("pointerleave", () => {
    clearTimeout(panel.waiting);
    pointed = "";
  });
  grid.addEventListener("pointermove", (event) => {
    const isStill = !event.movementX && !event.movementY;
    if (event.pointerType === "touch" || isStill || panel.isPinned) return;
    const choice = under(event);
    if (JSON.stringify(choice) === pointed) return;
    clearTimeout(panel.waiting);
    pointed = JSON.stringify(choice);
    const { chosen } = panel;
    panel.waiting = setTimeout(take, chosen?.kind === of && chosen.cell === choice?.cell ? 0 : REST, choice);
  });
}

function heedKeys(panel, grid, kind, of, cells) {
  const [side, wide] = [panel.sides[kind] ?? 1, panel.columns[kind]];
  grid.addEventListener("keydown", (event) => {
    const at = cells.indexOf(event.target.closest(".cell"));
    const within = side > 1 && of === kind && (event.shiftKey || cells.length === 1);
    const [from, across, end] = within ? [panel.spotOf(kind, at), side, side * side - 1] : [at, wide, cells.length - 1];
    const steps = {
      ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Home: -from, End: end - from, Enter: 0, " ": 0,
    };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const to = from + steps[event.key];
    if (to < 0 || to > end) return;
    if (!within) cells[to].focus();
    panel.choose(within ? { kind, cell: at, spot: to } : { kind: of, cell: to, spot: panel.spotOf(of, to) });
  });
}
