// The digits that networks learn in a page, and a worker for each network, in which learner.js learns.
import { startWorker } from "./asking.js";
import { bytesOf, halvesOf, through } from "./bytes.js";
import { permutation, random } from "./chance.js";

export const PICKED = 24; // of the first layer's pictures that are shown

// Digits of four bits a pixel, deflated, in base64: bytes of 0–255, 784 for each.
async function unpackedDigits(text) {
  const packed = await through(bytesOf(text), new DecompressionStream("deflate"));
  return halvesOf(packed).map((shade) => 17 * shade);
}

// Makes the digits of a page and its workers ready, once somebody wants to see a network learn.
export async function openSchool({ digits, labels, unseen, unseen_labels, kernels, ...known }) {
  const numbers = (text) => Uint8Array.from(text, Number);
  const [all, unseenDigits] = await Promise.all([digits, unseen].map(unpackedDigits));
  const [allLabels, unseenLabels] = [labels, unseen_labels].map(numbers);

  // So many of the digits, drawn by the seed, which a network learns in its worker.
  function teach({ count, ...settings }, hear, fail) {
    const worker = startWorker();
    worker.onmessage = ({ data }) => hear(data);
    worker.onerror = worker.onmessageerror = ({ message }) => fail(new Error(message ?? "There is no worker."));
    const drawn = permutation(allLabels.length, random(`digits ${settings.seed}`)).subarray(0, count);
    const own = { digits: new Uint8Array(784 * count), labels: Uint8Array.from(drawn, (at) => allLabels[at]) };
    drawn.forEach((at, i) => own.digits.set(all.subarray(784 * at, 784 * at + 784), 784 * i));
    const others = { unseen: unseenDigits, unseenLabels, shown: known.shown };
    worker.postMessage({ start: { ...settings, ...own, ...others, pictures: PICKED, kernels: bytesOf(kernels) } });
    return worker;
  }

  // A network's whole lesson, for scripts: { own, unseen, seconds }.
  function train({ network = "mlp", digits = 1000, epochs = known.epochs, seed = 0, shuffled = false } = {}) {
    const wrong = mistake(network, digits, epochs, seed);
    if (wrong) return Promise.reject(new RangeError(wrong));
    let worker = null;
    const learned = new Promise((resolve, reject) => {
      const hear = ({ done, own, unseen, seconds }) => done && resolve({ own, unseen, seconds });
      worker = teach({ network, count: digits, epochs, seed, shuffled }, hear, reject);
      worker.postMessage({ run: true });
    });
    return learned.finally(() => worker?.terminate());
  }

  function mistake(network, digits, epochs, seed) {
    const isWhole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;
    const [networks, most] = [Object.keys(known.recorded), allLabels.length];
    if (!networks.includes(network)) return `network is one of ${networks.join(", ")}, not ${network}.`;
    if (!isWhole(digits, 1, most)) return `digits is a whole number from 1 to ${most}, not ${digits}.`;
    if (!isWhole(epochs, 1, 1000)) return `epochs is a whole number from 1 to 1000, not ${epochs}.`;
    return isWhole(seed, 0, 2 ** 31) ? "" : `seed is a whole number, not ${seed}.`;
  }
  return { ...known, unseenLabels, teach, train };
}
