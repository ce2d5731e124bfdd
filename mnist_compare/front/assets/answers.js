// Reads drawings in a worker: told { networks, unsureBelow } once and { read: question } for each, it tells
// { id, digit, steps, box, models } of the last. Of a drawing to be changed, no steps are wanted; of one
// that is looked into, the traces.
let [trained, doubt, latest] = [null, 0, 0];

function hearOfDrawings({ networks, unsureBelow, read: asked }) {
  if (networks) [trained, doubt] = [openNetworks(networks), unsureBelow];
  if (!asked || asked.id !== latest) return;
  const { id, change, looks } = asked;
  const { digit: placed, steps, box, blank } = preprocess(asked.drawing, asked.pipeline);
  const digit = change && !blank ? changedDigit(placed, change) : placed;
  const models = blank ? [] : readDigit(trained, digit, doubt, looks);
  postMessage({ id, digit: blank ? null : digit, steps: change ? [] : steps, box, models });
}
