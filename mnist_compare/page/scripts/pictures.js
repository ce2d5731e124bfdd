// Pictures on canvases, and what is on them.

export const canvasOf = (width, height) => Object.assign(document.createElement("canvas"), { width, height });
export const pixelsOf = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);

// Grey values, row by row.
export function greys(width, height, pixels) {
  const image = new ImageData(width, height);
  const colours = new Uint32Array(image.data.buffer); // alpha, blue, green and red, from the highest bits
  for (let at = 0; at < colours.length; at++) colours[at] = 0xff000000 | (0x010101 * pixels[at]);
  return image;
}

// Puts ImageData on a canvas.
export function put(image, canvas = canvasOf(image.width, image.height)) {
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

// Paints as many grey values as the canvas has pixels.
export const paint = (canvas, pixels) => put(greys(canvas.width, canvas.height, pixels), canvas);

// A picture in another size, on a canvas whose pixels can be read.
export function resized(image, width, height) {
  const canvas = canvasOf(width, height);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return canvas;
}

export async function imageOf(url) {
  const image = Object.assign(new Image(), { src: url });
  await image.decode();
  return image;
}

export function imageOfFile(file) {
  const url = URL.createObjectURL(file);
  return imageOf(url).finally(() => URL.revokeObjectURL(url));
}
