// A writer's drawings as one file, digits-<code>.json, as writers.py describes it, and labelled pictures in
// folders, <digit>/*.png. What is refused throws an Error whose message names a sentence of classroom.refused.
import { bytesOf, halvesOf, through } from "./bytes.js";
import { greys, imageOfFile, pixelsOf, put, resized } from "./pictures.js";

export const FORMAT = "mnist-compare drawings 1";
const DRAWN_SIDE = 112; // pixels of a drawing
export const MOST_DRAWINGS = 1000; // in a file
const LARGEST_FILE = 1e7; // bytes
export const CODE = /^[\p{L}\p{N}_-]{1,12}$/u;

// What is drawn on a pad, in 16 shades from paper to ink, in rows of 112.
export function shadesOf(pad) {
  const { data } = pixelsOf(resized(put(pad.pixels()), DRAWN_SIDE, DRAWN_SIDE));
  return Uint8Array.from({ length: DRAWN_SIDE ** 2 }, (_, i) => Math.round((255 - data[4 * i]) / 17));
}

// Shades as a picture, dark on white.
export const pictureOf = (shades) => greys(DRAWN_SIDE, DRAWN_SIDE, shades.map((shade) => 255 - 17 * shade));

export async function packDrawings(code, drawings) {
  const size = DRAWN_SIDE ** 2 / 2;
  const pairs = new Uint8Array(size * drawings.length);
  drawings.forEach(({ shades }, k) => {
    for (let i = 0; i < size; i++) pairs[k * size + i] = 16 * shades[2 * i] + shades[2 * i + 1];
  });
  const deflated = await through(pairs, new CompressionStream("deflate"));
  const text = Array.from(deflated, (byte) => String.fromCharCode(byte)).join("");
  const digits = drawings.map(({ digit }) => digit).join("");
  return JSON.stringify({ format: FORMAT, code, digits, drawings: btoa(text) });
}

export async function openDrawings(file) {
  if (file.size > LARGEST_FILE) throw new Error("large");
  const told = await file.text().then(JSON.parse).catch(() => null);
  const { format, code, digits, drawings } = told ?? {};
  if (typeof format !== "string" || typeof drawings !== "string") throw new Error("kind");
  if (format !== FORMAT) throw new Error("version");
  if (!(typeof code === "string" && CODE.test(code))) throw new Error("code");
  const areDigits = typeof digits === "string" && /^[0-9]+$/.test(digits);
  if (!(areDigits && digits.length <= MOST_DRAWINGS)) throw new Error("digits");
  const size = DRAWN_SIDE ** 2 / 2;
  const pairs = await Promise.resolve(drawings)
    .then((text) => through(bytesOf(text), new DecompressionStream("deflate"), size * digits.length))
    .catch(() => null);
  if (pairs?.length !== size * digits.length) throw new Error("size");
  return Array.from(digits, (digit, k) => {
    const picture = pictureOf(halvesOf(pairs.subarray(k * size, (k + 1) * size)));
    return { writer: code, digit: Number(digit), picture };
  });
}

// The picture <digit>/<name>.png at a path, which names no writer.
export async function openPicture(file, path) {
  const digit = path.split("/").at(-2);
  if (!/^[0-9]$/.test(digit ?? "")) throw new Error("folder");
  if (file.size > LARGEST_FILE) throw new Error("large");
  try {
    const image = await imageOfFile(file);
    const picture = pixelsOf(resized(image, image.naturalWidth, image.naturalHeight));
    return [{ writer: path, digit: Number(digit), picture }];
  } catch {
    throw new Error("damaged");
  }
}
