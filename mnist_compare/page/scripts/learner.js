// An MLP or a CNN that learns, one batch after the other, as Keras trains build_mlp() and build_cnn():
// cross-entropy, Adam at 0.001, batches of 32.
import { permutation, random } from "./chance.js";

export const BATCH = 32;
const RATE = 0.001;
const CLASSES = 12; // ten, and two that never count, since the products take four numbers at a time
const FILTERS = 32, PLACES = 26 * 26, WINDOWS = 13 * 13; // of the convolution, on a picture of 28×28
const HIDDEN = { mlp: 128, cnn: 100 };
export const MEMORY = { mlp: 4e6, cnn: 24e6 }; // bytes

// digits are bytes, 784 each; the same seed gives the same run. If shuffled, the pixels of every
// picture are put in another order, one for each seed.
export class Learner {
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
      this.maps = floats(BATCH * PLACES * FILTERS); // and then their gradients
      this.pooled = floats(BATCH * inputs);
      this.fallen = floats(inputs * BATCH); // gradients of what is pooled, a row for each of its numbers
      this.errors = floats(BATCH * inputs); // the same, a row for each picture
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
    const rate = (RATE * Math.sqrt(1 - 0.999 ** this.steps)) / (1 - 0.9 ** this.steps);
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
}

function fill(rows, row, count) {
  for (let i = 0; i < count; i++) rows.set(row, i * row.length);
}

// In tiles, which fit the cache of the processor.
function transpose(rows, count, width, turned) {
  for (let top = 0; top < count; top += BATCH) {
    const end = Math.min(top + BATCH, count);
    for (let j = 0; j < width; j++) for (let i = top; i < end; i++) turned[j * count + i] = rows[i * width + j];
  }
}

// Ten sums to their shares; what is beyond them becomes zero.
function softmaxed(sums) {
  let [largest, whole] = [-Infinity, 0];
  for (let j = 0; j < 10; j++) largest = Math.max(largest, sums[j]);
  for (let j = 0; j < 10; j++) whole += sums[j] = Math.exp(sums[j] - largest);
  for (let j = 0; j < CLASSES; j++) sums[j] = j < 10 ? sums[j] / whole : 0;
}

export function indexOfLargest(values) {
  let best = 0;
  for (let j = 1; j < 10; j++) if (values[j] > values[best]) best = j;
  return best;
}
