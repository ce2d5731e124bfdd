// Where a panel says what is chosen: a caption, an equation, and numbers in squares and rows.
import { make, setText } from "./elements.js";
import { largestOf, numberOf } from "./numbers.js";

export function makeLens(say) {
  const nines = ["ink", "kernel", "products"].map((each) => makeSquare(9, say(`inside.${each}`)));
  const four = makeSquare(4, say("inside.four"));
  const rows = Array.from({ length: 10 }, makeRow);
  const labels = ["adds", "takes", "bias", "sum", "relu"].map((each) => make("span", "of", say(`inside.${each}`)));
  const terms = labels.map((label) => make("div", "term", make("span", "value"), label));
  const [caption, equation] = [make("div", "caption"), make("div", "equation", ...terms)];
  const element = make("div", "words", caption, equation, make("div", "detail",
    make("div", "nines", ...nines.map((nine) => nine.element)),
    make("div", "four", four.element),
    make("div", "rows", ...rows.map((row) => row.element))));

  function show(shape, text, numbers, best) {
    element.dataset.shows = shape;
    equation.style.visibility = "hidden";
    setText(caption, text);
    if (shape === "nines") numbers.forEach((nine, i) => nines[i].set(nine, i ? largestOf(numbers[1]) : 1));
    if (shape === "four") four.set(numbers, Math.max(...numbers) || 1, best);
    if (shape !== "rows") return;
    const largest = largestOf(numbers.map(([, value]) => value));
    numbers.forEach(([label, value], i) => rows[i].set(label, value, largest));
  }

  function add(texts, what) {
    equation.style.visibility = "";
    texts.forEach((text, i) => setText(terms[i].firstChild, text));
    setText(labels.at(-1), what);
  }
  return { element, show, add, listen: (isOn) => (caption.ariaLive = isOn ? "polite" : "off") };
}

// A label, a bar from zero to the right or to the left, its number, and a note.
export function makeRow() {
  const [label, bar, number, given] = ["label", "bar", "number", "more"].map((name) => make("span", name));
  function set(text, value, largest, more = "", shown = value === undefined ? "" : numberOf(value)) {
    setText(label, text);
    setText(number, shown ?? "");
    if (given.textContent !== more) [given.textContent, given.dataset.sign] = [more, more[0] ?? ""];
    bar.style.setProperty("--share", value / largest || 0);
    bar.classList.toggle("minus", value < 0);
  }
  return { element: make("div", "row", label, " ", bar, number, " ", given), set };
}

// Numbers in a square, shaded by their size; the best is framed.
function makeSquare(count, title) {
  const cells = Array.from({ length: count }, () => make("span", ""));
  function set(values, largest, best) {
    cells.forEach((cell, i) => {
      cell.textContent = numberOf(values[i]);
      cell.style.setProperty("--share", Math.abs(values[i]) / largest);
      cell.className = `${values[i] < 0 ? "minus" : ""} ${i === best ? "best" : ""}`;
    });
  }
  const square = make("div", "square", ...cells);
  square.style.setProperty("--side", Math.sqrt(count));
  return { element: make("div", "", square, make("div", "of", title)), set };
}
