// Numbers as they are written, and what is asked of many.

function numberOf(value) {
  return (Number(value.toFixed(2)) || 0).toFixed(2).replace("-", "−");
}

function signed(value) {
  return (value >= 0.005 ? "+" : "") + numberOf(value);
}

function percentOf(share) {
  return share > 0.9995 ? "> 99.9%" : `${(100 * share).toFixed(1)}%`;
}

function everyNth(values, first, step) {
  const taken = new Float32Array(values.length / step);
  for (let i = 0; i < taken.length; i++) taken[i] = values[first + i * step];
  return taken;
}

function sumOf(values) {
  return values.reduce((a, b) => a + b, 0);
}

function largestOf(values) {
  return values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
}

// The indices of values, that of the largest first.
function rankedByValue(values) {
  return Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
}
