// The way of a number through a network: what each number before it gave to it, and what it gives to
// each number after it. A network of ReLUs and maxima is linear as long as the same of them are open:
// a gift is a number times its weight on the open way. At softmax the way ends.
import { convolution, dense } from "./networks.js";

// stages are the drawing's ink and then what comes out of each layer, as network.trace() has it; the
// number is number `at` of stages[place]. Returns a Float32Array of gifts for each stage up to the sums.
export function wayOf(layers, stages, place, at) {
  const here = new Float32Array(stages[place].values.length);
  const gifts = [];
  here[at] = 1;
  let slopes = here;
  for (let stage = place; stage > 0; stage--) {
    slopes = BACKWARDS[layers[stage - 1].kind](slopes, layers[stage - 1], stages[stage - 1], stages[stage]);
    const { values } = stages[stage - 1];
    gifts[stage - 1] = slopes.map((slope, i) => slope * values[i]);
  }
  here[at] = stages[place].values[at];
  gifts[place] = here;
  for (let stage = place + 1; stage < stages.length - 1; stage++)
    gifts[stage] = FORWARDS[layers[stage - 1].kind](gifts[stage - 1], layers[stage - 1], stages[stage - 1], stages[stage]);
  return gifts;
}

// How much a number changes with each input of a layer, from how much it changes with each output.
const BACKWARDS = {
  dense(slopes, { arrays: [{ values: weights }] }, { values }) {
    const outputs = Array.from(slopes.keys()).filter((j) => slopes[j]);
    const before = new Float32Array(values.length);
    for (let i = 0; i < before.length; i++) {
      if (!values[i]) continue; // it gives nothing, whatever its weight
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

// What a layer makes of gifts to its inputs.
const FORWARDS = {
  dense: (gifts, { arrays: [kernel] }) => dense({ values: gifts }, { arrays: [kernel, { values: new Float32Array(kernel.shape[1]) }] }).values,
  relu: BACKWARDS.relu,
  pooling: (gifts, { size }, input) => winnersOf(input, size).map((from) => gifts[from]),
  convolution: (gifts, { arrays: [kernel] }, { shape }) => convolution({ shape, values: gifts }, { arrays: [kernel] }).values,
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
  return Array.from({ length: size * size }, (_, i) => (row * size + Math.floor(i / size)) * width + column * size + (i % size));
}
