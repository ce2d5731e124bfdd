// Trained networks in the page: weights in fixed point, as page/weights.py packs them, and what
// every layer makes of a digit. Pictures are Float32Arrays of height × width × channels.
import { floatsOf } from "./bytes.js";

export function openNetworks(packed) {
  return Object.fromEntries(Object.entries(packed).map(([name, layers]) => [name, new Network(name, layers)]));
}

class Network {
  constructor(name, layers) {
    [this.name, this.packed] = [name, layers];
  }

  // Unpacked when they are first needed, so that a page shows at once.
  get layers() {
    return (this.unpacked ??= this.packed.map((layer) => ({ ...layer, arrays: layer.arrays.map(unpacked) })));
  }

  // What comes out of each layer for a digit of 28×28 grey values, bright ink on black:
  // [{ kind, shape: [height, width, channels], values }].
  trace(digit) {
    let picture = { shape: [28, 28, 1], values: Float32Array.from(digit, (grey) => grey / 255) };
    return this.layers.map((layer) => (picture = { kind: layer.kind, ...LAYERS[layer.kind](picture, layer) }));
  }
}

const LAYERS = { convolution, pooling, scaling, relu, dense, softmax };

export function convolution({ shape: [height, width, channels], values }, { arrays: [kernel, bias], same }) {
  const [rows, columns, , filters] = kernel.shape;
  const [top, left] = same ? [(rows - 1) >> 1, (columns - 1) >> 1] : [0, 0];
  const [high, wide] = same ? [height, width] : [height - rows + 1, width - columns + 1];
  const sums = new Float32Array(high * wide * filters);
  if (bias) for (let at = 0; at < sums.length; at += filters) sums.set(bias.values, at);
  // From each place of the input to the sums that it reaches.
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

// The inputs other than zero, which most are, and where in the kernel the weights of each begin.
function inputsOf(values, outputs) {
  const found = { values: [], starts: [] };
  for (let i = 0; i < values.length; i++) {
    if (values[i] === 0) continue;
    found.values.push(values[i]);
    found.starts.push(i * outputs);
  }
  return found;
}

// Adds inputs times their weights to some sums, four inputs at a time: that is twice as fast as one.
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

// BatchNormalization of a trained network: a factor and a shift for each channel.
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

export function dense({ values }, { arrays: [kernel, bias] }) {
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

// A kernel's whole numbers, two digits of base64 each, times the unit of their output.
function unpacked({ shape, floats, whole, unit }) {
  if (floats) return { shape, values: floatsOf(floats) };
  const [units, values] = [floatsOf(unit), new Float32Array(whole.length / 2)];
  for (let i = 0; i < values.length; i++) {
    const number = 64 * VALUES[whole.charCodeAt(2 * i)] + VALUES[whole.charCodeAt(2 * i + 1)] - 2048;
    values[i] = number * units[i % units.length];
  }
  return { shape, values };
}

// The value of each digit of base64, by its code.
const VALUES = new Uint8Array(128);
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((digit, value) => {
  VALUES[digit.charCodeAt(0)] = value;
});

// What the networks read in a digit, as the package has it. An answer of which a network is less sure than
// unsureBelow is a doubt. Where somebody looks into those networks that looks names, their traces are with it.
export function readDigit(networks, digit, unsureBelow, looks = []) {
  return Object.entries(networks).map(([name, network]) => {
    const trace = network.trace(digit);
    const answer = answerOf(name, trace.at(-1).values, unsureBelow);
    return looks.includes(name) ? { ...answer, trace } : answer;
  });
}

export function answerOf(name, probabilities, unsureBelow) {
  const confidence = Math.max(...probabilities);
  const digit = probabilities.indexOf(confidence);
  return { name, digit, confidence, unsure: confidence < unsureBelow, probabilities };
}
