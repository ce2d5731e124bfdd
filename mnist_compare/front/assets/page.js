// Brings the stage, the pads and the figures of a page to life, without a server.
const given = JSON.parse(document.getElementById("demo-data").textContent);
const networks = openNetworks(given.networks);
const reading = makeReading(networks, given.networks, given.unsure_below);
const compared = { mlp: given.networks.mlp, cnn: given.networks.cnn }; // of the stage, which reads by itself
const { strings, language } = given.settings;

// For whoever wants to know: what the networks see of a picture, and what they answer.
window.mnistCompare = {
  read(imageData, pipeline = "center") {
    const { digit, blank } = preprocess(imageData, pipeline);
    if (blank) return { digit, models: {} };
    const models = readDigit(networks, digit, given.unsure_below).map(({ name, digit, probabilities }) => [name, { digit, probabilities }]);
    return { digit, models: Object.fromEntries(models) };
  },
};

function say(name, values = {}) {
  const text = name.split(".").reduce((texts, key) => texts[key], strings[language]);
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key]);
}

function wake(element) {
  element.replaceChildren(document.getElementById("demo-parts").content.cloneNode(true));
  makeDemo(element, { ...given.settings, pipeline: element.dataset.pipeline }, reading);
}

// Networks that learn are made ready when the first of them is near.
let school = null;
const opened = () => (school ??= openSchool(given.lessons));
if (given.lessons) window.mnistCompare.train = (settings) => opened().then(({ train }) => train(settings));

async function makeLesson(element) {
  const names = element.dataset.networks.split(" ");
  try {
    makeTrainer(element, names, "shuffled" in element.dataset, await opened(), say);
  } catch {
    element.textContent = say("trainer.unsupported");
  }
}

function setStage(element) {
  makeStage(element, given.settings, given.stage, makeReading(networks, compared, given.unsure_below), say);
}

// Each part is made shortly before it is seen; those of a page that is still being read, at its end.
const coming = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    coming.unobserve(target);
    const before = target.offsetHeight;
    if (target.dataset.figure) makeConfusion(target, given.figures[target.dataset.figure], say);
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
  document.querySelectorAll(".demo:not(:has(.desk)), [data-figure], .trainer").forEach((element) => coming.observe(element));
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
