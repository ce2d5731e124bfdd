// The demo in an element of a page: has the drawing read while it grows, and says what the networks answer.
// computer.answer(pad, { pipeline, language, looks }, signal) gives { models, steps, box, digit } or { detail }, a
// model with its trace where looks names it; it is asked at most every computer.every milliseconds within a stroke.
// computer.networks() gives those to look into. Where settings.keeps, computer.keep and computer.forget keep drawings.
import { makeDesk } from "./desk.js";
import { makeInside } from "./inside.js";
import { makeQuestion } from "./question.js";
import { modelCard, showFilm } from "./results.js";
import { showThumbs } from "./thumbs.js";
import { listOf, putWords, textOf } from "./words.js";

const REST = 4; // milliseconds, at least, until a change that came too soon is looked at again
let demos = 0; // that one page has

export class Demo {
  answer = null; // what the computer said last: { models, steps, box } or { detail }
  several = false; // whether the drawing looks like more than one digit
  current = new AbortController(); // of the question asked last
  asked = null; // the same while it waits for its answer
  last = 0; // when it was sent
  waiting = 0; // the timer of a change that came too soon after the last
  took = 0; // milliseconds until its answer: a slow machine is asked less often
  inside = null; // the view of what happens in the networks, once somebody has looked
  strokes = 0; // finished changes of the drawing, counted for whoever measures

  constructor(element, settings, computer) {
    Object.assign(this, { element, settings, computer, pipeline: settings.pipeline });
    this.languages = Object.keys(settings.strings);
    this.language = settings.language;
    this.group = `pipeline${settings.alone ? "" : ++demos}`; // of radio buttons, which a page tells apart by name
    this.say = (name, values) => textOf(settings.strings[this.language], name, values);
    this.find = (selector) => element.querySelector(selector);
    this.question = makeQuestion(this);
    const page = settings.alone ? document : element;
    this.pad = makeDesk(element, settings, (done) => this.read(done), (reason) => this.refuse(reason), page);
    this.listen();
    element.dataset.answered = 0;
    this.find(".question").hidden = !settings.keeps;
    for (const part of ["header", ".about"]) this.find(part).hidden = !settings.alone;
    this.find(".place").dataset.text = settings.elsewhere.length ? "keeps_nothing" : "here";
    this.find(".place").hidden = settings.keeps;
    this.find(".insides").hidden = !settings.inside.length;
    this.translate();
    this.render();
    this.announce();
  }

  // A network may be called "constructor".
  known = (table, name) => Object.hasOwn(this.settings.strings[this.language][table], name);
  title = (name) => (this.known("models", name) ? this.say(`models.${name}`) : name);
  listed = (names) => listOf(names.map((name) => this.title(name)), this.language);

  // Has the drawing read: another one than before, or the same in another way.
  async read(done, isOther = true) {
    if (done && isOther) this.several = this.pad.pieces() > 1;
    if (done && isOther) this.question.begin();
    clearTimeout(this.waiting);
    const rest = this.last + Math.max(this.computer.every, this.took) - performance.now();
    const again = () => this.read(false);
    if (!done && (this.asked || rest > 0)) return (this.waiting = setTimeout(again, Math.max(rest, REST)));
    const mine = this.startOver();
    this.last = performance.now();
    if (done) this.strokes++;
    const [count, looks] = [this.strokes, this.find(".insides").open ? this.settings.inside : []];
    const asked = { pipeline: this.pipeline, language: this.language, looks };
    const reply = this.pad.isEmpty() ? null : await this.computer.answer(this.pad, asked, mine.signal);
    if (mine.signal.aborted) return; // a later question took its place
    [this.took, this.asked, this.answer] = [performance.now() - this.last, null, reply];
    document.dispatchEvent(new CustomEvent("digitdrawn", { detail: this.answer?.digit ?? null }));
    this.render(!done);
    if (done) this.announce();
    this.element.dataset.answered = count;
  }

  startOver() {
    this.current.abort();
    return (this.asked = this.current = new AbortController());
  }

  refuse(reason) {
    this.startOver();
    this.asked = null;
    this.answer = { detail: this.say(`errors.${reason}`) };
    this.render();
    this.announce();
  }

  // To screen readers, which would stumble over every answer within a stroke.
  announce() {
    const said = `${this.headline()} ${this.hint()}`.trim();
    if (this.find(".spoken").textContent !== said) this.find(".spoken").textContent = said;
  }

  headline() {
    const { answer, say } = this;
    if (!answer) return say("empty");
    if (answer.detail) return answer.detail;
    const { models } = answer;
    if (!models.length) return say("errors.blank"); // nothing was drawn on the photo
    const unsure = this.listed(models.filter((model) => model.unsure).map(({ name }) => name));
    const digit = models[0].digit;
    if (models.every((model) => model.digit === digit))
      return say(unsure ? "agreed_unsure" : "agreed", { digit, models: unsure });
    const answers = models.map(({ name, digit }) => `${this.title(name)}\u00a0${digit}`).join(", ");
    return say(unsure ? "disagree_unsure" : "disagree", { answers, models: unsure });
  }

  hint = () => (this.several && this.answer?.models?.length ? this.say("several") : "");

  render(isGrowing = false) {
    const { answer, find, say } = this;
    const models = answer?.models ?? [];
    const apart = new Set(models.map(({ digit }) => digit)).size > 1;
    const card = (name) => modelCard(name, this.title(name), models.find((model) => model.name === name), say);
    find(".headline").textContent = this.headline();
    find(".hint").textContent = this.hint();
    find(".answer").className = `answer${apart ? " apart" : ""}${answer?.detail ? " refused" : ""}`;
    find(".models").innerHTML = this.settings.models.map(card).join("");
    this.showInside(isGrowing);
    showFilm(this.element, answer, this.pipeline, say);
    this.question.render();
  }

  async lookInside() {
    if (!this.find(".insides").open) return;
    const place = this.find(".insides > div");
    const networks = await this.computer.networks().catch(() => null);
    if (!networks) return (place.textContent = this.say("unloaded"));
    if (place.lang !== this.language) this.inside = makeInside(place, networks, this.say);
    place.lang = this.language;
    this.showInside();
  }

  showInside(isGrowing) {
    if (this.find(".insides").open) this.inside?.show(this.answer?.digit ?? null, this.answer?.models, isGrowing);
  }

  // What stays, in the chosen language.
  translate() {
    const { settings, element, find, say, language } = this;
    element.lang = language;
    if (settings.alone) [document.documentElement.lang, document.title] = [language, say("title")];
    putWords(element, say, { models: this.listed(settings.models) });
    const other = this.languages.find((each) => each !== language);
    Object.assign(find("[name=language]"), { textContent: settings.strings[other].name, lang: other });
    const radio = (name) =>
      `<label><input type="radio" name="${this.group}" value="${name}"><span>${name}</span></label>`;
    find(".pipelines").innerHTML = `<legend>${say("pipeline")}</legend>${settings.pipelines.map(radio).join("")}`;
    find(`[value=${this.pipeline}]`).checked = true;
    showThumbs(find(".examples"), settings, say, language);
    const about = (name) => `<div><dt>${this.title(name)}</dt><dd>${say(`about_models.${name}`)}</dd></div>`;
    const told = settings.models.filter((name) => this.known("about_models", name));
    find(".about dl").innerHTML = told.map(about).join("");
    this.lookInside();
  }

  listen() {
    const { element } = this;
    element.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button?.name !== "language") return;
      this.language = button.lang;
      this.translate();
      if (this.answer) return this.read(true, false);
      this.render();
      this.announce();
    });
    element.addEventListener("change", ({ target }) => {
      if (target.name !== this.group) return;
      this.pipeline = target.value;
      this.read(true, false);
      if (!this.answer) showFilm(element, null, this.pipeline, this.say);
    });
    this.find(".insides").addEventListener("toggle", () => this.lookInside());
  }
}
