// What computes beside the page, so that the page stays at hand: a network that learns or, as
// answers.js has it, trained ones that read. The learner is told { start: settings }, { step: true },
// { run: true or false } and { drawing: digit }, and tells how it stands:
// { steps, passes, own, unseen, seconds, isFast, reading, pictures, done }, or of a drawing { reading }.
import { hearOfDrawings } from "./answers.js";
import { makeKernels, makeSlowKernels } from "./kernels.js";
import { indexOfLargest, Learner, MEMORY } from "./learner.js";

const CHUNK = 60; // milliseconds of learning between two messages
const GLANCE = 100; // unseen digits that are read while it learns; all are at the end of an epoch

let [learner, settings, running, drawing] = [null, null, false, null]; // the first two from its start on
const lesson = { own: 0, unseen: 0, seconds: 0 };

// What fails in a promise, too, is an error of the worker.
self.onunhandledrejection = ({ reason }) => reportError(reason);

// One after the other: what is said while a network is made ready comes after that.
let heard = Promise.resolve();
self.onmessage = ({ data }) => {
  if (data.networks || data.read) hearOfDrawings(data);
  else heard = heard.then(() => hear(data));
};

async function hear(data) {
  if (data.start) await begin(data.start);
  if (data.drawing !== undefined) {
    drawing = data.drawing;
    return postMessage({ reading: reading() });
  }
  if (data.step) learn(() => true);
  if (data.run !== undefined) {
    const wasRunning = running;
    running = data.run;
    if (running && !wasRunning) keepLearning();
  }
  if (!running) tell();
}

async function begin(given) {
  settings = given;
  const memory = MEMORY[given.network];
  const kernels = await makeKernels(given.kernels, memory).catch(() => makeSlowKernels(memory));
  learner = new Learner(kernels, given);
  Object.assign(lesson, { isFast: kernels.isFast, seconds: 0 });
  judge(true);
}

async function keepLearning() {
  while (running && learner.passes < settings.epochs) {
    const end = performance.now() + CHUNK;
    learn(() => performance.now() > end);
    tell();
    await new Promise((resume) => setTimeout(resume)); // for what the page may have to say
  }
  running = false;
  tell();
}

// Learns until it is enough, or an epoch is over.
function learn(isEnough) {
  const start = performance.now();
  do learner.step(settings.shown);
  while (learner.queue.length && !isEnough());
  lesson.seconds += (performance.now() - start) / 1000;
  judge(!learner.queue.length);
}

function judge(isWhole) {
  const { digits, labels, unseen, unseenLabels } = settings;
  const count = isWhole ? unseenLabels.length : GLANCE; // of either kind
  lesson.own = accuracyOf(digits, labels, count);
  lesson.unseen = accuracyOf(unseen, unseenLabels, count);
}

function accuracyOf(digits, labels, most) {
  const count = Math.min(labels.length, most);
  const shares = learner.read(digits.subarray(0, 784 * count));
  let right = 0;
  for (let i = 0; i < count; i++) right += indexOfLargest(shares.subarray(10 * i, 10 * i + 10)) === labels[i];
  return right / count;
}

function tell() {
  const { steps, passes } = learner;
  const done = passes >= settings.epochs;
  postMessage({ ...lesson, steps, passes, done, reading: reading(), pictures: picturesOf() });
}

const reading = () => drawing && learner.read(drawing);

// What its first layer has become: kernels of 3×3, or the weights of the first neurons at their pixels.
function picturesOf() {
  const pictures = columnsOf(learner.kernel ?? learner.hidden, settings.pictures);
  if (learner.kernel || !learner.order) return pictures;
  return pictures.map((weights) => {
    const placed = new Float32Array(784);
    learner.order.forEach((pixel, at) => (placed[pixel] = weights[at]));
    return placed;
  });
}

function columnsOf({ inputs, outputs, weight: [values] }, count) {
  const column = (j) => Float32Array.from({ length: inputs }, (_, i) => values[i * outputs + j]);
  return Array.from({ length: count }, (_, j) => column(j));
}
