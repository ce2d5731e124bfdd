// Networks that learn before one's eyes: what is chosen, how it goes, and how it compares with the recorded runs.
// school.js starts those that learn.
import { drawCurve, network, paintPictures, strip } from "./learning.js";
import { percentOf } from "./numbers.js";

const LEAD = 20; // steps that one network may be ahead of the other

// What was drawn last on any pad of the page, for networks that begin to learn later.
let latestDrawing = null;
document.addEventListener("digitdrawn", ({ detail }) => (latestDrawing = detail));

const percent = (share, decimals = 1) => `${(100 * share).toFixed(decimals)}%`;
const whole = (number) => number.toLocaleString("en");

export class Trainer {
  workers = {};
  curves = {}; // of each network: [steps, own, unseen] as it learned
  states = {};
  going = {}; // which of the workers are told to learn
  settings = null; // of what they learn

  // school has the digits, school.recorded[network][permuted][count] the test accuracies of the recorded runs.
  constructor(place, names, isShuffled, school, say) {
    Object.assign(this, { place, names, school, say, running: false, failed: false });
    this.find = (selector) => place.querySelector(selector);
    place.classList.add("trainer");
    place.innerHTML = this.build(isShuffled);
    this.find("[name=digits]").value = school.counts.at(-1);
    this.listen();
    this.reset();
  }

  build(isShuffled) {
    const { school, names, say } = this;
    const options = school.counts.map((count) => `<option value="${count}">${whole(count)}</option>`).join("");
    const button = (name) => `<button type="button" name="${name}">${say(`trainer.${name}`)}</button>`;
    const [shown, unseen] = [school.shown, school.unseenLabels.length].map(whole);
    const seed = `<input type="number" name="seed" min="0" max="9999" value="0" required>`;
    const shuffled = `<input type="checkbox" name="shuffled"${isShuffled ? " checked" : ""}>`;
    return `
      <div class="settings" role="group" aria-label="${say("trainer.settings")}">
        <label>${say("trainer.digits")} <select name="digits">${options}</select></label>
        <label>${say("trainer.seed")} ${seed}</label>
        <label>${shuffled} ${say("trainer.shuffled")}</label>
        <span>${["play", "step", "reset"].map(button).join("")}</span>
      </div>
      <p class="trouble" role="alert"></p>
      <div class="learners">${names.map((name) => network(name, say)).join("")}</div>
      <table class="finished" hidden><caption>${say("trainer.finished")}</caption></table>
      <p class="note">${say("trainer.note", { epochs: school.epochs, shown, unseen })}</p>
      <p class="spoken" role="status"></p>`;
  }

  listen() {
    const { place, find, names } = this;
    place.addEventListener("change", () => {
      const seed = find("[name=seed]");
      if (seed.validity.valid) return this.reset();
      seed.value = this.settings.seed;
      find(".trouble").textContent = this.say("trainer.no_seed", this.settings);
    });
    place.addEventListener("click", ({ target: { name } }) => {
      if (name === "play") {
        if (this.failed || this.areDone()) this.reset();
        this.run(!this.running);
      } else if (name === "step") {
        this.run(false);
        for (const each of names) this.workers[each].postMessage({ step: true });
      } else if (name === "reset") this.reset();
    });
    document.addEventListener("digitdrawn", ({ detail: drawing }) => {
      for (const name of names) this.workers[name]?.postMessage({ drawing });
    });
  }

  reset() {
    this.run(false);
    const { find, school } = this;
    const number = (name) => Number(find(`[name=${name}]`).value);
    this.settings = { count: number("digits"), seed: number("seed"), shuffled: find("[name=shuffled]").checked };
    this.failed = false;
    for (const name of this.names) {
      this.workers[name]?.terminate();
      this.curves[name] = [];
      delete this.states[name];
      delete this.going[name];
      const lesson = { ...this.settings, network: name, epochs: school.epochs };
      this.workers[name] = school.teach(lesson, (state) => this.show(name, state), () => this.fail());
      this.workers[name].postMessage({ drawing: latestDrawing });
    }
  }

  fail() {
    this.run(false);
    this.failed = true;
    this.find(".trouble").textContent = this.say("trainer.failed");
  }

  areDone = () => this.names.every((name) => this.states[name]?.done);

  run(isRunning) {
    this.running = isRunning;
    this.find(".trouble").textContent = "";
    this.place.querySelectorAll(".settings :is(select, input)").forEach((each) => (each.disabled = isRunning));
    this.find("[name=play]").textContent = this.say(isRunning ? "trainer.pause" : "trainer.play");
    this.pace();
  }

  // They race step by step: who is ahead waits for the other.
  pace() {
    const stepsOf = (name) => (this.states[name]?.done ? Infinity : (this.states[name]?.steps ?? 0));
    const slowest = Math.min(...this.names.map(stepsOf));
    for (const name of this.names) {
      const goes = this.running && stepsOf(name) <= slowest + LEAD;
      if (goes !== (this.going[name] ?? false)) this.workers[name]?.postMessage({ run: goes });
      this.going[name] = goes;
    }
  }

  show(name, state) {
    const { say, school, settings } = this;
    const { steps, own, unseen, passes } = state;
    const section = this.find(`.learners > .${name}`);
    const tell = (part, text) => (section.querySelector(part).textContent = text);
    tell("dd.reading", state.reading ? readingOf(state.reading) : say("trainer.nothing"));
    if (!state.pictures) return; // only another drawing
    if (passes > (this.states[name]?.passes ?? 0)) {
      const values = { model: say(`models.${name}`), passes, right: Math.round(100 * unseen) };
      this.find(".spoken").textContent = say("trainer.spoken", values);
    }
    this.states[name] = state;
    const curve = this.curves[name];
    if (curve.at(-1)?.[0] !== steps) curve.push([steps, own, unseen]);
    const progress = say("trainer.progress", { passes, epochs: school.epochs, steps: whole(steps) });
    tell(".progress", state.isFast ? progress : `${progress} ${say("trainer.slow")}`);
    tell("dd.own", percent(own));
    tell("dd.unseen", percent(unseen));
    tell("dd.gap", say("trainer.points", { points: (100 * (own - unseen)).toFixed(1) }));
    drawCurve(section, curve, settings.count, school);
    paintPictures(section, state.pictures);
    if (state.done) this.finish(name, section, unseen);
    else section.querySelector(".verdict").replaceChildren();
    if (this.running) this.pace();
  }

  // The run among the recorded ones, where there are any on as many digits.
  finish(name, section, unseen) {
    const { count, shuffled } = this.settings;
    const permuted = shuffled && name === "cnn"; // to an MLP, shuffled pixels are the same under other names
    const recorded = this.school.recorded[name][permuted ? "permuted" : "given"][count] ?? [];
    const [n, low, high] = [recorded.length, Math.min(...recorded), Math.max(...recorded)];
    const chance = percent(2 / (n + 1), 0);
    const kind = n ? (unseen >= low && unseen <= high ? "inside" : "outside") : "unjudged";
    const values = { own: percent(unseen), n, low: percent(low), high: percent(high), chance };
    const text = this.say(`trainer.${kind}`, values);
    section.querySelector(".verdict").innerHTML = `${n ? strip(recorded, unseen) : ""}<p>${text}</p>`;
    if (!this.running || !this.areDone()) return;
    this.run(false);
    this.keep();
  }

  // What has been seen stays to be compared with.
  keep() {
    const { say, settings } = this;
    const row = this.find(".finished").insertRow();
    const run = say("trainer.run", { count: whole(settings.count), seed: settings.seed });
    const title = settings.shuffled ? `${run}, ${say("trainer.shuffled")}` : run;
    const read = this.names.map((name) => `${say(`models.${name}`)} ${percent(this.states[name].unseen)}`);
    for (const text of [title, ...read]) row.insertCell().textContent = text;
    this.find(".finished").hidden = false;
  }
}

// The digit of the largest share, and that share.
const readingOf = (shares, sure = Math.max(...shares)) => `${shares.indexOf(sure)} (${percentOf(sure)})`;
