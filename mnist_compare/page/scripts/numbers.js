// Numbers as they are written, and what is asked of many.

export const numberOf = (value) => (Number(value.toFixed(2)) || 0).toFixed(2).replace("-", "−");
export const signed = (value) => (value >= 0.005 ? "+" : "") + numberOf(value);
export const percentOf = (share) => (share >= 0.9995 ? "> 99.9%" : `${(100 * share).toFixed(1)}%`);

export function everyNth(values, first, step) {
  const taken = new Float32Array(values.length / step);
  for (let i = 0; i < taken.length; i++) taken[i] = values[first + i * step];
  return taken;
}

export const sumOf = (values) => values.reduce((a, b) => a + b, 0);
export const largestOf = (values) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;

// The indices of values, that of the largest first.
export const rankedByValue = (values) => Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
