// A network that is looked into: what each layer makes of the drawing, and the number that is chosen there.
import { contributionsOf } from "./contributions.js";
import { make, setText } from "./elements.js";
import { EXPLAINED } from "./explanations.js";
import { makePictures, makeRows } from "./layers.js";
import { makeLens } from "./lens.js";
import { everyNth, percentOf, rankedByValue } from "./numbers.js";

const KINDS = ["pixel", "template", "map", "pooled", "neuron", "sum", "share"]; // of numbers that can be chosen

export class Panel {
  stages = null; // the drawing's ink and what each layer makes of it
  contributions = null; // of all numbers on the path that is lit
  chosen = null; // { kind, cell, spot }: a number of the layer, spot its place in the picture of a cell
  isOwn = false; // whether somebody has chosen; until then, it is the sum of the answer
  isPinned = false; // by a click, so that the mouse may go to read; Escape or another click ends it
  waiting = 0; // the timer of the mouse's rest

  constructor(name, network, say) {
    Object.assign(this, { name, network, say, layers: network.layers, lens: makeLens(say) }, planOf(network.layers));
    [this.digit, this.sureness, this.views] = [make("b", ""), make("span", ""), {}];
    for (const kind of KINDS.filter((each) => each in this.columns))
      this.views[kind] = kind === "sum" || kind === "share" ? makeRows(this, kind) : makePictures(this, kind);
    this.element = this.build();
  }

  build() {
    const { name, say, lens } = this;
    const { pixel, ...others } = this.views;
    if (!this.places.map) others.pooled = { element: make("div", "layer of-pooled none", say("inside.unpooled")) };
    const title = make("span", "name", say(`models.${name}`));
    const element = make("div", `network ${name}`,
      make("div", "title", title, this.digit, this.sureness),
      make("div", "lens", pixel.element, lens.element),
      ...KINDS.filter((kind) => others[kind]).map((kind) => others[kind].element));
    element.addEventListener("keydown", (event) => event.key === "Escape" && this.release());
    element.addEventListener("focusin", () => lens.listen(true));
    element.addEventListener("focusout", () => lens.listen(false));
    return Object.assign(element, { role: "group", ariaLabel: say(`models.${name}`) });
  }

  // Returns the answer. The trace is computed where none is given; isGrowing within a stroke.
  show(digit, trace, isGrowing) {
    const ink = digit && { shape: [28, 28, 1], values: Float32Array.from(digit, (grey) => grey / 255) };
    this.stages = digit && [ink, ...(trace ?? this.network.trace(digit))];
    const shares = this.stages?.at(-1).values;
    const answer = shares && rankedByValue(shares)[0];
    setText(this.digit, shares ? answer : "–");
    setText(this.sureness, shares ? percentOf(shares[answer]) : "");
    if (shares && !this.isOwn && !isGrowing) this.select({ kind: "sum", cell: answer, spot: 0 });
    if (isGrowing) this.paint(null, true);
    else this.explain();
    return this.digit.textContent;
  }

  // Where the picture of a cell is brightest, or what is chosen in it.
  spotOf(kind, cell) {
    if (this.chosen?.kind === kind && this.chosen.cell === cell) return this.chosen.spot;
    if (!this.stages || !(kind in this.sides)) return 0;
    return rankedByValue(everyNth(this.stages[this.places[kind]].values, cell, this.counts[kind]))[0];
  }

  choose(choice) {
    clearTimeout(this.waiting);
    this.isOwn = true;
    this.select(choice);
    this.explain();
  }

  pin(choice) {
    if (!choice) return;
    this.isPinned = !this.isPinned || JSON.stringify(choice) !== JSON.stringify(this.chosen);
    this.element.classList.toggle("pinned", this.isPinned);
    this.choose(choice);
  }

  release() {
    this.isOwn = this.isPinned = false;
    this.element.classList.remove("pinned");
    if (this.stages) this.select({ kind: "sum", cell: rankedByValue(this.stages.at(-1).values)[0], spot: 0 });
    this.explain();
  }

  select(choice) {
    if (JSON.stringify(choice) === JSON.stringify(this.chosen)) return;
    this.chosen = choice;
    for (const [kind, { cells }] of Object.entries(this.views)) {
      const isChosen = kind === choice.kind || (kind === "template" && choice.kind === "neuron");
      cells.forEach((cell, i) => {
        cell.ariaSelected = isChosen && i === choice.cell;
        if (isChosen) cell.tabIndex = i === choice.cell && kind !== "template" ? 0 : -1;
      });
    }
  }

  explain() {
    if (!this.stages) {
      this.paint(null);
      return this.lens.show("nothing", "");
    }
    const { places, counts } = this;
    const { kind, cell, spot } = this.chosen;
    const at = spot * (counts[kind] ?? 1) + cell;
    // Before ReLU, which may end the path; a share is softmax's, of all sums.
    const place = { map: places.map - 1, neuron: places.neuron - 1, share: places.sum }[kind] ?? places[kind];
    this.paint(contributionsOf(this.layers, this.stages, place, at));
    EXPLAINED[kind](this, place, at);
  }

  // Of what is off screen, pictures wait until they are seen, and texts until the end of a stroke.
  paint(contributions, isGrowing) {
    this.contributions = contributions;
    for (const view of Object.values(this.views)) {
      if (isGrowing && view.paintSoon) view.paintSoon();
      else view.paint();
      view.frame();
    }
  }
}

// Of each kind of numbers: its place among the stages, how many cells it has and in how many columns, and the side
// of a cell's picture, where it has one.
function planOf(layers) {
  const isCnn = layers[0].kind === "convolution";
  const biases = (place) => layers[place - 2].arrays[1].values.length;
  const [neuron, sum, share] = [-2, -1, 0].map((back) => layers.length + back);
  const places = { pixel: 0, ...(isCnn && { map: 2, pooled: 3 }), neuron, sum, share };
  const maps = isCnn ? biases(places.map) : 0;
  const counts = { pixel: 1, map: maps, pooled: maps, neuron: biases(neuron), sum: 10, share: 10 };
  const own = isCnn ? { map: 8, pooled: 8, neuron: 20 } : { template: 16, neuron: 16 };
  const columns = { pixel: 1, ...own, sum: 1, share: 1 };
  const sides = { pixel: 28, ...(isCnn ? { map: 26, pooled: 13 } : { template: 28 }) }; // a neuron of the MLP sees all
  return { places, counts, columns, sides };
}
