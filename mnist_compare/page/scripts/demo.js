// The demo in an element of a page: has the drawing read while it grows, and draws the answers.
// computer.answer(pad, { pipeline, language, looks }, signal) gives { models, steps, box, digit } or { detail },
// a model with its trace where looks names it; it is asked at most every computer.every milliseconds within a
// stroke. computer.networks() gives those to look into. Where settings.keeps, computer.keep and computer.forget keep
// drawings.
import { makeDesk } from "./desk.js";
import { makeInside } from "./inside.js";
import { percentOf } from "./numbers.js";
import { showThumbs } from "./thumbs.js";
import { listOf, putWords, textOf } from "./words.js";

let pads = 0; // that one page has
const REST = 4; // milliseconds, at least, until a change that came too soon is looked at again

export function makeDemo(element, settings, computer) {
  const find = (selector) => element.querySelector(selector);
  const LANGUAGES = Object.keys(settings.strings);
  const group = `pipeline${settings.alone ? "" : ++pads}`; // of radio buttons, which a page tells apart by name

  let language = settings.language ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.includes(tag)) ?? "en";
  let pipeline = settings.pipeline;
  let answer = null; // what the server said last: { models, steps, box } or { detail }
  let question = "ask"; // "ask", "which" once the answer was wrong, or { kept, name } once it is kept
  let trouble = ""; // why the drawing could not be kept
  let several = false; // whether the drawing looks like more than one digit
  let current = new AbortController(); // of the question asked last
  let asked = null; // the same while it waits for its answer
  let last = 0; // when it was sent
  let waiting = 0; // the timer of a change that came too soon after the last
  let took = 0; // milliseconds until its answer: a slow machine is asked less often
  let inside = null; // the view of what happens in the networks, once somebody has looked
  let strokes = 0; // finished changes of the drawing, counted for whoever measures

  const say = (name, values) => textOf(settings.strings[language], name, values);
  const known = (table, name) => Object.hasOwn(settings.strings[language][table], name); // a network may be called "constructor"
  const title = (name) => (known("models", name) ? settings.strings[language].models[name] : name);
  const escaped = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt()};`);
  const listed = (names) => listOf(names.map(title), language);
  const hint = () => (several && answer?.models?.length ? say("several") : "");

  // Has the drawing read: another one than before, or the same in another way.
  async function read(done, isOther = true) {
    if (done && isOther) [question, trouble, several] = ["ask", "", pad.pieces() > 1];
    clearTimeout(waiting);
    const rest = last + Math.max(computer.every, took) - performance.now();
    if (!done && (asked || rest > 0)) return (waiting = setTimeout(read, Math.max(rest, REST), false));
    const mine = startOver();
    last = performance.now();
    const count = done ? ++strokes : strokes;
    const looks = find(".insides").open ? settings.inside : [];
    const reply = pad.isEmpty() ? null : await computer.answer(pad, { pipeline, language, looks }, mine.signal);
    if (mine.signal.aborted) return; // a later question took its place
    [took, asked, answer] = [performance.now() - last, null, reply];
    document.dispatchEvent(new CustomEvent("digitdrawn", { detail: answer?.digit ?? null }));
    render(!done);
    if (done) announce();
    element.dataset.answered = count;
  }

  function startOver() {
    current.abort();
    return (asked = current = new AbortController());
  }

  // To screen readers, which would stumble over every answer within a stroke.
  function announce() {
    const said = `${headline()} ${hint()}`.trim();
    if (find(".spoken").textContent !== said) find(".spoken").textContent = said;
  }

  async function keep(label) {
    const reply = await computer.keep(pad.url(), pipeline, label, language);
    [question, trouble] = [reply.detail ? question : reply, reply.detail ?? ""];
    renderQuestion();
  }

  async function forget() {
    const reply = await computer.forget(question.name, language);
    [question, trouble] = [reply.detail ? question : "ask", reply.detail ?? ""];
    renderQuestion();
  }

  // The answer

  function headline() {
    if (!answer) return say("empty");
    if (answer.detail) return answer.detail;
    const { models } = answer;
    if (!models.length) return say("errors.blank"); // nothing was drawn on the photo
    const unsure = listed(models.filter((model) => model.unsure).map(({ name }) => name));
    const digit = models[0].digit;
    if (models.every((model) => model.digit === digit))
      return say(unsure ? "agreed_unsure" : "agreed", { digit, models: unsure });
    const answers = models.map(({ name, digit }) => `${title(name)}\u00a0${digit}`).join(", ");
    return say(unsure ? "disagree_unsure" : "disagree", { answers, models: unsure });
  }

  function render(isGrowing = false) {
    const models = answer?.models ?? [];
    const apart = new Set(models.map(({ digit }) => digit)).size > 1;
    find(".headline").textContent = headline();
    find(".hint").textContent = hint();
    find(".answer").className = `answer${apart ? " apart" : ""}${answer?.detail ? " refused" : ""}`;
    find(".models").innerHTML = settings.models.map((name) => modelCard(name, models.find((model) => model.name === name))).join("");
    showInside(isGrowing);
    renderFilm();
    renderQuestion();
  }

  async function lookInside() {
    if (!find(".insides").open) return;
    const place = find(".insides > div");
    let networks = {};
    try {
      networks = await computer.networks();
    } catch {
      return (place.textContent = say("unloaded"));
    }
    if (place.lang !== language) {
      inside = makeInside(place, networks, say);
    }
    place.lang = language;
    showInside();
  }

  function showInside(isGrowing) {
    const traces = (answer?.models ?? []).map(({ name, trace }) => [name, trace]);
    if (find(".insides").open) inside?.show(answer?.digit ?? null, Object.fromEntries(traces), isGrowing);
  }

  function modelCard(name, model) {
    const bars = Array.from({ length: 10 }, (_, digit) => {
      const share = model?.probabilities[digit] ?? 0;
      return `<li class="${digit === model?.digit ? "best" : ""}"><span>${digit}</span><i style="--share: ${share}"></i><span>${model ? (100 * share).toFixed(0) : ""}</span></li>`;
    });
    return `
    <div role="group" class="model ${model?.unsure ? "unsure" : ""}" data-name="${escaped(name)}" aria-label="${escaped(title(name))}">
      <p class="name" aria-hidden="true">${escaped(title(name))}</p>
      <div class="reading">
        <span class="digit ${model ? "" : "none"}">${model?.digit ?? "–"}</span>
        <span class="confidence">${model ? escaped(percentOf(model.confidence)) : ""}${model?.unsure ? `<b>${say("unsure")}</b>` : ""}</span>
      </div>
      <ol aria-label="${say("probabilities")}">${bars.join("")}</ol>
    </div>`;
  }

  function renderFilm() {
    const box = answer?.box?.map((share) => 100 * share);
    const steps = answer?.steps ?? [];
    find(".why").textContent = say(`pipelines.${pipeline}`);
    find(".film").toggleAttribute("data-empty", !steps.length);
    find(".steps").innerHTML = steps.map(({ name, width, height }) => {
      // The box is drawn where it is cut out.
      const outline = name === "grey" && steps.some((step) => step.name === "cropped")
        ? `<i class="box" style="left: ${box[0]}%; top: ${box[1]}%; width: ${box[2] - box[0]}%; height: ${box[3] - box[1]}%"></i>` : "";
      return `
      <li><div class="frame"><div style="--width: ${width}; --height: ${height}"><i data-picture></i>${outline}</div></div>${say(`steps.${name}`)}</li>`;
    }).join("");
    element.querySelectorAll(".steps [data-picture]").forEach((place, i) => {
      const { picture } = steps[i]; // a canvas, or the address of a picture
      const image = typeof picture === "string" ? Object.assign(new Image(), { src: picture, alt: "" }) : picture;
      image.className = Math.max(steps[i].width, steps[i].height) <= 40 ? "pixels" : "";
      place.replaceWith(image);
    });
  }

  function renderQuestion() {
    const place = find(".choices");
    const held = place.contains(document.activeElement);
    const models = settings.keeps && pad.isOwn() ? (answer?.models ?? []) : [];
    const isKept = typeof question === "object";
    const asks = models.length && !isKept;
    const confirms = question === "ask" && models.every(({ digit }) => digit === models[0].digit);
    const asked = asks ? say(confirms ? "question" : "which") : "";
    const button = (digit, text) => `<button type="button" data-label-digit="${digit}">${text}</button>`;
    find(".asked").textContent = asked;
    find(".status").textContent = trouble || (isKept ? say("kept", { digit: question.kept }) : "");
    find(".where").textContent = asks ? say("kept_here") : "";
    place.setAttribute("aria-label", asked);
    if (isKept) place.innerHTML = `<button type="button" name="forget">${say("forget")}</button>`;
    else if (!asks) place.innerHTML = "";
    else if (confirms) place.innerHTML = `${button(models[0].digit, say("yes", models[0]))}<button type="button" name="wrong">${say("no")}</button>`;
    else place.innerHTML = Array.from({ length: 10 }, (_, digit) => button(digit, digit)).join("");
    // A button that goes would take the keyboard's focus with it.
    if (held) (place.querySelector("button") ?? find(".paper canvas")).focus();
  }

  // What stays, in the chosen language

  function translate() {
    element.lang = language;
    if (settings.alone) [document.documentElement.lang, document.title] = [language, say("title")];
    putWords(element, say, { models: listed(settings.models) });
    const other = LANGUAGES.find((each) => each !== language);
    Object.assign(find("[name=language]"), { textContent: settings.strings[other].name, lang: other });
    find(".pipelines").innerHTML = `<legend>${say("pipeline")}</legend>` + settings.pipelines.map((name) => `
      <label><input type="radio" name="${group}" value="${name}" ${name === pipeline ? "checked" : ""}><span>${name}</span></label>`).join("");
    showThumbs(find(".examples"), settings, say, language);
    find(".about dl").innerHTML = settings.models.filter((name) => known("about_models", name))
      .map((name) => `<div><dt>${title(name)}</dt><dd>${say(`about_models.${name}`)}</dd></div>`).join("");
    lookInside();
  }

  // What the user does

  const pad = makeDesk(element, settings, read, refuse, settings.alone ? document : element);

  function refuse(reason) {
    startOver();
    asked = null;
    answer = { detail: say(`errors.${reason}`) };
    render();
    announce();
  }

  element.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.name === "wrong") {
      question = "which";
      renderQuestion();
    } else if (button.name === "language") {
      language = button.lang;
      translate();
      if (answer) return read(true, false);
      render();
      announce();
    } else if (button.name === "forget") forget();
    else if (button.dataset.labelDigit) keep(Number(button.dataset.labelDigit));
  });
  element.addEventListener("change", ({ target }) => {
    if (target.name !== group) return;
    pipeline = target.value;
    read(true, false);
    if (!answer) renderFilm();
  });
  find(".insides").addEventListener("toggle", lookInside);

  element.dataset.answered = 0;
  find(".question").hidden = !settings.keeps;
  for (const part of ["header", ".about"]) find(part).hidden = !settings.alone;
  find(".place").dataset.text = settings.elsewhere.length ? "keeps_nothing" : "here";
  find(".place").hidden = settings.keeps;
  find(".insides").hidden = !settings.inside.length;
  translate();
  render();
  announce();
}
