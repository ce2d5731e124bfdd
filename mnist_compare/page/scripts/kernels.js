// What learning computes with: arrays in one memory, products of matrices and Adam. In WebAssembly
// (kernels.wat), or, where a browser has none, in plain JavaScript, which takes several times as long.

// bytes are those of kernels.wasm, null for JavaScript; size is that of the memory in bytes.
export async function makeKernels(bytes, size) {
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
    unpool: (count, maps, pooled, errors) => unpool(count, at(maps), at(pooled), at(errors)),
  };
}

export function makeSlowKernels(size) {
  const slow = { product: slowProduct, adam: slowAdam, pool: slowPool, unpool: slowUnpool };
  return { floats: allocator(new ArrayBuffer(size)), isFast: false, ...slow };
}

const ADAM = [0.9, 0.999, 1e-7]; // as Keras has them: what is kept of the two means, and epsilon

// Hands out arrays of one memory, each of a multiple of four floats.
function allocator(buffer) {
  let next = 0;
  return (count) => {
    const array = new Float32Array(buffer, next, Math.ceil(count / 4) * 4);
    next += array.byteLength;
    return array;
  };
}

// c[i][j] += sum over p of a[i][p] · b[p][j]; down and along are the steps from one row and one column
// of a to the next, so that a may be read transposed.
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
    w[i] -= (rate * m[i]) / (Math.sqrt(v[i]) + epsilon);
    g[i] = 0;
  }
}

// Maps of 26×26 places with 32 numbers each have 13×13 windows of four places.
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
