// Small drawings to begin with: a button each, of the page's examples and of digits that networks misread.
import { drawStrokes } from "./pad.js";
import { imageOf } from "./pictures.js";
import { listOf } from "./words.js";

export function showThumbs(place, settings, say, language) {
  const thumb = (kind, index, label) => {
    const about = `data-kind="${kind}" data-index="${index}" aria-label="${label}" title="${label}"`;
    return `<button type="button" ${about}><canvas width="280" height="280"></canvas></button>`;
  };
  const example = ({ digit, name }, i) =>
    thumb("example", i, say("example", { name: say(`examples.${name}`, { digit }) }));
  const misread = (each, i) => {
    const meant = `<small aria-hidden="true">${say("is", each)}</small>`;
    return `<span>${thumb("misread", i, say("misread_one", each))}${meant}</span>`;
  };
  const models = listOf(settings.misread_by.map((name) => say(`models.${name}`)), language);
  const groups = [[say("try"), settings.examples.map(example)]];
  if (settings.misread.length) groups.push([say("misread", { models }), settings.misread.map(misread)]);
  place.innerHTML = groups.map(([title, thumbs]) =>
    `<div><p class="name">${title}</p><div class="thumbs">${thumbs.join("")}</div></div>`).join("");
  place.querySelectorAll("button").forEach((button) => {
    const { kind, index } = button.dataset;
    const context = button.querySelector("canvas").getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, 280, 280);
    if (kind === "example") return drawStrokes(context, settings.examples[index].strokes);
    context.imageSmoothingEnabled = false;
    imageOf(settings.misread[index].picture).then((image) => context.drawImage(image, 0, 0, 280, 280));
  });
}

export function takeThumb({ dataset: { kind, index } }, settings, pad) {
  if (kind === "example") pad.load(settings.examples[index].strokes);
  else imageOf(settings.misread[index].picture).then((image) => pad.lay(image, false));
}
