// Brings the stage, the pads and the figures of a page to life, without a server.
const given = JSON.parse(document.getElementById("demo-data").textContent);
const { strings, language } = given.settings;
const coming = {}; // what is on its way, by the address of the script that holds it

// A part of what is given stands in the page or in a script beside it, which hands it over once all that
// shows is there.
const complete = new Promise((resolve) => (document.readyState === "complete" ? resolve() : addEventListener("load", resolve)));
function part(value) {
  if (typeof value !== "string") return Promise.resolve(value);
  return (coming[value] ??= complete.then(() => new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: value });
    script.onload = () => resolve(window.mnistCompare.held);
    script.onerror = () => {
      delete coming[value];
      reject(new Error(value));
    };
    document.head.append(script);
  })));
}

async function packed(names) {
  const layers = await Promise.all(names.map((name) => part(given.networks[name])));
  return Object.fromEntries(names.map((name, i) => [name, layers[i]]));
}

// The networks of the stage, which reads by itself, and those of all the pads.
const makeReader = (names) => makeReading(() => packed(names), given.unsure_below, say);
const COMPARED = ["mlp", "cnn"];
let reader = null;
const everyReader = () => (reader ??= makeReader(Object.keys(given.networks)));

// For whoever wants to know: what the networks see of a picture, and what they answer.
window.mnistCompare = {
  async read(imageData, pipeline = "center") {
    const { digit, blank } = preprocess(imageData, pipeline);
    if (blank) return { digit, models: {} };
    const networks = openNetworks(await packed(Object.keys(given.networks)));
    const models = readDigit(networks, digit, given.unsure_below).map(({ name, digit, probabilities }) => [name, { digit, probabilities }]);
    return { digit, models: Object.fromEntries(models) };
  },
};

function say(name, values = {}) {
  const text = name.split(".").reduce((texts, key) => texts[key], strings[language]);
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key]).replace(/\b(a)(?= 8\b)/gi, "$1n");
}

function wake(element) {
  element.replaceChildren(document.getElementById("demo-parts").content.cloneNode(true));
  makeDemo(element, { ...given.settings, pipeline: element.dataset.pipeline }, everyReader());
}

// Networks that learn are made ready when the first of them is near.
let school = null;
const opened = () => (school ??= part(given.lessons).then(openSchool));
if (given.lessons) window.mnistCompare.train = (settings) => opened().then(({ train }) => train(settings));

async function makeLesson(element) {
  const names = element.dataset.networks.split(" ");
  try {
    makeTrainer(element, names, "shuffled" in element.dataset, await opened(), say);
  } catch {
    element.textContent = say("trainer.unsupported");
  }
}

async function makeFigure(element) {
  makeConfusion(element, await part(given.figures[element.dataset.figure]), say);
}

function setStage(element) {
  makeStage(element, given.settings, given.stage, makeReader(COMPARED), say);
}

// Each part is made shortly before it is seen; those of a page that is still being read, at its end.
const awaited = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    awaited.unobserve(target);
    const before = target.offsetHeight;
    if (target.dataset.figure) makeFigure(target);
    else if (target.dataset.networks) makeLesson(target);
    else wake(target);
    // What is read must not be pushed away; not every browser sees to that itself.
    const isAbove = target.getBoundingClientRect().top < 0;
    if (isAbove && !CSS.supports("overflow-anchor", "auto")) scrollBy(0, target.offsetHeight - before);
  }
}, { rootMargin: "1500px" });

function expect() {
  for (const label of Object.keys(given.figures)) {
    const place = document.createElement("div");
    place.dataset.figure = label;
    const figure = document.getElementById(label);
    figure.classList.add("answers-itself"); // in place of the picture, which paper keeps
    figure.querySelector(".frame").before(place);
  }
  document.querySelectorAll(".demo:not(:has(.desk)), [data-figure], .trainer").forEach((element) => awaited.observe(element));
  for (const [name, make] of [["collector", makeCollector], ["evidence", makeEvidence]])
    document.querySelectorAll(`.${name}`).forEach((element) => make(element, given.settings.models, everyReader(), say));
}

// A picture that misses the pad would else take the place of the page.
for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());

// Else the places of the pads keep saying what they need.
if ("getContext" in document.createElement("canvas") && "ResizeObserver" in window) {
  document.querySelectorAll(".stage").forEach(setStage);
  document.querySelectorAll(".demo").forEach(wake);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", expect);
  else expect();
}
