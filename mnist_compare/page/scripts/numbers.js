// Numbers as they are written, and what is asked of many.

export function numberOf(value) {
  return (Number(value.toFixed(2)) || 0).toFixed(2).replace("-", "−");
}

export function signed(value) {
  return (value >= 0.005 ? "+" : "") + numberOf(value);
}

export function percentOf(share) {
  return share > 0.9995 ? "> 99.9%" : `${(100 * share).toFixed(1)}%`;
}

export function everyNth(values, first, step) {
  const taken = new Float32Array(values.length / step);
  for (let i = 0; i < taken.length; i++) taken[i] = values[first + i * step];
  return taken;
}

export function sumOf(values) {
  return values.reduce((a, b) => a + b, 0);
}

export function largestOf(values) {
  return values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
}

// The indices of values, that of the largest first.
export function rankedByValue(values) {
  return Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
}
