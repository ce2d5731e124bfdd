// Grey values on a canvas, and pictures.

// Paints as many values as the canvas has pixels, row by row.
export function paint(canvas, pixels) {
  const image = new ImageData(canvas.width, canvas.height);
  const colours = new Uint32Array(image.data.buffer); // alpha, blue, green and red, from the highest bits
  for (let at = 0; at < colours.length; at++) colours[at] = 0xff000000 | (0x010101 * pixels[at]);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

export function canvasOf(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}

export async function imageOf(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
