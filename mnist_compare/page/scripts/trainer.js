// Networks that learn before one's eyes: what is chosen, how it goes, and how it compares with the
// recorded runs. school.js starts those that learn.
import { percentOf } from "./numbers.js";
import { PICKED } from "./school.js";

const LEAD = 20; // steps that one network may be ahead of the other
const BATCH_SIZE = 32; // as learner.js has it
const WIDE = 100, HIGH = 60; // of a chart, in its own units

// school has the digits, school.recorded[network][permuted][count] the test accuracies of the recorded runs.
export function makeTrainer(place, names, isShuffled, school, say) {
  const find = (selector) => place.querySelector(selector);
  const percent = (share, decimals = 1) => `${(100 * share).toFixed(decimals)}%`;
  let workers = {};
  let curves = {}; // of each network: [steps, own, unseen] as it learned
  let states = {};
  let settings = null; // of what they learn
  let [running, failed] = [false, false];
  let going = {}; // which of the workers are told to learn
  let drawing = latestDrawing;

  function build() {
    place.classList.add("trainer");
    place.innerHTML = `
      <div class="settings" role="group" aria-label="${say("trainer.settings")}">
        <label>${say("trainer.digits")} <select name="digits">${school.counts.map((count) => `<option value="${count}">${count.toLocaleString("en")}</option>`).join("")}</select></label>
        <label>${say("trainer.seed")} <input type="number" name="seed" min="0" max="9999" value="0" required></label>
        <label><input type="checkbox" name="shuffled"${isShuffled ? " checked" : ""}> ${say("trainer.shuffled")}</label>
        <span><button type="button" name="play">${say("trainer.play")}</button><button type="button" name="step">${say("trainer.step")}</button><button type="button" name="reset">${say("trainer.reset")}</button></span>
      </div>
      <p class="trouble" role="alert"></p>
      <div class="learners">${names.map(panel).join("")}</div>
      <table class="finished" hidden><caption>${say("trainer.finished")}</caption></table>
      <p class="note">${say("trainer.note", { epochs: school.epochs, shown: school.shown.toLocaleString("en"), unseen: school.unseenLabels.length.toLocaleString("en") })}</p>
      <p class="spoken" role="status"></p>`;
    find("[name=digits]").value = school.counts.at(-1);
  }

  function panel(name) {
    const shape = name === "cnn" ? 3 : 28;
    const pictures = Array.from({ length: PICKED }, () => `<canvas width="${shape}" height="${shape}"></canvas>`).join("");
    return `
      <div class="network ${name}" role="group" aria-label="${say(`models.${name}`)}">
        <p class="name">${say(`models.${name}`)} <span class="progress"></span></p>
        <div class="plot"><span>100%</span><span>50%</span><span>0%</span><svg viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="img" aria-label="${say("trainer.chart", { model: say(`models.${name}`) })}">
          <path class="grid" d="M0 0H${WIDE}M0 ${HIGH / 2}H${WIDE}M0 ${HIGH}H${WIDE}"/><path class="gap"/><path class="own"/><path class="unseen"/>
        </svg></div>
        <dl><dt>${say("trainer.own")}</dt><dd class="own"></dd><dt>${say("trainer.unseen")}</dt><dd class="unseen"></dd><dt>${say("trainer.gap")}</dt><dd class="gap"></dd><dt>${say("trainer.drawing")}</dt><dd class="reading"></dd></dl>
        <p class="note" aria-hidden="true">${say(`trainer.pictures.${name}`)}</p>
        <div class="pictures" role="img" aria-label="${say(`trainer.pictures.${name}`)}">${pictures}</div>
        <div class="verdict"></div>
      </div>`;
  }

  function reset() {
    stop();
    const number = (name) => Number(find(`[name=${name}]`).value);
    settings = { count: number("digits"), seed: number("seed"), shuffled: find("[name=shuffled]").checked };
    failed = false;
    for (const name of names) {
      workers[name]?.terminate();
      curves[name] = [];
      delete states[name];
      delete going[name];
      const lesson = { ...settings, network: name, epochs: school.epochs };
      workers[name] = school.teach(lesson, (state) => show(name, state), fail);
      workers[name].postMessage({ drawing });
    }
  }

  function fail() {
    stop();
    failed = true;
    find(".trouble").textContent = say("trainer.failed");
  }

  function run(isRunning) {
    running = isRunning;
    find(".trouble").textContent = "";
    place.querySelectorAll(".settings :is(select, input)").forEach((each) => (each.disabled = running));
    find("[name=play]").textContent = say(running ? "trainer.pause" : "trainer.play");
    pace();
  }

  // They race step by step: who is ahead waits for the other.
  function pace() {
    const stepsOf = (name) => (states[name]?.done ? Infinity : (states[name]?.steps ?? 0));
    const slowest = Math.min(...names.map(stepsOf));
    for (const name of names) {
      const goes = running && stepsOf(name) <= slowest + LEAD;
      if (goes !== (going[name] ?? false)) workers[name]?.postMessage({ run: goes });
      going[name] = goes;
    }
  }
  const stop = () => run(false);

  function show(name, state) {
    const section = find(`.learners > .${name}`);
    const tell = (part, text) => (section.querySelector(part).textContent = text);
    tell("dd.reading", state.reading ? readingOf(state.reading) : say("trainer.nothing"));
    if (!state.pictures) return; // only another drawing
    if (state.passes > (states[name]?.passes ?? 0))
      find(".spoken").textContent = say("trainer.spoken", { model: say(`models.${name}`), passes: state.passes, right: Math.round(100 * state.unseen) });
    states[name] = state;
    const curve = curves[name];
    if (curve.at(-1)?.[0] !== state.steps) curve.push([state.steps, state.own, state.unseen]);
    tell(".progress", say("trainer.progress", { passes: state.passes, epochs: school.epochs, steps: state.steps.toLocaleString("en") }) + (state.isFast ? "" : ` ${say("trainer.slow")}`));
    tell("dd.own", percent(state.own));
    tell("dd.unseen", percent(state.unseen));
    tell("dd.gap", say("trainer.points", { points: (100 * (state.own - state.unseen)).toFixed(1) }));
    draw(section, curve);
    paintPictures(section, state.pictures);
    if (state.done) finish(name, section, state);
    else section.querySelector(".verdict").replaceChildren();
    if (running) pace();
  }

  function readingOf(shares) {
    const sure = Math.max(...shares);
    return `${shares.indexOf(sure)} (${percentOf(sure)})`;
  }

  function draw(section, curve) {
    const { count } = settings;
    const most = school.epochs * Math.ceil((count * Math.max(1, Math.ceil(school.shown / count))) / BATCH_SIZE);
    const points = (which) => curve.map((at) => `${((WIDE * at[0]) / most).toFixed(2)} ${(HIGH * (1 - at[which])).toFixed(2)}`);
    const [own, unseen] = [points(1), points(2)];
    section.querySelector("path.own").setAttribute("d", `M${own.join("L")}`);
    section.querySelector("path.unseen").setAttribute("d", `M${unseen.join("L")}`);
    section.querySelector("path.gap").setAttribute("d", `M${own.join("L")}L${unseen.reverse().join("L")}Z`);
  }

  function paintPictures(section, pictures) {
    const largest = Math.max(...pictures.map((weights) => weights.reduce((most, each) => Math.max(most, Math.abs(each)), 0)));
    section.querySelectorAll(".pictures canvas").forEach((canvas, i) => paintSigned(canvas, pictures[i], largest));
  }

  // The run among the recorded ones, where there are any on as many digits.
  function finish(name, section, state) {
    const { count, shuffled } = settings;
    const permuted = shuffled && name === "cnn"; // to an MLP, shuffled pixels are the same under other names
    const recorded = school.recorded[name][permuted ? "permuted" : "given"][count] ?? [];
    const [low, high] = [Math.min(...recorded), Math.max(...recorded)];
    const values = { own: percent(state.unseen), n: recorded.length, low: percent(low), high: percent(high), chance: percent(2 / (recorded.length + 1), 0) };
    const isInside = state.unseen >= low && state.unseen <= high;
    const text = say(`trainer.${recorded.length ? (isInside ? "inside" : "outside") : "unjudged"}`, values);
    section.querySelector(".verdict").innerHTML = (recorded.length ? strip(recorded, state.unseen) : "") + `<p>${text}</p>`;
    if (!running || !names.every((each) => states[each]?.done)) return;
    run(false);
    keep();
  }

  // What has been seen stays to be compared with.
  function keep() {
    const { count, seed, shuffled } = settings;
    const row = find(".finished").insertRow();
    const title = say("trainer.run", { count: count.toLocaleString("en"), seed }) + (shuffled ? `, ${say("trainer.shuffled")}` : "");
    for (const text of [title, ...names.map((name) => `${say(`models.${name}`)} ${percent(states[name].unseen)}`)]) row.insertCell().textContent = text;
    find(".finished").hidden = false;
  }

  function strip(recorded, value) {
    const all = [...recorded, value];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const x = (each) => (5 + (90 * (each - low)) / (high - low || 1)).toFixed(1);
    const dots = recorded.map((each) => `<circle cx="${x(each)}" cy="5" r="1.6"/>`).join("");
    return `<svg class="strip" viewBox="0 0 100 10" aria-hidden="true">${dots}<path class="diamond" d="M${x(value)} 1.5l3 3.5l-3 3.5l-3-3.5z"/></svg>`;
  }

  place.addEventListener("change", () => {
    const seed = find("[name=seed]");
    if (seed.validity.valid) return reset();
    seed.value = settings.seed;
    find(".trouble").textContent = say("trainer.no_seed", settings);
  });
  place.addEventListener("click", ({ target }) => {
    if (target.name === "play") {
      if (failed || names.every((name) => states[name]?.done)) reset();
      run(!running);
    } else if (target.name === "step") {
      stop();
      for (const name of names) workers[name].postMessage({ step: true });
    } else if (target.name === "reset") reset();
  });
  document.addEventListener("digitdrawn", ({ detail }) => {
    drawing = detail;
    for (const name of names) workers[name]?.postMessage({ drawing });
  });
  build();
  reset();
}

// What was drawn last on any pad of the page, for networks that begin to learn later.
let latestDrawing = null;
document.addEventListener("digitdrawn", ({ detail }) => (latestDrawing = detail));

// Positive weights blue, negative ones red, on paper of any colour.
function paintSigned(canvas, weights, largest) {
  const image = new ImageData(canvas.width, canvas.height);
  weights.forEach((weight, at) => {
    image.data.set([...(weight > 0 ? [58, 130, 190] : [200, 70, 60]), 255 * Math.min(1, Math.abs(weight) / largest)], 4 * at);
  });
  canvas.getContext("2d").putImageData(image, 0, 0);
}
