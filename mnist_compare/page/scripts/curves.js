// The recorded accuracy of both networks over how much all test digits were changed, and where the
// drawing's own change stands on it.
import { accuracyAt, levelsOf } from "./changes.js";

export const COMPARED = ["mlp", "cnn"];

// data.curves[change] has levels, the neutral one, and accuracies by network.
export function makeCurves(place, data, say) {
  const find = (selector) => place.querySelector(selector);
  place.innerHTML = Object.entries(data.curves).map(chart).join("");

  function chart([change, curve]) {
    const { levels } = curve;
    const ends = [levels[0], levels[(levels.length - 1) / 2], levels.at(-1)];
    const label = say("stage.chart", { change: say(`stage.${change}`) });
    const points = (name) => levels.map((level, at) => pointOf(curve, level, curve[name][at]));
    const line = (name) => `<path class="${name}" d="M${points(name).join("L")}"/>
            <path class="${name} measured" d="M${points(name).join("h0M")}h0"/>`;
    const value = (name) => `<div class="${name}"><dt>${say(`models.${name}`)}</dt><dd></dd></div>`;
    return `
      <section data-change="${change}">
        <p class="head">${say(`stage.${change}`)}<output></output></p>
        <div class="plot">
          <span>100%</span><span>50%</span><span>0%</span>
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${label}">
            <path class="grid" d="M0 0H100M0 50H100M0 100H100"/><path class="stand"/>
            ${COMPARED.map(line).join("")}
            ${COMPARED.map((name) => `<path class="rim"/><path class="${name} dot"/><path class="hole"/>`).join("")}
          </svg>
          <p>${ends.map((level) => `<span>${amountOf(change, level, say)}</span>`).join("")}</p>
        </div>
        <dl>${COMPARED.map(value).join("")}</dl>
      </section>`;
  }

  let marked = {}; // levels

  function show(setting) {
    const levels = levelsOf(setting);
    for (const change in levels) if (levels[change] !== marked[change]) mark(change, levels[change]);
    marked = levels;
    const changes = Object.keys(levels).filter((change) => levels[change] !== data.curves[change].neutral);
    place.toggleAttribute("data-combined", changes.length > 1);
  }

  function mark(change, level) {
    const section = find(`[data-change=${change}]`);
    const curve = data.curves[change];
    const there = COMPARED.map((name) => accuracyAt(curve.levels, curve[name], level));
    const about = curve.levels.includes(level) ? "" : "≈ ";
    section.querySelector("output").textContent = amountOf(change, level, say);
    section.querySelector(".stand").setAttribute("d", `M${pointOf(curve, level, 1)}V100`);
    COMPARED.forEach((name, at) => {
      section.querySelector(`dl .${name} dd`).textContent = `${about}${(100 * there[at]).toFixed(1)}%`;
      const dot = section.querySelector(`.dot.${name}`);
      const point = `M${pointOf(curve, level, there[at])}h0`;
      [dot.previousElementSibling, dot, dot.nextElementSibling].forEach((part) => part.setAttribute("d", point));
    });
  }
  return { show };
}

const pointOf = ({ levels }, level, accuracy) =>
  `${(100 * (level - levels[0])) / (levels.at(-1) - levels[0])} ${100 * (1 - accuracy)}`;

export function amountOf(change, value, say) {
  const text = change === "scale" ? value.toFixed(2) : `${value}`.replace("-", "−");
  return say(`stage.units.${change}`, { value: text });
}
