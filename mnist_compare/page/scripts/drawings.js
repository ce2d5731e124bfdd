// A writer's drawings as one file, digits-<code>.json, as writers.py describes it, and labelled pictures in
// folders, <digit>/*.png. What is refused throws an Error whose message names a sentence of classroom.refused.
import { bytesOf, through } from "./bytes.js";
import { canvasOf, imageOf } from "./pictures.js";

export const FORMAT = "mnist-compare drawings 1";
const DRAWN_SIDE = 112; // pixels of a drawing
export const MOST_DRAWINGS = 1000; // in a file
const LARGEST_FILE = 1e7; // bytes
export const CODE = /^[\p{L}\p{N}_-]{1,12}$/u;

// What is drawn on a pad, in 16 shades from paper to ink, in rows of 112.
export function shadesOf(pad) {
  const small = canvasOf(DRAWN_SIDE, DRAWN_SIDE);
  const context = small.getContext("2d", { willReadFrequently: true });
  const whole = pad.pixels();
  const canvas = canvasOf(whole.width, whole.height);
  canvas.getContext("2d").putImageData(whole, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(canvas, 0, 0, DRAWN_SIDE, DRAWN_SIDE);
  const { data } = context.getImageData(0, 0, DRAWN_SIDE, DRAWN_SIDE);
  return Uint8Array.from({ length: DRAWN_SIDE ** 2 }, (_, i) => Math.round((255 - data[4 * i]) / 17));
}

// Shades as a picture, dark on white.
export function pictureOf(shades) {
  const image = new ImageData(DRAWN_SIDE, DRAWN_SIDE);
  const colours = new Uint32Array(image.data.buffer);
  shades.forEach((shade, i) => (colours[i] = 0xff000000 | (0x010101 * (255 - 17 * shade))));
  return image;
}

export async function packDrawings(code, drawings) {
  const size = DRAWN_SIDE ** 2 / 2;
  const pairs = new Uint8Array(size * drawings.length);
  drawings.forEach(({ shades }, k) => {
    for (let i = 0; i < size; i++) pairs[k * size + i] = 16 * shades[2 * i] + shades[2 * i + 1];
  });
  const deflated = await through(pairs, new CompressionStream("deflate"), Infinity);
  const text = Array.from(deflated, (byte) => String.fromCharCode(byte)).join("");
  return JSON.stringify({ format: FORMAT, code, digits: drawings.map(({ digit }) => digit).join(""), drawings: btoa(text) });
}

export async function openDrawings(file) {
  if (file.size > LARGEST_FILE) throw new Error("large");
  let told;
  try {
    told = JSON.parse(await file.text());
  } catch {
    throw new Error("kind");
  }
  const { format, code, digits, drawings } = told ?? {};
  if (typeof format !== "string" || typeof drawings !== "string") throw new Error("kind");
  if (format !== FORMAT) throw new Error("version");
  if (!(typeof code === "string" && CODE.test(code))) throw new Error("code");
  if (!(typeof digits === "string" && /^[0-9]+$/.test(digits) && digits.length <= MOST_DRAWINGS)) throw new Error("digits");
  const size = DRAWN_SIDE ** 2 / 2;
  const pairs = await Promise.resolve(drawings)
    .then((text) => through(bytesOf(text), new DecompressionStream("deflate"), size * digits.length))
    .catch(() => null);
  if (pairs?.length !== size * digits.length) throw new Error("size");
  return Array.from(digits, (digit, k) => {
    const shades = Uint8Array.from({ length: 2 * size }, (_, i) => (i % 2 ? pairs[k * size + (i >> 1)] & 15 : pairs[k * size + (i >> 1)] >> 4));
    return { writer: code, digit: Number(digit), picture: pictureOf(shades) };
  });
}

// The picture <digit>/<name>.png at a path, which names no writer.
export async function openPicture(file, path) {
  const digit = path.split("/").at(-2);
  if (!/^[0-9]$/.test(digit ?? "")) throw new Error("folder");
  if (file.size > LARGEST_FILE) throw new Error("large");
  const url = URL.createObjectURL(file);
  try {
    const image = await imageOf(url);
    const canvas = canvasOf(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return [{ writer: path, digit: Number(digit), picture: context.getImageData(0, 0, canvas.width, canvas.height) }];
  } catch {
    throw new Error("damaged");
  } finally {
    URL.revokeObjectURL(url);
  }
}
