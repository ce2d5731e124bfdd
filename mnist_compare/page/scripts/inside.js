// Inside the networks: what every layer makes of the drawing, and the way of the number that is chosen,
// back to the pixels and forwards to the answer, with its arithmetic. It shows what networks.js and
// ways.js compute.
import { greyOf, makeAtlas, signedColourOf } from "./atlas.js";
import { make, setText, whenSeen } from "./elements.js";
import { makeLens, makeRow } from "./lens.js";
import { everyNth, largestOf, numberOf, percentOf, rankedByValue, signed, sumOf } from "./numbers.js";
import { canvasOf, paint } from "./pictures.js";
import { rivalsOf, wayOf } from "./ways.js";

const CLEAR = 0; // the colour of a picture of nothing
const FADED = 0.45; // how bright is what is not on the way
const TWILIGHT = 0.4; // how bright a template is where there is no ink
const BRIGHTER = 3; // in pictures, where few numbers are large, and would leave all others dark
const REST = 60; // milliseconds that the mouse rests on what it chooses: it may be on its way past
const NEAR = "200px"; // to the screen, where pictures are painted
const MARKED = 5; // neurons that give most to a sum, and as many that take most
let made = 0; // views in this page, whose radio buttons are told apart by it

export function makeInside(place, networks, say) {
  const panels = Object.entries(networks).map(([name, network]) => makePanel(name, network, say));
  const key = ["bright", "plus", "minus"].map((name) => make("span", name, say(`inside.${name}`)));
  const tabs = makeTabs(place, Object.keys(networks), say);
  const answers = tabs.querySelectorAll("b");
  place.classList.add("inside");
  place.replaceChildren(make("p", "how", say("inside.hint")), tabs, make("div", "key", ...key), make("div", "networks", ...panels.map((panel) => panel.element)));
  // traces are those of the networks, or computed here; isGrowing within a stroke.
  return {
    show(digit, traces = {}, isGrowing = false) {
      panels.forEach((panel, i) => setText(answers[i], panel.show(digit, traces[panel.name], isGrowing)));
    },
  };
}

// On a narrow page, one network at a time.
function makeTabs(place, names, say) {
  const group = `inside-${++made}`;
  const tabs = names.map((name, i) => {
    const radio = Object.assign(make("input", ""), { type: "radio", name: group, value: name, checked: !i });
    return make("label", name, radio, say(`models.${name}`), make("b", ""));
  });
  const element = Object.assign(make("div", "tabs", ...tabs), { role: "radiogroup", ariaLabel: say("inside.tabs") });
  element.hidden = names.length < 2;
  const take = (name) => (place.dataset.network = name);
  element.addEventListener("change", ({ target }) => take(target.value));
  take(names[0]);
  return element;
}

function makePanel(name, network, say) {
  const { layers } = network;
  const places = { pixel: 0, neuron: layers.length - 2, sum: layers.length - 1, share: layers.length };
  if (layers[0].kind === "convolution") Object.assign(places, { map: 2, pooled: 3 });
  const counts = { pixel: 1, sum: 10, share: 10, neuron: biasesOf(places.neuron).length };
  if (places.map) counts.map = counts.pooled = biasesOf(places.map).length;
  const sides = { pixel: 28, template: 28, map: 26, pooled: 13 }; // of pictures; any other is one number
  const columns = { pixel: 1, template: 16, map: 8, pooled: 8, neuron: places.map ? 20 : 16, sum: 1, share: 1 };
  const views = {};
  const lens = makeLens(say);
  const [digitRead, sureness] = [make("b", ""), make("span", "")];
  const title = make("span", "name", say(`models.${name}`));
  let stages = null; // the drawing's ink and what each layer makes of it
  let chosen = null; // { kind, cell, spot }: a number of the layer, spot its place in the picture of a cell
  let isOwn = false; // whether somebody has chosen; until then, it is the sum of the answer
  let isPinned = false; // by a click, so that the mouse may go to read; Escape or another click ends it
  let gifts = null; // on the way that is lit
  let waiting = 0; // the timer of the mouse's rest

  for (const kind of places.map ? ["pixel", "map", "pooled", "neuron", "sum", "share"] : ["pixel", "template", "neuron", "sum", "share"])
    views[kind] = kind === "sum" || kind === "share" ? makeRows(kind) : makePictures(kind);
  const { pixel, ...others } = views;
  if (!places.map) others.pooled = { element: make("div", "layer of-pooled none", say("inside.unpooled")) };
  const element = make("div", `network ${name}`,
    make("div", "title", title, digitRead, sureness),
    make("div", "lens", pixel.element, lens.element),
    ...["template", "map", "pooled", "neuron", "sum", "share"].filter((kind) => others[kind]).map((kind) => others[kind].element));
  Object.assign(element, { role: "group", ariaLabel: say(`models.${name}`) });
  element.addEventListener("keydown", (event) => event.key === "Escape" && release());
  element.addEventListener("focusin", () => lens.listen(true));
  element.addEventListener("focusout", () => lens.listen(false));
  return { name, element, show };

  function biasesOf(place) {
    return layers[place - 2].arrays[1].values;
  }

  function show(digit, trace, isGrowing) {
    stages = digit && [{ shape: [28, 28, 1], values: Float32Array.from(digit, (grey) => grey / 255) }, ...(trace ?? network.trace(digit))];
    const shares = stages?.at(-1).values;
    const answer = shares && rankedByValue(shares)[0];
    setText(digitRead, stages ? answer : "–");
    setText(sureness, stages ? percentOf(shares[answer]) : "");
    if (stages && !isOwn && !isGrowing) select({ kind: "sum", cell: answer, spot: 0 });
    if (isGrowing) paintAll(null, true);
    else explain();
    return digitRead.textContent;
  }

  // The layers

  function makePictures(kind) {
    const of = kind === "template" ? "neuron" : kind; // a template is what a neuron of the MLP sees
    const side = sides[kind] ?? 1;
    const atlas = makeAtlas(counts[of], columns[kind], side);
    const mark = make("span", "mark");
    const grid = makeGrid(kind, of, Array.from({ length: counts[of] }, () => []), atlas.element, mark);
    const templates = kind === "template" && paintTemplates(atlas);

    function paint() {
      if (!stages) return atlas.paint(() => CLEAR);
      const { values } = stages[places[of]];
      const given = gifts?.[places[of]];
      const [largest, most] = [largestOf(values), given && largestOf(given)];
      if (templates) return templates(stages[0].values, given?.map((gift) => FADED + (1 - FADED) * Math.sqrt(Math.abs(gift / most))));
      const brighter = side > 1 ? BRIGHTER : 1;
      atlas.paint((i, cell) => {
        const at = i * counts[of] + cell;
        if (!given) return greyOf(values[at] / largest);
        if (Math.abs(given[at]) > 1e-6 * most) return signedColourOf((brighter * given[at]) / most);
        return greyOf((FADED * values[at]) / largest);
      });
    }

    // Frames size × size numbers of the picture of a cell, or nothing.
    function frame(cell, spot, size) {
      if (mark.hidden !== (cell === undefined)) mark.hidden = !mark.hidden;
      if (mark.hidden) return;
      const pitch = side + atlas.gap;
      const left = (cell % columns[kind]) * pitch + (spot % side);
      const top = Math.floor(cell / columns[kind]) * pitch + Math.floor(spot / side);
      const share = (along, whole) => `${(100 * along) / whole}%`;
      const { width, height } = atlas.element;
      Object.assign(mark.style, { left: share(left, width), top: share(top, height), width: share(size, width), height: share(size, height) });
    }
    return { ...grid, paint: whenSeen(grid.element, NEAR, paint), frame };
  }

  // The weights of every neuron at their pixels, painted once. Over them goes the ink, the same for each,
  // which leaves the weights without any in twilight, and how bright each template is.
  function paintTemplates(atlas) {
    const weights = layers[0].arrays[0].values;
    const heaviest = largestOf(weights) / BRIGHTER;
    atlas.paint((i, cell) => signedColourOf(weights[i * counts.neuron + cell] / heaviest));
    const { element: shown, gap } = atlas;
    const [whole, ink, light] = [canvasOf(shown.width, shown.height), canvasOf(28 + gap, 28 + gap), canvasOf(columns.template, counts.neuron / columns.template)];
    whole.getContext("2d").drawImage(shown, 0, 0);
    const context = shown.getContext("2d");
    return (seen, shares) => {
      const inkAt = (row, column) => (column < 28 && row < 28 ? seen[28 * row + column] : 0);
      const lightAt = (i) => TWILIGHT + (1 - TWILIGHT) * inkAt(Math.floor(i / ink.width), i % ink.width);
      paint(ink, Array.from({ length: ink.width ** 2 }, (_, i) => Math.round(255 * lightAt(i))));
      context.globalCompositeOperation = "copy";
      context.drawImage(whole, 0, 0);
      context.globalCompositeOperation = "multiply";
      context.fillStyle = context.createPattern(ink, "repeat");
      context.fillRect(0, 0, shown.width, shown.height);
      if (shares) {
        context.imageSmoothingEnabled = false;
        context.drawImage(paint(light, shares.map((share) => Math.round(255 * share))), 0, 0, shown.width, shown.height);
      }
      context.globalCompositeOperation = "destination-in"; // and the gaps stay empty
      context.drawImage(whole, 0, 0);
    };
  }

  function makeRows(kind) {
    const rows = Array.from({ length: 10 }, makeRow);
    const grid = makeGrid(kind, kind, rows.map((row) => [row.element]));
    function paint() {
      const { values } = stages?.[places[kind]] ?? { values: [] };
      const given = kind === "sum" && gifts?.[places.sum];
      const answer = rankedByValue(values)[0];
      rows.forEach((row, i) => {
        if (kind === "sum") row.set(i, values[i], largestOf(values), given && !["sum", "share"].includes(chosen.kind) ? signed(given[i]) : "");
        else row.set(i, values[i], 1, "", stages && percentOf(values[i]));
        grid.cells[i].classList.toggle("top", i === answer);
      });
    }
    return { ...grid, paint, paintSoon: whenSeen(grid.element, NEAR, paint), frame() {} };
  }

  // A grid of cells to choose from. Tab reaches one of them, the arrow keys the others; with Shift, or
  // where there is one cell, they reach the numbers of its picture.
  function makeGrid(kind, of, contents, ...below) {
    const side = sides[kind] ?? 1;
    const wide = columns[kind];
    const cells = contents.map((content, i) => {
      const cell = make("div", "cell", ...content);
      if (!content.length) cell.ariaLabel = say(`inside.${of}`, { number: i + 1 });
      return Object.assign(cell, { role: "option", ariaSelected: false, tabIndex: i ? -1 : 0 });
    });
    const heading = say(`inside.${kind}s`, { count: cells.length });
    const grid = make("div", `grid ${kind}s`, ...below, ...cells);
    Object.assign(grid, { role: "listbox", ariaLabel: heading }).style.setProperty("--columns", wide);

    function under({ target, clientX, clientY }) {
      const cell = cells.indexOf(target.closest(".cell"));
      if (cell < 0) return null;
      const { left, top, width, height } = cells[cell].getBoundingClientRect();
      const [column, row] = [(clientX - left) / width, (clientY - top) / height]
        .map((share) => Math.max(0, Math.min(side - 1, Math.floor(share * (side + (side > 1 && cells.length > 1))))));
      return { kind: of, cell, spot: of === kind ? row * side + column : 0 };
    }
    const take = (choice) => choice && choose(choice);
    let pointed = ""; // what is under the mouse, for which it has to move: a page that scrolls moves too
    grid.addEventListener("click", (event) => pin(under(event)));
    grid.addEventListener("focusin", ({ target }) => {
      const cell = cells.indexOf(target);
      if (!target.matches(":focus-visible") || cells[cell].ariaSelected === "true") return;
      choose({ kind: of, cell, spot: spotOf(of, cell) });
    });
    grid.addEventListener("pointerleave", () => {
      clearTimeout(waiting);
      pointed = "";
    });
    grid.addEventListener("pointermove", (event) => {
      const isStill = !event.movementX && !event.movementY;
      if (event.pointerType === "touch" || isStill || isPinned) return;
      const choice = under(event);
      if (JSON.stringify(choice) === pointed) return;
      clearTimeout(waiting);
      pointed = JSON.stringify(choice);
      waiting = setTimeout(take, chosen?.kind === of && chosen.cell === choice?.cell ? 0 : REST, choice);
    });
    grid.addEventListener("keydown", (event) => {
      const at = cells.indexOf(event.target.closest(".cell"));
      const within = side > 1 && of === kind && (event.shiftKey || cells.length === 1);
      const [from, across, end] = within ? [spotOf(kind, at), side, side * side - 1] : [at, wide, cells.length - 1];
      const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Home: -from, End: end - from, Enter: 0, " ": 0 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      const to = from + steps[event.key];
      if (to < 0 || to > end) return;
      if (!within) cells[to].focus();
      choose(within ? { kind, cell: at, spot: to } : { kind: of, cell: to, spot: spotOf(of, to) });
    });
    const what = Object.assign(make("div", "what", heading), { ariaHidden: true });
    return { cells, element: make("div", `layer of-${kind}s`, what, grid) };
  }

  // Where the picture of a cell is brightest, or what is chosen in it.
  function spotOf(kind, cell) {
    if (chosen?.kind === kind && chosen.cell === cell) return chosen.spot;
    if (!stages || !(kind in sides)) return 0;
    return rankedByValue(everyNth(stages[places[kind]].values, cell, counts[kind]))[0];
  }

  // The choice

  function choose(choice) {
    clearTimeout(waiting);
    isOwn = true;
    select(choice);
    explain();
  }

  function pin(choice) {
    if (!choice) return;
    isPinned = !isPinned || JSON.stringify(choice) !== JSON.stringify(chosen);
    element.classList.toggle("pinned", isPinned);
    choose(choice);
  }

  function release() {
    isOwn = isPinned = false;
    element.classList.remove("pinned");
    if (stages) select({ kind: "sum", cell: rankedByValue(stages.at(-1).values)[0], spot: 0 });
    explain();
  }

  function select(choice) {
    if (JSON.stringify(choice) === JSON.stringify(chosen)) return;
    chosen = choice;
    for (const [kind, { cells }] of Object.entries(views)) {
      const isChosen = kind === choice.kind || (kind === "template" && choice.kind === "neuron");
      cells.forEach((cell, i) => {
        cell.ariaSelected = isChosen && i === choice.cell;
        if (isChosen) cell.tabIndex = i === choice.cell && kind !== "template" ? 0 : -1;
      });
    }
  }

  function explain() {
    if (!stages) {
      paintAll(null);
      return lens.show("nothing", "");
    }
    const { kind, cell, spot } = chosen;
    const at = spot * (counts[kind] ?? 1) + cell;
    // Before ReLU, which may end the way; a share is softmax's, of all sums.
    const place = { map: places.map - 1, neuron: places.neuron - 1, share: places.sum }[kind] ?? places[kind];
    paintAll(wayOf(layers, stages, place, at));
    const explained = { pixel: explainPixel, map: explainMap, pooled: explainPooled, neuron: explainNeuron, sum: explainSum, share: explainShare };
    explained[kind](place, at);
  }

  // Of what is off screen, pictures wait until they are seen, and texts until the end of a stroke.
  function paintAll(given, isGrowing) {
    gifts = given;
    for (const view of Object.values(views)) {
      if (isGrowing && view.paintSoon) view.paintSoon();
      else view.paint();
      view.frame();
    }
  }

  function explainPixel(place, at) {
    pixel.frame(0, at, 1);
    lens.show("rows", say(`inside.pixel_chosen.${name}`, { ...placeOf(at, 28), ink: numberOf(stages[0].values[at]) }), [...gifts[places.sum].entries()]);
  }

  function explainMap(place, at) {
    const { cell, spot } = chosen;
    const [row, column] = [Math.floor(spot / 26), spot % 26];
    pixel.frame(0, row * 28 + column, 3);
    views.map.frame(cell, spot, 1);
    const inPool = Math.floor(row / 2) * 13 + Math.floor(column / 2);
    views.pooled.frame(cell, inPool, 1);
    const patch = Array.from({ length: 9 }, (_, i) => stages[0].values[(row + Math.floor(i / 3)) * 28 + column + (i % 3)]);
    const kernel = everyNth(layers[0].arrays[0].values, cell, counts.map);
    const end = stages[2].values[spot * counts.map + cell] > 0 ? "loses" : "closed";
    const passes = gifts[places.pooled][inPool * counts.map + cell] > 0;
    const text = say("inside.map_chosen", { number: cell + 1, ...placeOf(spot, 26) });
    lens.show("nines", `${text} ${say(`inside.${passes ? "wins" : end}`)}`, [patch, kernel, patch.map((ink, i) => ink * kernel[i])]);
    add(place, at, numberOf(stages[2].values[at]), say("inside.relu"));
  }

  function explainPooled() {
    const { cell, spot } = chosen;
    const four = rivalsOf(Math.floor(spot / 13), spot % 13, 2, 26);
    const values = four.map((place) => stages[2].values[place * counts.map + cell]);
    const best = values.indexOf(Math.max(...values));
    pixel.frame(0, Math.floor(four[best] / 26) * 28 + (four[best] % 26), 3);
    views.map.frame(cell, four[0], 2);
    views.pooled.frame(cell, spot, 1);
    lens.show("four", say("inside.pooled_chosen", { number: cell + 1, ...placeOf(spot, 13) }), values, best);
  }

  function explainNeuron(place, at) {
    const value = stages[places.neuron].values[at];
    const text = say(`inside.neuron_chosen.${name}`, { number: at + 1, count: stages[place - 1].values.length.toLocaleString("en") });
    lens.show("rows", `${text} ${say(`inside.${value ? "open" : "closed"}`)}`, [...gifts[places.sum].entries()]);
    add(place, at, numberOf(value), say("inside.relu"));
  }

  function explainSum(place, at) {
    const order = rankedByValue(gifts[places.neuron]);
    const marked = [...order.slice(0, MARKED), ...order.slice(-MARKED)];
    lens.show("rows", say("inside.sum_chosen", { digit: at }), marked.map((neuron) => [`#${neuron + 1}`, gifts[places.neuron][neuron]]));
    add(place, at, percentOf(stages[places.share].values[at]), say("inside.softmax"));
  }

  function explainShare(place, at) {
    const sums = stages[places.sum].values;
    const largest = Math.max(...sums);
    const powers = Array.from(sums, (sum) => Math.exp(sum - largest));
    const whole = sumOf(powers);
    lens.show("rows", say("inside.share_chosen", { digit: at, largest: numberOf(largest), power: numberOf(powers[at]), whole: numberOf(whole), share: percentOf(powers[at] / whole) }), [...powers.entries()]);
  }

  function placeOf(spot, side) {
    return { row: Math.floor(spot / side) + 1, column: (spot % side) + 1 };
  }

  // What is given to a sum and what is taken from it, its bias, and what becomes of it.
  function add(place, at, result, what) {
    const bias = layers[place - 1].arrays[1].values[at % layers[place - 1].arrays[1].values.length];
    const given = gifts[place - 1];
    const sum = (sign) => given.reduce((whole, gift) => whole + Math.max(0, sign * gift), 0) * sign;
    lens.add([...[sum(1), sum(-1), bias, stages[place].values[at]].map(signed), result], what);
  }
}
