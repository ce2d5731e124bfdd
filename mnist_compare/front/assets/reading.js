// Reads what is drawn in the page itself, and shows on which ink each answer rests, as the package does.
const TILE = 4; // pixels a side of what is hidden at a time
const FOR = [98, 168, 250]; // colours of the ink that spoke for the answer
const AGAINST = [250, 106, 88];
const SLICE = 8; // milliseconds of work before the page may answer to the pen again
// For these, blacking out the tiles takes longer than the answer: the milliseconds that the pen rests first.
const LATER = { cnn: 0, reader: 120 };

// What makeDemo() asks in a page without a server; an answer below unsureBelow is a doubt.
function makeReading(networks, unsureBelow) {
  const read = (digit) => Object.entries(networks).map(([name, network]) => {
    const probabilities = network.read(digit);
    const confidence = Math.max(...probabilities);
    return { name, digit: probabilities.indexOf(confidence), confidence, unsure: confidence < unsureBelow, probabilities };
  });

  return {
    every: 0,
    read,
    networks: async () => ({ cnn: networks.cnn, mlp: networks.mlp }),
    async *answers(pad, pipeline, done, language, signal) {
      const drawing = pad.pixels();
      const { digit, steps, box, blank } = preprocess(drawing, pipeline);
      const models = blank ? [] : read(digit);
      for (const model of models) {
        const isLater = model.name in LATER;
        model.saliency = isLater ? paint(canvasOf(28, 28), digit) : atOnce(occlusions(networks[model.name], digit));
      }
      const answer = {
        models,
        digit: blank ? null : digit,
        steps: steps.map((step) => ({ ...step, picture: paint(canvasOf(step.width, step.height), step.pixels) })),
        box: box?.map((edge, i) => edge / (i % 2 ? drawing.height : drawing.width)),
      };
      yield answer;
      for (const model of models.filter(({ name }) => name in LATER)) {
        await new Promise((resume) => setTimeout(resume, done ? 0 : LATER[model.name]));
        const saliency = await inSlices(occlusions(networks[model.name], digit), signal);
        if (!saliency) return;
        model.saliency = saliency;
        yield answer;
      }
    },
  };
}

// How far the log odds of the answer fall without each tile, as the colour of its ink: a generator
// that rests after each tile and returns a canvas.
function* occlusions(network, digit) {
  const whole = network.read(digit);
  const answer = whole.indexOf(Math.max(...whole));
  const spoken = new Float32Array(digit.length);
  for (let top = 0; top < 28; top += TILE)
    for (let left = 0; left < 28; left += TILE) {
      const inked = tile(top, left).filter((at) => digit[at]);
      if (!inked.length) continue;
      const without = digit.slice();
      for (const at of inked) without[at] = 0;
      const fall = logOdds(whole, answer) - logOdds(network.read(without), answer);
      for (const at of inked) spoken[at] = fall;
      yield;
    }
  const largest = spoken.reduce((most, each) => Math.max(most, Math.abs(each)), 1e-9);
  const image = new ImageData(28, 28);
  spoken.forEach((each, at) => {
    const strength = Math.abs(each / largest) ** 0.7; // so that middling values are seen as well
    const colour = (each > 0 ? FOR : AGAINST).map((hue) => (digit[at] / 255) * (strength * hue + (1 - strength) * 120));
    image.data.set([...colour, 255], 4 * at);
  });
  const canvas = canvasOf(28, 28);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

function tile(top, left) {
  return Array.from({ length: TILE * TILE }, (_, i) => (top + Math.floor(i / TILE)) * 28 + left + (i % TILE));
}

function logOdds(probabilities, digit) {
  const others = probabilities.reduce((sum, each, i) => (i === digit ? sum : sum + each), 0);
  return Math.log(Math.max(probabilities[digit], 1e-30) / Math.max(others, 1e-30));
}

function atOnce(work) {
  let step = work.next();
  while (!step.done) step = work.next();
  return step.value;
}

// Does the work between frames, and returns what it returns, or null once the signal has come.
async function inSlices(work, signal) {
  while (!signal.aborted) {
    const end = performance.now() + SLICE;
    do {
      const step = work.next();
      if (step.done) return step.value;
    } while (performance.now() < end);
    await new Promise((resume) => setTimeout(resume));
  }
  return null;
}
