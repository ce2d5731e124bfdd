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

export function makeCollector(place, networks, computer, say) {
  const find = (selector) => place.querySelector(selector);
  const tell = (name, values) => say(`classroom.${name}`, values);
  let [lesson, asked, pad, kept, isKept] = [null, [], null, [], true];

  function begin() {
    [lesson, kept, isKept] = [null, inStorage(keptLessons) ?? [], true];
    const button = (name, i) => `<button type="button" name="${name}" value="${i}">${tell(name)}</button>`;
    const told = ({ code, drawings }) => tell("kept", { code, count: drawings.length, all: 10 * ROUNDS });
    const offer = (each, i) => `<div class="kept"><p>${told(each)}</p>${button("resume", i)}${button("remove", i)}</div>`;
    place.innerHTML = `${kept.map(offer).join("")}<form><label>${tell("code")} <input name="code" maxlength="12" autocomplete="off" required></label> <button>${tell("begin")}</button></form><p class="trouble" role="alert"></p>`;
  }

  function open(given) {
    lesson = given;
    const drawn = lesson.drawings.map(({ digit }) => digit);
    const first = (k) => drawn.slice(10 * k, 10 * k + 10); // of a round, which any order of all digits completes
    const round = (_, k) => [...new Set([...first(k), ...permutation(10, Math.random)])];
    asked = Array.from({ length: ROUNDS }, round).flat();
    if (drawn.length < asked.length) draw();
    else end();
  }

  function keep(isSaved) {
    lesson.isSaved = isSaved;
    isKept = inStorage((storage) => keepLesson(storage, lesson));
    find(".trouble").textContent = isKept || isSaved ? "" : tell("unkept");
  }

  const forget = ({ key }) => inStorage((storage) => storage.removeItem(key));

  function remove(old) {
    if (!old.isSaved && !confirm(tell("unsaved", old))) return;
    forget(old);
    begin();
    find("[name=code]").focus();
  }

  function draw() {
    place.innerHTML = `<div class="drawing"><p class="asked" role="status"></p><p class="count"></p><button type="button" name="next">${tell("next")}</button></div><p class="trouble" role="alert"></p>`;
    layPad(place.firstChild, say);
    find("[name=upload]").closest("label").remove();
    pad = makeDesk(place.firstChild, {}, () => (find("[name=next]").disabled = pad.isEmpty()));
    place.firstChild.scrollIntoView({ block: "nearest" });
    ask();
  }

  function ask() {
    const done = lesson.drawings.length;
    find(".asked").textContent = tell("draw", { digit: asked[done] });
    find(".count").textContent = tell("count", { done: done + 1, all: asked.length });
    find("[name=next]").disabled = true;
    find(".paper canvas").focus({ preventScroll: true });
  }

  async function end() {
    place.replaceChildren();
    const { code, drawings } = lesson;
    const file = `digits-${code}.json`;
    const text = await packDrawings(code, drawings);
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    place.innerHTML = `<p role="status">${tell("ended", { count: drawings.length })}</p><p><a class="button" download="${file}" href="${url}">${tell("save", { file })}</a> <button type="button" name="anew">${tell("anew")}</button></p><p class="trouble" role="alert">${isKept ? "" : tell("unkept")}</p><p class="count"></p><div class="readings"></div>`;
    find("[download]").focus();
    const right = Object.fromEntries(networks.map((name) => [name, 0]));
    const readings = find(".readings");
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
    find(".count").textContent = networks.map((name) => tell("right", { model: say(`models.${name}`), right: right[name], all: drawings.length })).join(" · ");
  }

  place.addEventListener("submit", (event) => {
    event.preventDefault();
    const code = find("[name=code]").value.trim();
    if (!CODE.test(code)) return (find(".trouble").textContent = tell("wrong_code"));
    kept.filter(({ isSaved }) => isSaved).forEach(forget);
    open({ key: `${FORMAT} ${Date.now()}`, code, drawings: [], isSaved: false });
  });
  place.addEventListener("click", ({ target }) => {
    const { name, value } = target.closest("button") ?? {};
    if (name === "resume") open(kept[value]);
    else if (name === "remove") remove(kept[value]);
    else if (name === "anew") remove(lesson);
    else if (target.closest("[download]")) keep(true);
    else if (name === "next") {
      lesson.drawings.push({ digit: asked[lesson.drawings.length], shades: shadesOf(pad) });
      keep(false);
      if (lesson.drawings.length === asked.length) return end();
      pad.clear();
      ask();
    }
  });
  addEventListener("beforeunload", (event) => isKept || lesson.isSaved || event.preventDefault());
  begin();
}
