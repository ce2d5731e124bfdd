// Reads drawings in a worker: told { networks, unsureBelow } once and { read: question } for each, it tells
// { id, answer } and, when the pen is up, { id, name, tiles } for each network. A later drawing ends it.
// Of a drawing to be changed, only the answer is wanted; of one that is looked into, the traces.
const SLICE = 8; // milliseconds of work before a later drawing may come in
let [trained, doubt, latest] = [null, 0, 0];

async function hearOfDrawings({ networks, unsureBelow, read: asked }) {
  if (networks) [trained, doubt] = [openNetworks(networks), unsureBelow];
  if (!asked || asked.id !== latest) return;
  const { change, looks } = asked;
  const { digit: placed, steps, box, blank } = preprocess(asked.drawing, asked.pipeline);
  const digit = change && !blank ? changedDigit(placed, change) : placed;
  const models = blank ? [] : readDigit(trained, digit, doubt, looks);
  const isLast = !asked.done || Boolean(change);
  postMessage({ id: asked.id, answer: { digit: blank ? null : digit, steps: change ? [] : steps, box, models }, isLast });
  if (isLast) return;
  for (const { name } of models) {
    const tiles = await inSlices(occlusions(trained[name], digit), () => asked.id !== latest);
    if (!tiles) return;
    postMessage({ id: asked.id, name, tiles });
  }
  postMessage({ id: asked.id, isLast: true });
}

// Does the work bit by bit, and returns what it returns, or null once it is not wanted any more.
async function inSlices(work, isOver) {
  while (!isOver()) {
    const end = performance.now() + SLICE;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await new Promise((resume) => setTimeout(resume));
  }
  return null;
}
