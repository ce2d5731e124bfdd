// What networks read in one of a class's drawings, and how that looks.
import { put } from "./pictures.js";

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
  const answers = networks.map((name) => {
    const kind = read[name] === digit ? name : `${name} wrong`;
    return `<span class="${kind}">${say(`models.${name}`)} ${read[name]}</span>`;
  });
  figure.innerHTML = `<figcaption><b>${say("is", { label: digit })}</b>${answers.join("")}</figcaption>`;
  figure.prepend(put(picture));
  return figure;
}
