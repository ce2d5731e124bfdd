// A digit shifted, rotated and scaled, and what the records say of such changes.
import { rint } from "./preprocessing.js";

export const UNCHANGED = { across: 0, down: 0, rotation: 0, scale: 1 };

// The digit scaled, rotated clockwise and shifted, in this order but interpolated once. As in
// findings/changes.py, it is about the middle, outside the picture there is nothing, and the operations
// and their roundings follow in the same order, so that the same bytes come out.
export function changedDigit(digit, { across, down, rotation, scale }) {
  const middle = 13.5; // row and column between the four central pixels
  const angle = rotation * (Math.PI / 180);
  const [cosine, sine] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const top = middle - (cosine * (middle + down) - sine * (middle + across));
  const left = middle - (sine * (middle + down) + cosine * (middle + across));
  const isInside = (at) => at >= 0 && at <= 27;
  const changed = new Uint8Array(784);
  for (let row = 0; row < 28; row++)
    for (let column = 0; column < 28; column++) {
      const y = row * cosine - column * sine + top;
      const x = row * sine + column * cosine + left;
      if (isInside(y) && isInside(x)) changed[28 * row + column] = rint(between(digit, y, x));
    }
  return changed;
}

function between(digit, y, x) {
  const [row, column] = [Math.floor(y), Math.floor(x)];
  const [above, before] = [1 - (y - row), 1 - (x - column)];
  const [below, after] = [Math.min(row + 1, 27), Math.min(column + 1, 27)];
  return Math.fround(
    digit[28 * row + column] * above * before +
      digit[28 * row + after] * above * (1 - before) +
      digit[28 * below + column] * (1 - above) * before +
      digit[28 * below + after] * (1 - above) * (1 - before),
  );
}

export const levelsOf = ({ across, down, rotation, scale }) =>
  ({ shift: Math.max(Math.abs(across), Math.abs(down)), rotation: Math.abs(rotation), scale });

// Between two recorded levels, accuracy is taken to change evenly; beyond the last it is not known.
export function accuracyAt(levels, accuracies, level) {
  const above = Math.max(1, levels.findIndex((each) => each >= level));
  const share = (level - levels[above - 1]) / (levels[above] - levels[above - 1]);
  return (1 - share) * accuracies[above - 1] + share * accuracies[above];
}
