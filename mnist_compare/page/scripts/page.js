// Brings the stage, the pads and the figures of a page to life.
import { makeReading, once } from "./asking.js";
import { Collector } from "./collector.js";
import { Confusion } from "./confusion.js";
import { COMPARED } from "./curves.js";
import { Demo } from "./demo.js";
import { Evidence } from "./evidence.js";
import { openNetworks, readDigit } from "./networks.js";
import { preprocess } from "./preprocessing.js";
import { openSchool } from "./school.js";
import { tellHeight, withServer } from "./server.js";
import { makeStage } from "./stage.js";
import { Trainer } from "./trainer.js";
import { textOf } from "./words.js";

const given = JSON.parse(document.getElementById("demo-data").textContent);
const { strings } = given.settings;
const preferred = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in strings);
const language = (given.settings.language ??= preferred ?? "en");
const coming = {}; // what is on its way, by the address of the script that holds it

// A part of what is given stands in the page or in a script beside it, which hands it over once all that
// shows is there.
const isComplete = document.readyState === "complete";
const complete = new Promise((resolve) => (isComplete ? resolve() : addEventListener("load", resolve)));
function part(value) {
  if (typeof value !== "string") return Promise.resolve(value);
  coming[value] ??= once(() => complete.then(() => new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: value });
    script.onload = () => resolve(window.mnistCompare.held);
    script.onerror = () => reject(new Error(value));
    document.head.append(script);
  })));
  return coming[value]();
}

async function packed(names) {
  const layers = await Promise.all(names.map((name) => part(given.networks[name])));
  return Object.fromEntries(names.map((name, i) => [name, layers[i]]));
}

// The networks of the stage, which reads by itself, and those of all the pads.
const makeReader = (names, inside) => makeReading(() => packed(names), inside, given.unsure_below, say);
const makeReaderOfAll = () => makeReader(Object.keys(given.networks), given.settings.inside);
let reader = null;
const everyReader = () => (reader ??= given.settings.alone ? withServer(makeReaderOfAll(), given) : makeReaderOfAll());

// For whoever wants to know: what the networks see of a picture, and what they answer.
window.mnistCompare = {
  async read(imageData, pipeline = "center") {
    const { digit, blank } = preprocess(imageData, pipeline);
    if (blank) return { digit, models: {} };
    const networks = openNetworks(await packed(Object.keys(given.networks)));
    const answers = readDigit(networks, digit, given.unsure_below);
    const models = answers.map(({ name, digit, probabilities }) => [name, { digit, probabilities }]);
    return { digit, models: Object.fromEntries(models) };
  },
};

const say = (name, values, spoken = language) => textOf(strings[spoken], name, values);

function wake(element) {
  element.replaceChildren(document.getElementById("demo-parts").content.cloneNode(true));
  new Demo(element, { ...given.settings, pipeline: element.dataset.pipeline }, everyReader());
}

// Networks that learn are made ready when the first of them is near.
const opened = once(() => part(given.lessons).then(openSchool));
if (given.lessons) window.mnistCompare.train = (settings) => opened().then(({ train }) => train(settings));

async function makeLesson(element) {
  const tell = (name) => (element.textContent = say(`trainer.${name}`));
  if (!("DecompressionStream" in window)) return tell("unsupported");
  if (!(await part(given.lessons).catch(() => null))) return tell("unloaded");
  const names = element.dataset.networks.split(" ");
  new Trainer(element, names, "shuffled" in element.dataset, await opened(), say);
}

async function makeFigure(figure) {
  const data = await part(given.figures[figure.id]).catch(() => null);
  if (!data) return; // the picture stays
  const place = document.createElement("div");
  place.dataset.figure = figure.id;
  new Confusion(place, data, say);
  figure.classList.add("answers-itself"); // in place of the picture, which paper keeps
  figure.querySelector(".frame").before(place);
}

// Each part is made shortly before it is seen; those of a page that is still being read, at its end.
const awaited = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    awaited.unobserve(target);
    const before = target.offsetHeight;
    if (target.matches("figure")) makeFigure(target);
    else if (target.dataset.networks) makeLesson(target);
    else wake(target);
    // What is read must not be pushed away; not every browser sees to that itself.
    const isAbove = target.getBoundingClientRect().top < 0;
    if (isAbove && !CSS.supports("overflow-anchor", "auto")) scrollBy(0, target.offsetHeight - before);
  }
}, { rootMargin: "1500px" });

function expect() {
  for (const label of Object.keys(given.figures)) awaited.observe(document.getElementById(label));
  document.querySelectorAll(".demo:not(:has(.desk)), .trainer").forEach((element) => awaited.observe(element));
  const { models } = given.settings;
  document.querySelectorAll(".collector").forEach((element) => new Collector(element, models, everyReader(), say));
  document.querySelectorAll(".evidence").forEach((element) => new Evidence(element, models, everyReader(), say));
}

if (given.settings.alone && parent !== window) tellHeight();

// A picture that misses the pad would else take the place of the page.
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());

// Else the places of the pads keep saying what they need.
if ("getContext" in document.createElement("canvas") && "ResizeObserver" in window) {
  for (const stage of document.querySelectorAll(".stage"))
    makeStage(stage, given.settings, given.stage, makeReader(COMPARED, COMPARED), say);
  document.querySelectorAll(".demo").forEach(wake);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", expect);
  else expect();
}
