// Turns drawings into the 28×28 pictures that the models expect, to the last grey value as
// preprocessing.py does. A picture is { width, height, pixels }, its pixels row by row.
export const PIPELINES = ["resize", "crop", "center"];
const DIGIT_SIDE = 28;
const PADDING = 0.2; // of the longer side of the box, on each end of it: 28 / 1.4 = 20, MNIST's box
const MASS_CENTER = 14; // row and column: every MNIST centre of mass lies within half a pixel of it
const LONGEST_SIDE = 1024; // pixels: larger pictures are reduced first
const FAINTEST_INK = 12; // grey levels between ink and paper; with less contrast, a drawing is blank
const EDGE_LEVEL = 0.05; // of the strongest ink: anything fainter is paper
const SPECK = 0.02; // of the mass of the heaviest connected piece: anything lighter is dirt
const DEVIATION = 1.4826; // of Gaussian noise, in median absolute deviations

// The drawing is { data, width, height } with RGBA bytes, as ImageData has them. The answer is
// { digit, steps, box, blank }: 28×28 bytes, bright on black and all zero for a blank drawing; the
// named pictures on the way; [left, top, right, bottom] of the ink in the drawing, null if blank.
export function preprocess(drawing, pipeline = "center") {
  if (!PIPELINES.includes(pipeline))
    throw new RangeError(`unknown pipeline "${pipeline}": choose one of ${PIPELINES.join(", ")}`);
  const { width, height } = drawing;
  if (!(width > 0 && height > 0))
    throw new RangeError("a drawing must be at least one pixel wide and one pixel high");
  const steps = [];
  const step = (name, picture) => (steps.push({ name, ...picture }), picture);

  const factor = Math.ceil(Math.max(width, height) / LONGEST_SIDE);
  const grey = step("grey", reduce(toGrey(drawing), factor));
  const ink = step("ink", extractInk(grey));
  const box = boundingBox(ink);
  if (!box) return { digit: new Uint8Array(DIGIT_SIDE ** 2), steps, box, blank: true };

  const padded = () => step("padded", padToSquare(step("cropped", crop(ink, box))));
  const square = pipeline === "resize" ? step("square", padToSquare(ink, 0)) : padded();
  let digit = step("28×28", shrink(square));
  if (pipeline === "center") digit = step("centred", center(digit));

  const limits = [width, height, width, height];
  const boxInDrawing = box.map((edge, i) => Math.min(edge * factor, limits[i]));
  return { digit: digit.pixels, steps, box: boxInDrawing, blank: false };
}

// Lays the drawing on white paper. If only the alpha channel shows it (white ink on a transparent
// canvas), opaque is dark.
function toGrey({ data, width, height }) {
  const pixels = new Uint8Array(width * height);
  const transparency = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
    const light = (19595 * data[at] + 38470 * data[at + 1] + 7471 * data[at + 2] + 32768) >> 16;
    transparency[i] = 255 - data[at + 3];
    const blend = light * data[at + 3] + 255 * transparency[i] + 128;
    pixels[i] = (blend + (blend >> 8)) >> 8; // Pillow's division by 255
  }
  const isHidden = contrast(pixels) < FAINTEST_INK && contrast(transparency) >= FAINTEST_INK;
  return { width, height, pixels: isHidden ? transparency : pixels };
}

function contrast(values) {
  let [darkest, brightest] = [255, 0];
  for (let i = 0; i < values.length; i++) {
    if (values[i] < darkest) darkest = values[i];
    if (values[i] > brightest) brightest = values[i];
  }
  return brightest - darkest;
}

// Averages blocks of factor × factor pixels, at the edges what is there of them.
function reduce(picture, factor) {
  if (factor === 1) return picture;
  const width = Math.ceil(picture.width / factor);
  const height = Math.ceil(picture.height / factor);
  const sums = new Uint32Array(width * height);
  const counts = new Uint32Array(width * height);
  for (let y = 0; y < picture.height; y++)
    for (let x = 0; x < picture.width; x++) {
      const block = Math.floor(y / factor) * width + Math.floor(x / factor);
      sums[block] += picture.pixels[y * picture.width + x];
      counts[block]++;
    }
  const pixels = new Uint8Array(sums.length);
  for (let i = 0; i < pixels.length; i++) {
    // Pillow multiplies by a reciprocal of 24 bits, which rounds some means down.
    const reciprocal = Math.floor(Math.fround(2 ** 24 / counts[i]));
    pixels[i] = ((sums[i] + (counts[i] >> 1)) * reciprocal) / 2 ** 24;
  }
  return { width, height, pixels };
}

// Returns the ink alone, bright on black, all zero for a blank drawing: what differs from the
// paper, darker or brighter, without specks, the strongest 255.
function extractInk(grey) {
  const { width, height, pixels } = grey;
  const { level, noise } = paper(grey);
  const difference = new Float32Array(pixels.length);
  let balance = 0;
  for (let i = 0; i < pixels.length; i++) {
    difference[i] = pixels[i] - level[i];
    balance += difference[i] * difference[i] * difference[i];
  }
  // By the third power, a few strong pixels, which are ink, outweigh many weak ones, the paper.
  if (balance < 0) for (let i = 0; i < pixels.length; i++) difference[i] = -difference[i];
  const strongest = maximum(difference);
  // Of a million pixels of Gaussian noise, one exceeds 6 standard deviations in 0.1 % of pictures.
  if (strongest < Math.max(FAINTEST_INK, 6 * noise))
    return { width, height, pixels: new Uint8Array(pixels.length) };
  const faintest = Math.max(Math.fround(Math.fround(EDGE_LEVEL) * strongest), 4 * noise);
  const pieces = connectedPieces(difference, width, faintest);
  const masses = pieces.map((piece) => piece.reduce((mass, i) => mass + difference[i], 0));
  const enough = SPECK * maximum(masses);
  const ink = new Float32Array(pixels.length);
  pieces.forEach((piece, k) => {
    if (masses[k] >= enough) piece.forEach((i) => (ink[i] = difference[i]));
  });
  return { width, height, pixels: stretch(ink) };
}

// Returns the grey of the paper in every pixel and the spread of its noise. The paper is what most of
// the border shows or, in uneven light, most of the picture.
function paper(grey) {
  const { width, height, pixels } = grey;
  const [bottom, right] = [height - 1, width - 1];
  const edges = [[0, 0, width, 1], [0, bottom, width, height], [0, 0, 1, height], [right, 0, width, height]];
  const border = edges.flatMap((box) => [...crop(grey, box).pixels]);
  const usual = median(border);
  const spread = median(border.map((value) => Math.abs(value - usual)));
  if (spread > 1) return unevenPaper(grey);
  // Even light, even if ink fills more than half of the picture.
  const noise = Math.fround(spread * Math.fround(DEVIATION)); // a float32 in NumPy, too
  return { level: new Float32Array(pixels.length).fill(usual), noise };
}

// Fits a quadratic surface by least absolute deviations (iteratively reweighted least squares),
// which strokes distort less than they would an ordinary fit.
function unevenPaper({ width, height, pixels }) {
  const [xs, ys] = [coordinates(width), coordinates(height)];
  const [sample, terms] = [[], []];
  for (let row = 0; row < height; row += Math.ceil(height / 32))
    for (let column = 0; column < width; column += Math.ceil(width / 32)) {
      const [x, y] = [xs[column], ys[row]];
      sample.push(pixels[row * width + column]);
      terms.push([1, x, y, Math.fround(x * x), Math.fround(x * y), Math.fround(y * y)]);
    }
  let weights = sample.map(() => 1);
  let coefficients, residual;
  for (let round = 0; round < 10; round++) {
    coefficients = leastSquares(terms, sample, weights);
    residual = sample.map((value, i) => Math.abs(value - dot(terms[i], coefficients)));
    weights = residual.map((value) => 1 / Math.sqrt(Math.max(value, 1)));
  }

  const level = new Float32Array(pixels.length);
  const [a, b, c, d, e, f] = Float32Array.from(coefficients);
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const [x, y] = [xs[column], ys[row]];
      // Rounded once per term, as by the fused multiply-add of NumPy's BLAS.
      const plane = Math.fround(Math.fround(a + b * x) + c * y);
      const bent = Math.fround(plane + d * Math.fround(x * x));
      const twisted = Math.fround(bent + e * Math.fround(x * y));
      level[row * width + column] = twisted + f * Math.fround(y * y);
    }
  return { level, noise: median(residual) * DEVIATION };
}

// Returns count numbers from -1 to 1.
function coordinates(count) {
  const step = 2 / Math.max(count - 1, 1);
  return Float32Array.from({ length: count }, (_, i) => i * step - 1);
}

// Returns the coefficients of the terms whose weighted sum is closest to the sample, by Householder reflections.
function leastSquares(terms, sample, weights) {
  // Where a picture of one or two rows leaves a choice, the ridge prefers small coefficients, as
  // NumPy does; elsewhere it is too low to matter.
  const count = terms[0].length;
  const columns = Array.from({ length: count }, (_, k) => {
    const column = new Float64Array(sample.length + count);
    for (let i = 0; i < sample.length; i++) column[i] = terms[i][k] * weights[i];
    column[sample.length + k] = 1e-7;
    return column;
  });
  const rest = new Float64Array(sample.length + count);
  for (let i = 0; i < sample.length; i++) rest[i] = sample[i] * weights[i];

  const diagonal = columns.map((mirror, k) => {
    const length = Math.sqrt(dot(mirror, mirror, k));
    const reflected = mirror[k] > 0 ? -length : length;
    mirror[k] -= reflected;
    const size = dot(mirror, mirror, k);
    for (const column of [...columns.slice(k + 1), rest]) {
      const share = (2 * dot(mirror, column, k)) / size;
      for (let i = k; i < column.length; i++) column[i] -= share * mirror[i];
    }
    return reflected;
  });
  // Above the diagonal, the columns now hold a triangle: solved from the last coefficient up.
  const coefficients = new Float64Array(count);
  for (let k = count - 1; k >= 0; k--) {
    coefficients[k] = rest[k] / diagonal[k];
    for (let row = 0; row < k; row++) rest[row] -= coefficients[k] * columns[k][row];
  }
  return coefficients;
}

function dot(a, b, start = 0) {
  let sum = 0;
  for (let i = start; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

// Returns the pixels above a limit as arrays of their positions, one for each piece that hangs
// together, be it only at a corner.
function connectedPieces(values, width, limit) {
  const isOpen = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) isOpen[i] = values[i] > limit;
  const found = new Int32Array(values.length);
  const pieces = [];
  let end = 0;
  for (let seed = 0; seed < values.length; seed++) {
    if (!isOpen[seed]) continue;
    const start = end;
    isOpen[seed] = 0;
    found[end++] = seed;
    for (let next = start; next < end; next++) {
      const column = found[next] % width;
      const [left, right] = [Math.max(column - 1, 0), Math.min(column + 1, width - 1)];
      const middle = found[next] - column;
      const bottom = Math.min(middle + width, values.length - width);
      for (let row = Math.max(middle - width, 0); row <= bottom; row += width)
        for (let i = row + left; i <= row + right; i++) {
          if (!isOpen[i]) continue;
          isOpen[i] = 0;
          found[end++] = i;
        }
    }
    pieces.push(found.subarray(start, end));
  }
  return pieces;
}

// Returns [left, top, right, bottom] of the pixels above zero, null if there are none.
function boundingBox({ width, height, pixels }) {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      if (!pixels[y * width + x]) continue;
      left = Math.min(left, x);
      top = Math.min(top, y);
      right = Math.max(right, x + 1);
      bottom = y + 1;
    }
  return bottom ? [left, top, right, bottom] : null;
}

function crop(picture, [left, top, right, bottom]) {
  const [width, height] = [right - left, bottom - top];
  const pixels = new Uint8Array(width * height);
  for (let row = 0; row < height; row++) {
    const start = (top + row) * picture.width + left;
    pixels.set(picture.pixels.subarray(start, start + width), row * width);
  }
  return { width, height, pixels };
}

// Puts a picture in the middle of a black square.
function padToSquare({ width, height, pixels }, padding = PADDING) {
  const longest = Math.max(width, height);
  const border = padding && Math.max(1, rint(padding * longest));
  const side = longest + 2 * border;
  const top = Math.floor((side - height) / 2);
  const left = Math.floor((side - width) / 2);
  const square = new Uint8Array(side * side);
  for (let row = 0; row < height; row++)
    square.set(pixels.subarray(row * width, (row + 1) * width), (top + row) * side + left);
  return { width: side, height: side, pixels: square };
}

// Makes a square picture 28×28, antialiased, its brightest pixel 255.
function shrink({ width: side, pixels }) {
  const digit = stretch(resample(resample(pixels, side), side));
  return { width: DIGIT_SIDE, height: DIGIT_SIDE, pixels: digit };
}

// Shrinks rows of a length to 28 values each by Pillow's Hamming filter, and turns rows into columns.
function resample(values, length) {
  const scale = length / DIGIT_SIDE;
  const support = Math.max(scale, 1);
  const height = values.length / length;
  const resampled = new Float32Array(DIGIT_SIDE * height);
  for (let column = 0; column < DIGIT_SIDE; column++) {
    const middle = (column + 0.5) * scale;
    const first = Math.max(Math.floor(middle - support + 0.5), 0);
    const last = Math.min(Math.floor(middle + support + 0.5), length);
    const strength = (_, i) => hamming((first + i - middle + 0.5) * (1 / support));
    const kernel = Array.from({ length: last - first }, strength);
    const total = kernel.reduce((sum, weight) => sum + weight, 0);
    const weights = kernel.map((weight) => weight / total);
    for (let row = 0; row < height; row++) {
      let sum = 0;
      for (let i = 0; i < weights.length; i++) sum += values[row * length + first + i] * weights[i];
      resampled[column * height + row] = sum;
    }
  }
  return resampled;
}

function hamming(distance) {
  if (distance === 0) return 1;
  if (Math.abs(distance) >= 1) return 0;
  const angle = Math.abs(distance) * Math.PI;
  return (Math.sin(angle) / angle) * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(angle));
}

// Shifts a digit so that its centre of mass is nearest to row and column 14, as MNIST does: by
// whole pixels, what leaves the picture is cut off.
function center({ width, height, pixels }) {
  let [mass, down, right] = [0, 0, 0];
  pixels.forEach((value, i) => {
    mass += value;
    down += value * Math.floor(i / width);
    right += value * (i % width);
  });
  down = rint(MASS_CENTER - down / mass);
  right = rint(MASS_CENTER - right / mass);
  const centred = new Uint8Array(pixels.length);
  for (let row = Math.max(down, 0); row < Math.min(height + down, height); row++)
    for (let column = Math.max(right, 0); column < Math.min(width + right, width); column++)
      centred[row * width + column] = pixels[(row - down) * width + column - right];
  return { width, height, pixels: centred };
}

// Returns non-negative values as bytes with a maximum of 255, in float32 like NumPy.
function stretch(values) {
  const scale = Math.fround(255 / maximum(values));
  const bytes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) if (values[i]) bytes[i] = rint(Math.fround(values[i] * scale));
  return bytes;
}

function maximum(values) {
  let largest = values[0];
  for (let i = 1; i < values.length; i++) if (values[i] > largest) largest = values[i];
  return largest;
}

function median(values) {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

// Rounds to the nearest whole number, halves to the even one; Math.round rounds them up.
export function rint(value) {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
