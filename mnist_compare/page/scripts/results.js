// How an answer looks: a card for each network, and the pictures on the way from the drawing to the digit.
import { percentOf } from "./numbers.js";

const escaped = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt()};`);

export function modelCard(name, title, model, say) {
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const share = model?.probabilities[digit] ?? 0;
    const percent = model ? (100 * share).toFixed(0) : "";
    const bar = `<span>${digit}</span><i style="--share: ${share}"></i><span>${percent}</span>`;
    return `<li class="${digit === model?.digit ? "best" : ""}">${bar}</li>`;
  });
  const confidence = model ? escaped(percentOf(model.confidence)) : "";
  const unsure = model?.unsure ? `<b>${say("unsure")}</b>` : "";
  return `
    <div role="group" class="model ${unsure && "unsure"}" data-name="${escaped(name)}" aria-label="${escaped(title)}">
      <p class="name" aria-hidden="true">${escaped(title)}</p>
      <div class="reading">
        <span class="digit ${model ? "" : "none"}">${model?.digit ?? "–"}</span>
        <span class="confidence">${confidence}${unsure}</span>
      </div>
      <ol aria-label="${say("probabilities")}">${bars.join("")}</ol>
    </div>`;
}

export function showFilm(element, answer, pipeline, say) {
  const find = (selector) => element.querySelector(selector);
  const steps = answer?.steps ?? [];
  const isCut = steps.some((step) => step.name === "cropped");
  find(".why").textContent = say(`pipelines.${pipeline}`);
  find(".film").toggleAttribute("data-empty", !steps.length);
  find(".steps").innerHTML = steps.map(({ name, width, height }) => {
    const box = name === "grey" && isCut ? outline(answer.box) : "";
    const picture = `<div style="--width: ${width}; --height: ${height}"><i data-picture></i>${box}</div>`;
    return `<li><div class="frame">${picture}</div>${say(`steps.${name}`)}</li>`;
  }).join("");
  element.querySelectorAll(".steps [data-picture]").forEach((place, i) => {
    const { picture, width, height } = steps[i];
    picture.className = Math.max(width, height) <= 40 ? "pixels" : "";
    place.replaceWith(picture);
  });
}

// The box is drawn where it is cut out.
function outline(box) {
  const [left, top, right, bottom] = box.map((share) => 100 * share);
  const size = `width: ${right - left}%; height: ${bottom - top}%`;
  return `<i class="box" style="left: ${left}%; top: ${top}%; ${size}"></i>`;
}
