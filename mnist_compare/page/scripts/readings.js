// What networks read in one of a class's drawings, and how that looks.
import { canvasOf } from "./pictures.js";

export const WAY = "center"; // of placing a drawing, by which digits and writers are told

// What the networks read: { network: digit }, empty for a blank picture. Throws an Error with a sentence.
export async function readPicture(computer, picture, pipeline) {
  const copy = new ImageData(picture.data.slice(), picture.width);
  const { models, detail } = await computer.answer({ pixels: () => copy }, { pipeline, looks: [] });
  if (detail) throw new Error(detail);
  return Object.fromEntries(models.map(({ name, digit }) => [name, digit]));
}

// A drawing with what was read in it, as it would be wrong or right.
export function readingOf({ digit, picture }, read, networks, say) {
  const figure = document.createElement("figure");
  const canvas = canvasOf(picture.width, picture.height);
  canvas.getContext("2d").putImageData(picture, 0, 0);
  const answers = networks.map((name) => `<span class="${name}${read[name] === digit ? "" : " wrong"}">${say(`models.${name}`)} ${read[name]}</span>`);
  figure.innerHTML = `<figcaption><b>${say("is", { label: digit })}</b>${answers.join("")}</figcaption>`;
  figure.prepend(canvas);
  return figure;
}
