(() => {
  // scripts/preprocessing.js
  var PIPELINES = ["resize", "crop", "center"];
  var DIGIT_SIDE = 28;
  var PADDING = 0.2;
  var MASS_CENTER = 14;
  var LONGEST_SIDE = 1024;
  var FAINTEST_INK = 12;
  var EDGE_LEVEL = 0.05;
  var SPECK = 0.02;
  var DEVIATION = 1.4826;
  function preprocess(drawing2, pipeline = "center") {
    if (!PIPELINES.includes(pipeline))
      throw new RangeError(`unknown pipeline "${pipeline}": choose one of ${PIPELINES.join(", ")}`);
    const { width, height } = drawing2;
    if (!(width > 0 && height > 0))
      throw new RangeError("a drawing must be at least one pixel wide and one pixel high");
    const steps = [];
    const step = (name, picture) => (steps.push({ name, ...picture }), picture);
    const factor = Math.ceil(Math.max(width, height) / LONGEST_SIDE);
    const grey = step("grey", reduce(toGrey(drawing2), factor));
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
  function toGrey({ data, width, height }) {
    const pixels = new Uint8Array(width * height);
    const transparency = new Uint8Array(width * height);
    for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
      const light = 19595 * data[at] + 38470 * data[at + 1] + 7471 * data[at + 2] + 32768 >> 16;
      transparency[i] = 255 - data[at + 3];
      const blend = light * data[at + 3] + 255 * transparency[i] + 128;
      pixels[i] = blend + (blend >> 8) >> 8;
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
      const reciprocal = Math.floor(Math.fround(2 ** 24 / counts[i]));
      pixels[i] = (sums[i] + (counts[i] >> 1)) * reciprocal / 2 ** 24;
    }
    return { width, height, pixels };
  }
  function extractInk(grey) {
    const { width, height, pixels } = grey;
    const { level, noise } = paper(grey);
    const difference = new Float32Array(pixels.length);
    let balance = 0;
    for (let i = 0; i < pixels.length; i++) {
      difference[i] = pixels[i] - level[i];
      balance += difference[i] * difference[i] * difference[i];
    }
    if (balance < 0) for (let i = 0; i < pixels.length; i++) difference[i] = -difference[i];
    const strongest = maximum(difference);
    if (strongest < Math.max(FAINTEST_INK, 6 * noise))
      return { width, height, pixels: new Uint8Array(pixels.length) };
    const faintest = Math.max(Math.fround(Math.fround(EDGE_LEVEL) * strongest), 4 * noise);
    const pieces = connectedPieces(difference, width, faintest);
    const masses = pieces.map((piece) => piece.reduce((mass, i) => mass + difference[i], 0));
    const enough = SPECK * maximum(masses);
    const ink = new Float32Array(pixels.length);
    pieces.forEach((piece, k) => {
      if (masses[k] >= enough) piece.forEach((i) => ink[i] = difference[i]);
    });
    return { width, height, pixels: stretch(ink) };
  }
  function paper(grey) {
    const { width, height, pixels } = grey;
    const [bottom, right] = [height - 1, width - 1];
    const edges = [[0, 0, width, 1], [0, bottom, width, height], [0, 0, 1, height], [right, 0, width, height]];
    const border = edges.flatMap((box) => [...crop(grey, box).pixels]);
    const usual = median(border);
    const spread = median(border.map((value) => Math.abs(value - usual)));
    if (spread > 1) return unevenPaper(grey);
    const noise = Math.fround(spread * Math.fround(DEVIATION));
    return { level: new Float32Array(pixels.length).fill(usual), noise };
  }
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
        const plane = Math.fround(Math.fround(a + b * x) + c * y);
        const bent = Math.fround(plane + d * Math.fround(x * x));
        const twisted = Math.fround(bent + e * Math.fround(x * y));
        level[row * width + column] = twisted + f * Math.fround(y * y);
      }
    return { level, noise: median(residual) * DEVIATION };
  }
  function coordinates(count) {
    const step = 2 / Math.max(count - 1, 1);
    return Float32Array.from({ length: count }, (_, i) => i * step - 1);
  }
  function leastSquares(terms, sample, weights) {
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
        const share = 2 * dot(mirror, column, k) / size;
        for (let i = k; i < column.length; i++) column[i] -= share * mirror[i];
      }
      return reflected;
    });
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
  function shrink({ width: side, pixels }) {
    const digit = stretch(resample(resample(pixels, side), side));
    return { width: DIGIT_SIDE, height: DIGIT_SIDE, pixels: digit };
  }
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
    return Math.sin(angle) / angle * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(angle));
  }
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
  function rint(value) {
    const rounded = Math.round(value);
    return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  }

  // scripts/changes.js
  function changedDigit(digit, { across, down, rotation, scale }) {
    const middle = 13.5;
    const angle = rotation * (Math.PI / 180);
    const [cosine, sine] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
    const top = middle - (cosine * (middle + down) - sine * (middle + across));
    const left = middle - (sine * (middle + down) + cosine * (middle + across));
    const isInside = (at) => at >= 0 && at <= 27;
    const changed = new Uint8Array(784);
    for (let row = 0; row < 28; row++)
      for (let column = 0; column < 28; column++) {
        const y = row * cosine - column * sine + top;
        const x = row * sine + column * cosine + left;
        if (isInside(y) && isInside(x)) changed[28 * row + column] = rint(between(digit, y, x));
      }
    return changed;
  }
  function between(digit, y, x) {
    const [row, column] = [Math.floor(y), Math.floor(x)];
    const [above, before] = [1 - (y - row), 1 - (x - column)];
    const [below, after] = [Math.min(row + 1, 27), Math.min(column + 1, 27)];
    return Math.fround(
      digit[28 * row + column] * above * before + digit[28 * row + after] * above * (1 - before) + digit[28 * below + column] * (1 - above) * before + digit[28 * below + after] * (1 - above) * (1 - before)
    );
  }

  // scripts/bytes.js
  var bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  var floatsOf = (text) => new Float32Array(bytesOf(text).buffer);

  // scripts/networks.js
  function openNetworks(packed) {
    return Object.fromEntries(Object.entries(packed).map(([name, layers]) => [name, new Network(name, layers)]));
  }
  var Network = class {
    constructor(name, layers) {
      [this.name, this.packed] = [name, layers];
    }
    // Unpacked when they are first needed, so that a page shows at once.
    get layers() {
      return this.unpacked ??= this.packed.map((layer) => ({ ...layer, arrays: layer.arrays.map(unpacked) }));
    }
    // What comes out of each layer for a digit of 28×28 grey values, bright ink on black:
    // [{ kind, shape: [height, width, channels], values }].
    trace(digit) {
      let picture = { shape: [28, 28, 1], values: Float32Array.from(digit, (grey) => grey / 255) };
      return this.layers.map((layer) => picture = { kind: layer.kind, ...LAYERS[layer.kind](picture, layer) });
    }
  };
  var LAYERS = { convolution, pooling, scaling, relu, dense, softmax };
  function convolution({ shape: [height, width, channels], values }, { arrays: [kernel, bias], same }) {
    const [rows, columns, , filters] = kernel.shape;
    const [top, left] = same ? [rows - 1 >> 1, columns - 1 >> 1] : [0, 0];
    const [high, wide] = same ? [height, width] : [height - rows + 1, width - columns + 1];
    const sums = new Float32Array(high * wide * filters);
    if (bias) for (let at = 0; at < sums.length; at += filters) sums.set(bias.values, at);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const start = (y * width + x) * channels;
        const inputs = inputsOf(values.subarray(start, start + channels), filters);
        if (!inputs.values.length) continue;
        for (let row = Math.max(0, y + top - high + 1); row < Math.min(rows, y + top + 1); row++)
          for (let column = Math.max(0, x + left - wide + 1); column < Math.min(columns, x + left + 1); column++) {
            const to = ((y + top - row) * wide + x + left - column) * filters;
            addUp(sums, to, filters, inputs, kernel.values, (row * columns + column) * channels * filters);
          }
      }
    return { shape: [high, wide, filters], values: sums };
  }
  function inputsOf(values, outputs) {
    const found = { values: [], starts: [] };
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      found.values.push(values[i]);
      found.starts.push(i * outputs);
    }
    return found;
  }
  function addUp(sums, to, outputs, { values, starts }, weights, from) {
    let i = 0;
    for (; i + 4 <= values.length; i += 4) {
      const a = values[i], b = values[i + 1], c = values[i + 2], d = values[i + 3];
      const p = from + starts[i], q = from + starts[i + 1], r = from + starts[i + 2], s = from + starts[i + 3];
      for (let j = 0; j < outputs; j++)
        sums[to + j] += a * weights[p + j] + b * weights[q + j] + c * weights[r + j] + d * weights[s + j];
    }
    for (; i < values.length; i++) {
      const value = values[i], start = from + starts[i];
      for (let j = 0; j < outputs; j++) sums[to + j] += value * weights[start + j];
    }
  }
  function pooling({ shape: [height, width, channels], values }, { size }) {
    const [high, wide] = [Math.floor(height / size), Math.floor(width / size)];
    const largest = new Float32Array(high * wide * channels).fill(-Infinity);
    for (let y = 0; y < high * size; y++)
      for (let x = 0; x < wide * size; x++) {
        const to = (Math.floor(y / size) * wide + Math.floor(x / size)) * channels;
        const from = (y * width + x) * channels;
        for (let channel = 0; channel < channels; channel++) {
          const value = values[from + channel];
          if (value > largest[to + channel]) largest[to + channel] = value;
        }
      }
    return { shape: [high, wide, channels], values: largest };
  }
  function scaling({ shape, values }, { arrays: [factor, shift] }) {
    const [channels, scaled] = [shape[2], new Float32Array(values.length)];
    for (let at = 0; at < values.length; at += channels)
      for (let channel = 0; channel < channels; channel++)
        scaled[at + channel] = values[at + channel] * factor.values[channel] + shift.values[channel];
    return { shape, values: scaled };
  }
  function relu({ shape, values }) {
    const rectified = new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) if (values[i] > 0) rectified[i] = values[i];
    return { shape, values: rectified };
  }
  function dense({ values }, { arrays: [kernel, bias] }) {
    const sums = Float32Array.from(bias.values);
    addUp(sums, 0, sums.length, inputsOf(values, sums.length), kernel.values, 0);
    return { shape: [1, 1, sums.length], values: sums };
  }
  function softmax({ shape, values }) {
    const largest = Math.max(...values);
    const powers = values.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b);
    return { shape, values: powers.map((power) => power / sum) };
  }
  function unpacked({ shape, floats, whole, unit }) {
    if (floats) return { shape, values: floatsOf(floats) };
    const [units, values] = [floatsOf(unit), new Float32Array(whole.length / 2)];
    for (let i = 0; i < values.length; i++) {
      const number = 64 * VALUES[whole.charCodeAt(2 * i)] + VALUES[whole.charCodeAt(2 * i + 1)] - 2048;
      values[i] = number * units[i % units.length];
    }
    return { shape, values };
  }
  var VALUES = new Uint8Array(128);
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((digit, value) => {
    VALUES[digit.charCodeAt(0)] = value;
  });
  function readDigit(networks, digit, unsureBelow, looks = []) {
    return Object.entries(networks).map(([name, network]) => {
      const trace = network.trace(digit);
      const answer = answerOf(name, trace.at(-1).values, unsureBelow);
      return looks.includes(name) ? { ...answer, trace } : answer;
    });
  }
  function answerOf(name, probabilities, unsureBelow) {
    const confidence = Math.max(...probabilities);
    const digit = probabilities.indexOf(confidence);
    return { name, digit, confidence, unsure: confidence < unsureBelow, probabilities };
  }

  // scripts/answers.js
  var [trained, doubt] = [null, 0];
  function hearOfDrawings({ networks, unsureBelow, read: asked }) {
    if (networks) [trained, doubt] = [openNetworks(networks), unsureBelow];
    if (!asked) return;
    try {
      postMessage({ id: asked.id, ...readDrawing(asked) });
    } catch ({ message }) {
      postMessage({ id: asked.id, error: message });
    }
  }
  function readDrawing({ drawing: drawing2, pipeline, change, looks }) {
    const { digit: placed, steps, box, blank } = preprocess(drawing2, pipeline);
    const digit = change && !blank ? changedDigit(placed, change) : placed;
    const models = blank ? [] : readDigit(trained, digit, doubt, looks);
    return { digit: blank ? null : digit, steps: change ? [] : steps, box, models };
  }

  // scripts/kernels.js
  async function makeKernels(bytes, size) {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(size / 65536) });
    const { instance } = await WebAssembly.instantiate(bytes, { page: { memory } });
    const { product, adam, pool, unpool } = instance.exports;
    const at = (array) => array.byteOffset;
    return {
      floats: allocator(memory.buffer),
      isFast: true,
      product: (m, k, n, a, down, along, b, c) => product(m, k, n, at(a), 4 * down, 4 * along, at(b), at(c)),
      adam: (w, g, m, v, rate) => adam(w.length, at(w), at(g), at(m), at(v), rate, ...ADAM),
      pool: (count, maps, pooled) => pool(count, at(maps), at(pooled)),
      unpool: (count, maps, pooled, errors) => unpool(count, at(maps), at(pooled), at(errors))
    };
  }
  function makeSlowKernels(size) {
    const slow = { product: slowProduct, adam: slowAdam, pool: slowPool, unpool: slowUnpool };
    return { floats: allocator(new ArrayBuffer(size)), isFast: false, ...slow };
  }
  var ADAM = [0.9, 0.999, 1e-7];
  function allocator(buffer) {
    let next = 0;
    return (count) => {
      const array = new Float32Array(buffer, next, Math.ceil(count / 4) * 4);
      next += array.byteLength;
      return array;
    };
  }
  function slowProduct(m, k, n, a, down, along, b, c) {
    for (let i = 0; i < m; i++) {
      const row = c.subarray(i * n, i * n + n);
      for (let p = 0; p < k; p++) {
        const value = a[i * down + p * along];
        if (value === 0) continue;
        for (let j = 0, from = p * n; j < n; j++) row[j] += value * b[from + j];
      }
    }
  }
  function slowAdam(w, g, m, v, rate) {
    const [keepM, keepV, epsilon] = ADAM;
    for (let i = 0; i < w.length; i++) {
      m[i] = g[i] + keepM * (m[i] - g[i]);
      v[i] = g[i] * g[i] + keepV * (v[i] - g[i] * g[i]);
      w[i] -= rate * m[i] / (Math.sqrt(v[i]) + epsilon);
      g[i] = 0;
    }
  }
  function eachWindow(count, visit) {
    for (let row = 0, to = 0; row < 13 * count; row++)
      for (let column = 0; column < 13; column++)
        for (let filter = 0, first = (52 * row + 2 * column) * 32; filter < 32; filter++, first++, to++)
          visit(to, first, first + 32, first + 26 * 32, first + 27 * 32);
  }
  function slowPool(count, maps, pooled) {
    eachWindow(count, (to, a, b, c, d) => {
      pooled[to] = Math.max(0, maps[a], maps[b], maps[c], maps[d]);
    });
  }
  function slowUnpool(count, maps, pooled, errors) {
    eachWindow(count, (to, ...places) => {
      const winner = pooled[to] > 0 ? places.find((place) => maps[place] === pooled[to]) : -1;
      for (const place of places) maps[place] = place === winner ? errors[to] : 0;
    });
  }

  // scripts/chance.js
  function permutation(count, draw) {
    const order = Uint16Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(draw() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
  function random(text) {
    let state = 1779033703 ^ text.length;
    const rotated = (value) => value << 13 | value >>> 19;
    for (const letter of text) state = rotated(Math.imul(state ^ letter.codePointAt(), 3432918353));
    return () => {
      state = state + 1831565813 | 0;
      let mixed = Math.imul(state ^ state >>> 15, 1 | state);
      mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
      return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
    };
  }

  // scripts/learner.js
  var BATCH = 32;
  var RATE = 1e-3;
  var CLASSES = 12;
  var FILTERS = 32;
  var PLACES = 26 * 26;
  var WINDOWS = 13 * 13;
  var HIDDEN = { mlp: 128, cnn: 100 };
  var MEMORY = { mlp: 4e6, cnn: 24e6 };
  var Learner = class {
    constructor(kernels, { network, digits, labels, seed, shuffled }) {
      Object.assign(this, { kernels, network, digits, labels, seed });
      this.order = shuffled ? permutation(784, random(`pixels ${seed}`)) : null;
      const { floats } = kernels;
      const inputs = network === "cnn" ? WINDOWS * FILTERS : 784;
      const hidden = HIDDEN[network];
      const draw = random(`weights ${seed}`);
      this.kernel = network === "cnn" ? this.weights(9, FILTERS, 9 + 9 * FILTERS, draw) : null;
      this.hidden = this.weights(inputs, hidden, inputs + hidden, draw);
      this.output = this.weights(hidden, CLASSES, hidden + 10, draw, 10);
      this.layers = [this.kernel, this.hidden, this.output].filter(Boolean);
      this.one = floats(1).fill(1);
      this.pictures = floats(BATCH * 784);
      if (network === "cnn") {
        this.patches = floats(BATCH * PLACES * 9);
        this.maps = floats(BATCH * PLACES * FILTERS);
        this.pooled = floats(BATCH * inputs);
        this.fallen = floats(inputs * BATCH);
        this.errors = floats(BATCH * inputs);
      }
      this.sums = floats(BATCH * hidden);
      this.turned = floats(hidden * BATCH);
      this.logits = floats(BATCH * CLASSES);
      this.turnedLogits = floats(CLASSES * BATCH);
      Object.assign(this, { steps: 0, passes: 0, queue: [] });
    }
    // A layer's weights, drawn uniformly as Keras draws them (X. Glorot, Y. Bengio, 2010), its biases,
    // and for each its gradient and Adam's two means.
    weights(inputs, outputs, fans, draw, used = outputs) {
      const limit = Math.sqrt(6 / fans);
      const arrays = (count) => Array.from({ length: 4 }, () => this.kernels.floats(count));
      const layer = { inputs, outputs, weight: arrays(inputs * outputs), bias: arrays(outputs) };
      const [values] = layer.weight;
      for (let i = 0; i < inputs; i++)
        for (let j = 0; j < used; j++) values[i * outputs + j] = limit * (2 * draw() - 1);
      return layer;
    }
    // Learns a batch and returns the sum of the losses. An epoch of few digits shows them again until
    // shown have been seen, as the recorded runs do.
    step(shown = 0) {
      if (!this.queue.length) this.queue = this.epoch(shown);
      const batch = this.queue.splice(0, BATCH);
      const loss = this.learn(batch);
      if (!this.queue.length) this.passes++;
      return loss;
    }
    epoch(shown) {
      const count = this.labels.length;
      const draw = random(`order ${this.seed} ${this.passes}`);
      const times = Math.max(1, Math.ceil(shown / count));
      return Array.from({ length: times }, () => [...permutation(count, draw)]).flat();
    }
    learn(batch) {
      const count = batch.length;
      this.show(count, (i) => this.digits.subarray(784 * batch[i], 784 * batch[i] + 784));
      this.forward(count);
      let loss = 0;
      for (let i = 0; i < count; i++) {
        const shares = this.logits.subarray(CLASSES * i, CLASSES * i + CLASSES);
        const label = this.labels[batch[i]];
        loss -= Math.log(Math.max(shares[label], 1e-7));
        shares[label] -= 1;
        for (let j = 0; j < 10; j++) shares[j] /= count;
      }
      this.backward(count);
      this.steps++;
      const rate = RATE * Math.sqrt(1 - 0.999 ** this.steps) / (1 - 0.9 ** this.steps);
      for (const layer of this.layers)
        for (const arrays of [layer.weight, layer.bias]) this.kernels.adam(...arrays, rate);
      return loss;
    }
    // The ten probabilities of each of some digits, one after the other.
    read(digits) {
      const count = digits.length / 784;
      const shares = new Float32Array(10 * count);
      for (let first = 0; first < count; first += BATCH) {
        const now = Math.min(BATCH, count - first);
        this.show(now, (i) => digits.subarray(784 * (first + i), 784 * (first + i) + 784));
        this.forward(now);
        for (let i = 0; i < now; i++)
          shares.set(this.logits.subarray(CLASSES * i, CLASSES * i + 10), 10 * (first + i));
      }
      return shares;
    }
    show(count, pictureAt) {
      for (let i = 0; i < count; i++) {
        const [picture, from] = [pictureAt(i), 784 * i];
        for (let at = 0; at < 784; at++) this.pictures[from + at] = picture[this.order ? this.order[at] : at] / 255;
      }
    }
    // Leaves the probabilities in logits.
    forward(count) {
      const { product } = this.kernels;
      const hidden = this.hidden.outputs;
      this.seen = this.network === "cnn" ? this.convolve(count) : this.pictures;
      fill(this.sums, this.hidden.bias[0], count);
      product(count, this.hidden.inputs, hidden, this.seen, this.hidden.inputs, 1, this.hidden.weight[0], this.sums);
      for (let i = 0; i < count * hidden; i++) if (this.sums[i] < 0) this.sums[i] = 0;
      fill(this.logits, this.output.bias[0], count);
      product(count, hidden, CLASSES, this.sums, hidden, 1, this.output.weight[0], this.logits);
      for (let i = 0; i < count; i++) softmaxed(this.logits.subarray(CLASSES * i, CLASSES * i + CLASSES));
    }
    convolve(count) {
      for (let i = 0, to = 0; i < count; i++)
        for (let row = 0; row < 26; row++)
          for (let column = 0; column < 26; column++)
            for (let down = 0, from = 784 * i + 28 * row + column; down < 3; down++, from += 28)
              for (let across = 0; across < 3; across++) this.patches[to++] = this.pictures[from + across];
      const { maps, pooled } = this;
      fill(maps, this.kernel.bias[0], count * PLACES);
      this.kernels.product(count * PLACES, 9, FILTERS, this.patches, 9, 1, this.kernel.weight[0], maps);
      this.kernels.pool(count, maps, pooled);
      return pooled;
    }
    // Adds up the gradients, from the errors in logits.
    backward(count) {
      const { product } = this.kernels;
      const [hidden, inputs] = [this.hidden.outputs, this.hidden.inputs];
      this.addRows(this.output.bias[1], this.logits, count);
      product(hidden, count, CLASSES, this.sums, 1, hidden, this.logits, this.output.weight[1]);
      transpose(this.logits, count, CLASSES, this.turnedLogits);
      this.turned.fill(0);
      product(hidden, CLASSES, count, this.output.weight[0], CLASSES, 1, this.turnedLogits, this.turned);
      for (let i = 0; i < count; i++)
        for (let j = 0; j < hidden; j++) {
          const error = this.sums[i * hidden + j] > 0 ? this.turned[j * count + i] : 0;
          this.sums[i * hidden + j] = this.turned[j * count + i] = error;
        }
      this.addRows(this.hidden.bias[1], this.sums, count);
      product(inputs, count, hidden, this.seen, 1, inputs, this.sums, this.hidden.weight[1]);
      if (this.network === "cnn") this.convolveBack(count);
    }
    addRows = (sum, rows, count) => this.kernels.product(1, count, sum.length, this.one, 0, 0, rows, sum);
    convolveBack(count) {
      const { maps, pooled, fallen, errors } = this;
      const [hidden, inputs] = [this.hidden.outputs, this.hidden.inputs];
      fallen.fill(0);
      this.kernels.product(inputs, hidden, count, this.hidden.weight[0], hidden, 1, this.turned, fallen);
      transpose(fallen, inputs, count, errors);
      this.kernels.unpool(count, maps, pooled, errors);
      this.addRows(this.kernel.bias[1], maps, count * PLACES);
      this.kernels.product(9, count * PLACES, FILTERS, this.patches, 1, 9, maps, this.kernel.weight[1]);
    }
  };
  function fill(rows, row, count) {
    for (let i = 0; i < count; i++) rows.set(row, i * row.length);
  }
  function transpose(rows, count, width, turned) {
    for (let top = 0; top < count; top += BATCH) {
      const end = Math.min(top + BATCH, count);
      for (let j = 0; j < width; j++) for (let i = top; i < end; i++) turned[j * count + i] = rows[i * width + j];
    }
  }
  function softmaxed(sums) {
    let [largest, whole] = [-Infinity, 0];
    for (let j = 0; j < 10; j++) largest = Math.max(largest, sums[j]);
    for (let j = 0; j < 10; j++) whole += sums[j] = Math.exp(sums[j] - largest);
    for (let j = 0; j < CLASSES; j++) sums[j] = j < 10 ? sums[j] / whole : 0;
  }
  function indexOfLargest(values) {
    let best = 0;
    for (let j = 1; j < 10; j++) if (values[j] > values[best]) best = j;
    return best;
  }

  // scripts/worker.js
  var CHUNK = 60;
  var GLANCE = 100;
  var [learner, settings, running, drawing] = [null, null, false, null];
  var lesson = { own: 0, unseen: 0, seconds: 0 };
  self.onunhandledrejection = ({ reason }) => reportError(reason);
  var heard = Promise.resolve();
  self.onmessage = ({ data }) => {
    if (data.networks || data.read) hearOfDrawings(data);
    else heard = heard.then(() => hear(data));
  };
  async function hear(data) {
    if (data.start) await begin(data.start);
    if (data.drawing !== void 0) {
      drawing = data.drawing;
      return postMessage({ reading: reading() });
    }
    if (data.step) learn(() => true);
    if (data.run !== void 0) {
      const wasRunning = running;
      running = data.run;
      if (running && !wasRunning) keepLearning();
    }
    if (!running) tell();
  }
  async function begin(given) {
    settings = given;
    const memory = MEMORY[given.network];
    const kernels = await makeKernels(given.kernels, memory).catch(() => makeSlowKernels(memory));
    learner = new Learner(kernels, given);
    Object.assign(lesson, { isFast: kernels.isFast, seconds: 0 });
    judge(true);
  }
  async function keepLearning() {
    while (running && learner.passes < settings.epochs) {
      const end = performance.now() + CHUNK;
      learn(() => performance.now() > end);
      tell();
      await new Promise((resume) => setTimeout(resume));
    }
    running = false;
    tell();
  }
  function learn(isEnough) {
    const start = performance.now();
    do
      learner.step(settings.shown);
    while (learner.queue.length && !isEnough());
    lesson.seconds += (performance.now() - start) / 1e3;
    judge(!learner.queue.length);
  }
  function judge(isWhole) {
    const { digits, labels, unseen, unseenLabels } = settings;
    const count = isWhole ? unseenLabels.length : GLANCE;
    lesson.own = accuracyOf(digits, labels, count);
    lesson.unseen = accuracyOf(unseen, unseenLabels, count);
  }
  function accuracyOf(digits, labels, most) {
    const count = Math.min(labels.length, most);
    const shares = learner.read(digits.subarray(0, 784 * count));
    let right = 0;
    for (let i = 0; i < count; i++) right += indexOfLargest(shares.subarray(10 * i, 10 * i + 10)) === labels[i];
    return right / count;
  }
  function tell() {
    const { steps, passes } = learner;
    const done = passes >= settings.epochs;
    postMessage({ ...lesson, steps, passes, done, reading: reading(), pictures: picturesOf() });
  }
  var reading = () => drawing && learner.read(drawing);
  function picturesOf() {
    const pictures = columnsOf(learner.kernel ?? learner.hidden, settings.pictures);
    if (learner.kernel || !learner.order) return pictures;
    return pictures.map((weights) => {
      const placed = new Float32Array(784);
      learner.order.forEach((pixel, at) => placed[pixel] = weights[at]);
      return placed;
    });
  }
  function columnsOf({ inputs, outputs, weight: [values] }, count) {
    const column = (j) => Float32Array.from({ length: inputs }, (_, i) => values[i * outputs + j]);
    return Array.from({ length: count }, (_, j) => column(j));
  }
})();
