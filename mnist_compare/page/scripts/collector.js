// For a pupil of a class, who draws the digits that are asked for and saves them as a file.
import { permutation } from "./chance.js";
import { layPad, makeDesk } from "./desk.js";
import { CODE, FORMAT, packDrawings, pictureOf, shadesOf } from "./drawings.js";
import { readingOf, readPicture, WAY } from "./readings.js";

const ROUNDS = 2; // each with every digit once

// What comes of an act in the browser's storage, or null where that is full or forbidden.
function inStorage(act) {
  try {
    return act(localStorage) ?? true;
  } catch {
    return null;
  }
}

// The lessons that this browser keeps, { key, code, drawings, isSaved } each, the oldest first.
function keptLessons(storage) {
  const opened = (name, value) => (name === "shades" ? Uint8Array.from(value, (shade) => parseInt(shade, 16)) : value);
  const keys = Object.keys(storage).filter((key) => key.startsWith(`${FORMAT} `)).sort();
  return keys.map((key) => JSON.parse(storage.getItem(key), opened)).filter(({ code }) => CODE.test(code));
}

function keepLesson(storage, lesson) {
  const digits = (shades) => Array.from(shades, (shade) => shade.toString(16)).join("");
  const packed = (name, value) => (name === "shades" ? digits(value) : value);
  storage.setItem(lesson.key, JSON.stringify(lesson, packed));
}

const forget = ({ key }) => inStorage((storage) => storage.removeItem(key));

export class Collector {
  lesson = null; // of the pupil who draws: { key, code, drawings, isSaved }
  kept = []; // other lessons
  asked = []; // the digits of all rounds
  isKept = true; // whether the browser could keep the lesson as it is

  constructor(place, networks, computer, say) {
    Object.assign(this, { place, networks, computer, say });
    this.find = (selector) => place.querySelector(selector);
    this.tell = (name, values) => say(`classroom.${name}`, values);
    this.listen();
    this.begin();
  }

  begin() {
    const { tell } = this;
    [this.lesson, this.kept, this.isKept] = [null, inStorage(keptLessons) ?? [], true];
    const button = (name, i) => `<button type="button" name="${name}" value="${i}">${tell(name)}</button>`;
    const offer = ({ code, drawings }, i) => {
      const told = tell("kept", { code, count: drawings.length, all: 10 * ROUNDS });
      return `<div class="kept"><p>${told}</p>${button("resume", i)}${button("remove", i)}</div>`;
    };
    const code = `<label>${tell("code")} <input name="code" maxlength="12" autocomplete="off" required></label>`;
    this.place.innerHTML = `${this.kept.map(offer).join("")}<form>${code} <button>${tell("begin")}</button></form>
      <p class="trouble" role="alert"></p>`;
  }

  open(lesson) {
    this.lesson = lesson;
    const drawn = lesson.drawings.map(({ digit }) => digit);
    const first = (k) => drawn.slice(10 * k, 10 * k + 10); // of a round, which any order of all digits completes
    const round = (_, k) => [...new Set([...first(k), ...permutation(10, Math.random)])];
    this.asked = Array.from({ length: ROUNDS }, round).flat();
    if (drawn.length < this.asked.length) this.draw();
    else this.end();
  }

  keep(isSaved) {
    this.lesson.isSaved = isSaved;
    this.isKept = inStorage((storage) => keepLesson(storage, this.lesson));
    this.find(".trouble").textContent = this.isKept || isSaved ? "" : this.tell("unkept");
  }

  remove(lesson) {
    if (!lesson.isSaved && !confirm(this.tell("unsaved", lesson))) return;
    forget(lesson);
    this.begin();
    this.find("[name=code]").focus();
  }

  draw() {
    const { find, place, say } = this;
    place.innerHTML = `
      <div class="drawing">
        <p class="asked" role="status"></p><p class="count"></p>
        <button type="button" name="next">${this.tell("next")}</button>
      </div>
      <p class="trouble" role="alert"></p>`;
    const drawing = find(".drawing");
    layPad(drawing, say);
    find("[name=upload]").closest("label").remove();
    this.pad = makeDesk(drawing, {}, () => (find("[name=next]").disabled = this.pad.isEmpty()));
    drawing.scrollIntoView({ block: "nearest" });
    this.ask();
  }

  ask() {
    const done = this.lesson.drawings.length;
    this.find(".asked").textContent = this.tell("draw", { digit: this.asked[done] });
    this.find(".count").textContent = this.tell("count", { done: done + 1, all: this.asked.length });
    this.find("[name=next]").disabled = true;
    this.find(".paper canvas").focus({ preventScroll: true });
  }

  next() {
    const { drawings } = this.lesson;
    drawings.push({ digit: this.asked[drawings.length], shades: shadesOf(this.pad) });
    this.keep(false);
    if (drawings.length === this.asked.length) return this.end();
    this.pad.clear();
    this.ask();
  }

  async end() {
    const { tell, find, place } = this;
    place.replaceChildren();
    const { code, drawings } = this.lesson;
    const file = `digits-${code}.json`;
    const text = await packDrawings(code, drawings);
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    const save = `<a class="button" download="${file}" href="${url}">${tell("save", { file })}</a>`;
    place.innerHTML = `
      <p role="status">${tell("ended", { count: drawings.length })}</p>
      <p>${save} <button type="button" name="anew">${tell("anew")}</button></p>
      <p class="trouble" role="alert">${this.isKept ? "" : tell("unkept")}</p>
      <p class="count"></p>
      <div class="readings"></div>`;
    find("[download]").focus();
    this.read(drawings, find(".readings"));
  }

  async read(drawings, readings) {
    const { networks, computer, find, tell, say } = this;
    const right = Object.fromEntries(networks.map((name) => [name, 0]));
    try {
      for (const { digit, shades } of drawings) {
        const picture = pictureOf(shades);
        const read = await readPicture(computer, picture, WAY);
        if (!readings.isConnected) return; // another pupil has begun
        networks.forEach((name) => (right[name] += read[name] === digit));
        readings.append(readingOf({ digit, picture }, read, networks, say));
      }
    } catch ({ message }) {
      return (find(".trouble").textContent = message);
    }
    const said = (name) => tell("right", { model: say(`models.${name}`), right: right[name], all: drawings.length });
    find(".count").textContent = networks.map(said).join(" · ");
  }

  listen() {
    const { place, find } = this;
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      const code = find("[name=code]").value.trim();
      if (!CODE.test(code)) return (find(".trouble").textContent = this.tell("wrong_code"));
      this.kept.filter(({ isSaved }) => isSaved).forEach(forget);
      this.open({ key: `${FORMAT} ${Date.now()}`, code, drawings: [], isSaved: false });
    });
    place.addEventListener("click", ({ target }) => {
      const { name, value } = target.closest("button") ?? {};
      if (name === "resume") this.open(this.kept[value]);
      else if (name === "remove") this.remove(this.kept[value]);
      else if (name === "anew") this.remove(this.lesson);
      else if (name === "next") this.next();
      else if (target.closest("[download]")) this.keep(true);
    });
    addEventListener("beforeunload", (event) => this.isKept || this.lesson.isSaved || event.preventDefault());
  }
}
