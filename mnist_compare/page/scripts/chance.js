// Chance that can be had again: the same seed gives the same numbers and the same order.

export function permutation(count, draw) {
  const order = Uint16Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

// Numbers in 0–1, the same for the same text (xmur3 and mulberry32, both in the public domain).
export function random(text) {
  let state = 1779033703 ^ text.length;
  const rotated = (value) => (value << 13) | (value >>> 19);
  for (const letter of text) state = rotated(Math.imul(state ^ letter.codePointAt(), 3432918353));
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
