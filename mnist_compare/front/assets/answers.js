// Reads drawings in a worker: told { networks, unsureBelow } once and { read: question } for each, it tells
// { id, answer } and, when the pen is up, { id, name, tiles } for each network, the last with isLast; or
// { id, error, isLast } of what it cannot read. { stop: id } ends a question, and none ends another.
// Of a drawing to be changed, only the answer is wanted; of one that is looked into, the traces.
const SLICE = 8; // milliseconds of work before another drawing may come in
const wanted = new Set(); // the ids of questions that are not answered yet
let [trained, doubt] = [null, 0];

function hearOfDrawings({ networks, unsureBelow, read: asked, stop }) {
  if (networks) [trained, doubt] = [openNetworks(networks), unsureBelow];
  wanted.delete(stop);
  if (!asked) return;
  wanted.add(asked.id);
  readDrawing(asked)
    .catch(({ message }) => postMessage({ id: asked.id, error: message, isLast: true }))
    .finally(() => wanted.delete(asked.id));
}

async function readDrawing(asked) {
  const { change, looks } = asked;
  const { digit: placed, steps, box, blank } = preprocess(asked.drawing, asked.pipeline);
  const digit = change && !blank ? changedDigit(placed, change) : placed;
  const models = blank ? [] : readDigit(trained, digit, doubt, looks);
  const isLast = !asked.done || Boolean(change);
  postMessage({ id: asked.id, answer: { digit: blank ? null : digit, steps: change ? [] : steps, box, models }, isLast });
  if (isLast) return;
  for (const { name } of models) {
    const tiles = await inSlices(occlusions(trained[name], digit), () => !wanted.has(asked.id));
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
