// Reads drawings in a worker: told { networks, unsureBelow } once and { read: drawing } for each, it tells
// { id, answer } and, when the pen is up, { id, name, tiles } for each network. A later drawing ends it.
const SLICE = 8; // milliseconds of work before a later drawing may come in
let [trained, doubt, latest] = [null, 0, 0];

async function hearOfDrawings({ networks, unsureBelow, read: asked }) {
  if (networks) [trained, doubt] = [openNetworks(networks), unsureBelow];
  if (!asked || asked.id !== latest) return;
  const { digit, steps, box, blank } = preprocess(asked.drawing, asked.pipeline);
  const models = blank ? [] : readDigit(trained, digit, doubt);
  postMessage({ id: asked.id, answer: { digit: blank ? null : digit, steps, box, models }, isLast: !asked.done });
  if (!asked.done) return;
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
