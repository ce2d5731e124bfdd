// Trained networks in the page: weights in half precision, as front/weights.py packs them, and what
// every layer makes of a digit. Pictures are Float32Arrays of height × width × channels.

function openNetworks(packed) {
  return Object.fromEntries(Object.entries(packed).map(([name, layers]) => [name, new Network(name, layers)]));
}

class Network {
  constructor(name, layers) {
    [this.name, this.packed] = [name, layers];
  }

  // Unpacked when they are first needed, so that a page shows at once.
  get layers() {
    const unpacked = ({ shape, halves }) => ({ shape, values: fromHalves(halves) });
    return (this.unpacked ??= this.packed.map((layer) => ({ ...layer, arrays: layer.arrays.map(unpacked) })));
  }

  // The ten probabilities of a digit of 28×28 grey values, bright ink on black.
  read(digit) {
    return this.trace(digit).at(-1).values;
  }

  // What comes out of each layer: [{ kind, shape: [height, width, channels], values }].
  trace(digit) {
    let picture = { shape: [28, 28, 1], values: Float32Array.from(digit, (grey) => grey / 255) };
    return this.layers.map((layer) => (picture = { kind: layer.kind, ...LAYERS[layer.kind](picture, layer) }));
  }
}

const LAYERS = { convolution, pooling, scaling, relu, dense, softmax };

function convolution({ shape: [height, width, channels], values }, { arrays: [kernel, bias], same }) {
  const [rows, columns, , filters] = kernel.shape;
  const [top, left] = same ? [(rows - 1) >> 1, (columns - 1) >> 1] : [0, 0];
  const [high, wide] = same ? [height, width] : [height - rows + 1, width - columns + 1];
  const found = new Float32Array(high * wide * filters);
  const weights = kernel.values;
  if (bias) for (let at = 0; at < found.length; at += filters) found.set(bias.values, at);
  // From each input to the outputs that it reaches: most of a digit is paper, whose zeros add nothing.
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < channels; channel++) {
        const value = values[(y * width + x) * channels + channel];
        if (value === 0) continue;
        for (let row = Math.max(0, y + top - high + 1); row < Math.min(rows, y + top + 1); row++)
          for (let column = Math.max(0, x + left - wide + 1); column < Math.min(columns, x + left + 1); column++) {
            const to = ((y + top - row) * wide + x + left - column) * filters;
            const from = ((row * columns + column) * channels + channel) * filters;
            for (let filter = 0; filter < filters; filter++) found[to + filter] += value * weights[from + filter];
          }
      }
  return { shape: [high, wide, filters], values: found };
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

function dense({ values }, { arrays: [kernel, bias] }) {
  const [sums, weights] = [Float32Array.from(bias.values), kernel.values];
  for (let i = 0, from = 0; i < values.length; i++, from += sums.length) {
    const value = values[i];
    if (value !== 0) for (let j = 0; j < sums.length; j++) sums[j] += value * weights[from + j];
  }
  return { shape: [1, 1, sums.length], values: sums };
}

function softmax({ shape, values }) {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((a, b) => a + b);
  return { shape, values: powers.map((power) => power / sum) };
}

// Bytes in base64.
function bytesOf(text) {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

// Numbers of 16 bits, IEEE 754, in base64.
function fromHalves(text) {
  return Float32Array.from(new Uint16Array(bytesOf(text).buffer), (half) => {
    const [sign, exponent, fraction] = [half & 0x8000 ? -1 : 1, (half >> 10) & 31, half & 1023];
    return sign * (exponent ? 2 ** (exponent - 15) * (1 + fraction / 1024) : fraction * 2 ** -24);
  });
}
