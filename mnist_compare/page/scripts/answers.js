// Reads drawings in a worker: told { networks, unsureBelow } once and { read: question } for each, it tells
// { id, digit, steps, box, models }, or { id, error } of what it cannot read. Of a drawing to be changed,
// no steps are wanted; of one that is looked into, the traces.
import { changedDigit } from "./changes.js";
import { openNetworks, readDigit } from "./networks.js";
import { preprocess } from "./preprocessing.js";

let [trained, doubt] = [null, 0];

export function hearOfDrawings({ networks, unsureBelow, read: asked }) {
  if (networks) [trained, doubt] = [openNetworks(networks), unsureBelow];
  if (!asked) return;
  try {
    postMessage({ id: asked.id, ...readDrawing(asked) });
  } catch ({ message }) {
    postMessage({ id: asked.id, error: message });
  }
}

function readDrawing({ drawing, pipeline, change, looks }) {
  const { digit: placed, steps, box, blank } = preprocess(drawing, pipeline);
  const digit = change && !blank ? changedDigit(placed, change) : placed;
  const models = blank ? [] : readDigit(trained, digit, doubt, looks);
  return { digit: blank ? null : digit, steps: change ? [] : steps, box, models };
}
