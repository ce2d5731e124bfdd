// The layers of a panel: many small pictures on one canvas, or ten rows of numbers.
import { make, whenSeen } from "./elements.js";
import { makeGrid } from "./grid.js";
import { makeRow } from "./lens.js";
import { largestOf, percentOf, rankedByValue, signed } from "./numbers.js";
import { canvasOf, paint } from "./pictures.js";

const CLEAR = 0; // the colour of a picture of nothing
const FADED = 0.45; // how bright is what is not on the path
const TWILIGHT = 0.4; // how bright a template is where there is no ink
const BRIGHTER = 3; // in pictures, where few numbers are large, and would leave all others dark
const NEAR = "200px"; // to the screen, where pictures are painted

export function makePictures(panel, kind) {
  const of = kind === "template" ? "neuron" : kind; // a template is what a neuron of the MLP sees
  const [place, count, columns] = [panel.places[of], panel.counts[of], panel.columns[kind]];
  const side = panel.sides[kind] ?? 1; // of pictures; any other is one number
  const atlas = makeAtlas(count, columns, side);
  const mark = make("span", "mark");
  const grid = makeGrid(panel, kind, of, Array.from({ length: count }, () => []), atlas.element, mark);
  const templates = kind === "template" && makeTemplates(atlas, panel.layers[0].arrays[0].values, count, columns);

  function paintNow() {
    const { stages, contributions } = panel;
    if (!stages) return atlas.paint(() => CLEAR);
    const { values } = stages[place];
    const given = contributions?.[place];
    const [largest, most] = [largestOf(values), given && largestOf(given)];
    const lightOf = (contribution) => FADED + (1 - FADED) * Math.sqrt(Math.abs(contribution / most));
    if (templates) return templates(stages[0].values, given?.map(lightOf));
    const brighter = side > 1 ? BRIGHTER : 1;
    atlas.paint((i, cell) => {
      const at = i * count + cell;
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
    const { width, height } = atlas.element;
    const share = (along, whole) => `${(100 * along) / whole}%`;
    const left = share((cell % columns) * pitch + (spot % side), width);
    const top = share(Math.floor(cell / columns) * pitch + Math.floor(spot / side), height);
    Object.assign(mark.style, { left, top, width: share(size, width), height: share(size, height) });
  }
  return { ...grid, paint: whenSeen(grid.element, NEAR, paintNow), frame };
}

// The weights of every neuron at their pixels, painted once. Over them goes the ink, the same for each,
// which leaves the weights without any in twilight, and how bright each template is.
function makeTemplates({ element: shown, gap, paint: paintAtlas }, weights, count, columns) {
  const heaviest = largestOf(weights) / BRIGHTER;
  paintAtlas((i, cell) => signedColourOf(weights[i * count + cell] / heaviest));
  const { width, height } = shown;
  const [whole, ink] = [canvasOf(width, height), canvasOf(28 + gap, 28 + gap)];
  const light = canvasOf(columns, count / columns);
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
    context.fillRect(0, 0, width, height);
    if (shares) {
      context.imageSmoothingEnabled = false;
      context.drawImage(paint(light, shares.map((share) => Math.round(255 * share))), 0, 0, width, height);
    }
    context.globalCompositeOperation = "destination-in"; // and the gaps stay empty
    context.drawImage(whole, 0, 0);
  };
}

export function makeRows(panel, kind) {
  const rows = Array.from({ length: 10 }, makeRow);
  const grid = makeGrid(panel, kind, kind, rows.map((row) => [row.element]));
  const place = panel.places[kind];

  function paintNow() {
    const { stages, contributions, chosen } = panel;
    const { values } = stages?.[place] ?? { values: [] };
    const given = kind === "sum" && contributions && !["sum", "share"].includes(chosen.kind) && contributions[place];
    const answer = rankedByValue(values)[0];
    rows.forEach((row, i) => {
      if (kind === "sum") row.set(i, values[i], largestOf(values), given ? signed(given[i]) : "");
      else row.set(i, values[i], 1, "", stages && percentOf(values[i]));
      grid.cells[i].classList.toggle("top", i === answer);
    });
  }
  return { ...grid, paint: paintNow, paintSoon: whenSeen(grid.element, NEAR, paintNow), frame() {} };
}

// Pictures side by side on one canvas; colourAt(i, cell) is of number i in the picture of a cell.
function makeAtlas(count, columns, side) {
  const gap = side > 1 && count > 1 ? 1 : 0;
  const pitch = side + gap;
  const [width, height] = [columns * pitch, Math.ceil(count / columns) * pitch];
  const element = Object.assign(make("canvas", ""), { width, height });
  const context = element.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  function paint(colourAt) {
    for (let cell = 0; cell < count; cell++) {
      const corner = Math.floor(cell / columns) * pitch * width + (cell % columns) * pitch;
      for (let i = 0; i < side * side; i++)
        pixels[corner + Math.floor(i / side) * width + (i % side)] = colourAt(i, cell);
    }
    context.putImageData(image, 0, 0);
  }
  return { element, gap, paint };
}

const greyOf = (share) => 0xff000000 | (0x010101 * Math.round(255 * share));

// Blue or red on black.
function signedColourOf(share) {
  const light = Math.sqrt(Math.min(1, Math.abs(share)));
  const [red, green, blue] = share < 0 ? [250, 106, 88] : [98, 168, 250];
  return 0xff000000 | ((blue * light) << 16) | ((green * light) << 8) | (red * light);
}
