// How it looks when a network learns: its chart, its first layer, and its place among the recorded runs.
import { BATCH } from "./learner.js";
import { put } from "./pictures.js";
import { PICKED } from "./school.js";

const WIDE = 100, HIGH = 60; // of a chart, in its own units

export function network(name, say) {
  const side = name === "cnn" ? 3 : 28;
  const pictures = `<canvas width="${side}" height="${side}"></canvas>`.repeat(PICKED);
  const [model, shown] = [say(`models.${name}`), say(`trainer.pictures.${name}`)];
  const value = (text, kind) => `<dt>${say(`trainer.${text}`)}</dt><dd class="${kind}"></dd>`;
  const box = `viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none"`;
  return `
    <div class="network ${name}" role="group" aria-label="${model}">
      <p class="name">${model} <span class="progress"></span></p>
      <div class="plot"><span>100%</span><span>50%</span><span>0%</span>
        <svg ${box} role="img" aria-label="${say("trainer.chart", { model })}">
          <path class="grid" d="M0 0H${WIDE}M0 ${HIGH / 2}H${WIDE}M0 ${HIGH}H${WIDE}"/>
          <path class="gap"/><path class="own"/><path class="unseen"/>
        </svg></div>
      <dl>${value("own", "own")}${value("unseen", "unseen")}${value("gap", "gap")}${value("drawing", "reading")}</dl>
      <p class="note" aria-hidden="true">${shown}</p>
      <div class="pictures" role="img" aria-label="${shown}">${pictures}</div>
      <div class="verdict"></div>
    </div>`;
}

// Of a network that learns so many digits: a curve of [steps, own, unseen].
export function drawCurve(section, curve, count, { epochs, shown }) {
  const most = epochs * Math.ceil((count * Math.max(1, Math.ceil(shown / count))) / BATCH);
  const pointOf = (at, which) => `${((WIDE * at[0]) / most).toFixed(2)} ${(HIGH * (1 - at[which])).toFixed(2)}`;
  const [own, unseen] = [1, 2].map((which) => curve.map((at) => pointOf(at, which)));
  const draw = (kind, path) => section.querySelector(`path.${kind}`).setAttribute("d", path);
  draw("own", `M${own.join("L")}`);
  draw("unseen", `M${unseen.join("L")}`);
  draw("gap", `M${own.join("L")}L${unseen.reverse().join("L")}Z`);
}

// Positive weights blue, negative ones red, on paper of any colour.
export function paintPictures(section, pictures) {
  const largest = Math.max(...pictures.map((weights) => Math.max(...weights.map(Math.abs))));
  section.querySelectorAll(".pictures canvas").forEach((canvas, i) => {
    const image = new ImageData(canvas.width, canvas.height);
    pictures[i].forEach((weight, at) => {
      const colour = weight > 0 ? [58, 130, 190] : [200, 70, 60];
      image.data.set([...colour, 255 * Math.min(1, Math.abs(weight) / largest)], 4 * at);
    });
    put(image, canvas);
  });
}

export function strip(recorded, value) {
  const all = [...recorded, value];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const x = (each) => (5 + (90 * (each - low)) / (high - low || 1)).toFixed(1);
  const dots = recorded.map((each) => `<circle cx="${x(each)}" cy="5" r="1.6"/>`).join("");
  const own = `<path class="diamond" d="M${x(value)} 1.5l3 3.5l-3 3.5l-3-3.5z"/>`;
  return `<svg class="strip" viewBox="0 0 100 10" aria-hidden="true">${dots}${own}</svg>`;
}
