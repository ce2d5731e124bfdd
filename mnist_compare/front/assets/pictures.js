// Grey values on a canvas.

// Paints as many values as the canvas has pixels, row by row.
function paint(canvas, pixels) {
  const image = new ImageData(canvas.width, canvas.height);
  image.data.fill(255);
  for (let at = 0; at < pixels.length; at++)
    for (let channel = 0; channel < 3; channel++) image.data[4 * at + channel] = pixels[at];
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function canvasOf(width, height) {
  return Object.assign(document.createElement("canvas"), { width, height });
}
