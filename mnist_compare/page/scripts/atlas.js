// Many small pictures on one canvas, in grey or in the colours of what adds and takes away.
import { make } from "./elements.js";

// Pictures side by side on one canvas; colourAt(i, cell) is of number i in the picture of a cell.
export function makeAtlas(count, columns, side) {
  const gap = side > 1 && count > 1 ? 1 : 0;
  const pitch = side + gap;
  const element = Object.assign(make("canvas", ""), { width: columns * pitch, height: Math.ceil(count / columns) * pitch });
  const context = element.getContext("2d");
  const image = context.createImageData(element.width, element.height);
  const pixels = new Uint32Array(image.data.buffer);
  function paint(colourAt) {
    for (let cell = 0; cell < count; cell++) {
      const corner = Math.floor(cell / columns) * pitch * element.width + (cell % columns) * pitch;
      for (let i = 0; i < side * side; i++) pixels[corner + Math.floor(i / side) * element.width + (i % side)] = colourAt(i, cell);
    }
    context.putImageData(image, 0, 0);
  }
  return { element, gap, paint };
}

export function greyOf(share) {
  return 0xff000000 | (0x010101 * Math.round(255 * share));
}

// Blue or red on black.
export function signedColourOf(share) {
  const light = Math.sqrt(Math.min(1, Math.abs(share)));
  const [red, green, blue] = share < 0 ? [250, 106, 88] : [98, 168, 250];
  return 0xff000000 | ((blue * light) << 16) | ((green * light) << 8) | (red * light);
}
