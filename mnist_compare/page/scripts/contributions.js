// The path of a number through a network: what each number before it contributes to it, and what it contributes to
// each number after it. A contribution is activation × weight along the active path: a network of ReLUs and maxima is
// linear as long as the same of them are active. At softmax the path ends.
import { convolution, dense } from "./networks.js";

// stages are the drawing's ink and then what comes out of each layer, as network.trace() has it; the number is
// number `at` of stages[place]. Returns a Float32Array of contributions for each stage up to the sums.
export function contributionsOf(layers, stages, place, at) {
  const here = new Float32Array(stages[place].values.length);
  const contributions = [];
  here[at] = 1;
  let slopes = here;
  for (let stage = place; stage > 0; stage--) {
    const [layer, input] = [layers[stage - 1], stages[stage - 1]];
    slopes = BACKWARDS[layer.kind](slopes, layer, input, stages[stage]);
    contributions[stage - 1] = slopes.map((slope, i) => slope * input.values[i]);
  }
  here[at] = stages[place].values[at];
  contributions[place] = here;
  for (let stage = place + 1; stage < stages.length - 1; stage++) {
    const [layer, input] = [layers[stage - 1], stages[stage - 1]];
    contributions[stage] = FORWARDS[layer.kind](contributions[stage - 1], layer, input, stages[stage]);
  }
  return contributions;
}

// How much a number changes with each input of a layer, from how much it changes with each output.
const BACKWARDS = {
  dense(slopes, { arrays: [{ values: weights }] }, { values }) {
    const outputs = Array.from(slopes.keys()).filter((j) => slopes[j]);
    const before = new Float32Array(values.length);
    for (let i = 0; i < before.length; i++) {
      if (!values[i]) continue; // it contributes nothing, whatever its weight
      for (const j of outputs) before[i] += weights[i * slopes.length + j] * slopes[j];
    }
    return before;
  },
  relu: (slopes, layer, input, { values }) => slopes.map((slope, i) => (values[i] > 0 ? slope : 0)),
  pooling(slopes, { size }, input) {
    const before = new Float32Array(input.values.length);
    winnersOf(input, size).forEach((from, to) => (before[from] += slopes[to]));
    return before;
  },
  convolution(slopes, { arrays: [kernel] }, { shape: [, width], values }, { shape: [, wide, filters] }) {
    const before = new Float32Array(values.length);
    const columns = kernel.shape[1];
    slopes.forEach((slope, i) => {
      if (!slope) return;
      const [place, filter] = [Math.floor(i / filters), i % filters];
      for (let k = 0; k < kernel.values.length / filters; k++) {
        const from = (Math.floor(place / wide) + Math.floor(k / columns)) * width + (place % wide) + (k % columns);
        before[from] += slope * kernel.values[k * filters + filter];
      }
    });
    return before;
  },
};

// What a layer makes of contributions to its inputs.
const FORWARDS = {
  dense(given, { arrays: [kernel] }) {
    const none = { values: new Float32Array(kernel.shape[1]) };
    return dense({ values: given }, { arrays: [kernel, none] }).values;
  },
  relu: BACKWARDS.relu,
  pooling: (given, { size }, input) => winnersOf(input, size).map((from) => given[from]),
  convolution: (given, { arrays: [kernel] }, { shape }) =>
    convolution({ shape, values: given }, { arrays: [kernel] }).values,
};

// Which input each maximum is, the first where several are.
function winnersOf({ shape: [height, width, channels], values }, size) {
  const [high, wide] = [Math.floor(height / size), Math.floor(width / size)];
  return Float32Array.from({ length: high * wide * channels }, (_, to) => {
    const [place, channel] = [Math.floor(to / channels), to % channels];
    const rivals = rivalsOf(Math.floor(place / wide), place % wide, size, width).map((at) => at * channels + channel);
    return rivals.reduce((best, at) => (values[at] > values[best] ? at : best));
  });
}

// The places whose maximum stands at a row and a column.
export function rivalsOf(row, column, size, width) {
  const placeAt = (i) => (row * size + Math.floor(i / size)) * width + column * size + (i % size);
  return Array.from({ length: size * size }, (_, i) => placeAt(i));
}
