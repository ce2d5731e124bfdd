// What the networks read in a digit, and on which of its ink each answer rests, as the package has it.
const TILE = 4; // pixels a side of what is hidden at a time
const FOR = [98, 168, 250]; // colours of the ink that spoke for the answer
const AGAINST = [250, 106, 88];

// An answer of which a network is less sure than unsureBelow is a doubt. Where somebody looks into those
// networks that looks names, their traces are with it.
function readDigit(networks, digit, unsureBelow, looks = []) {
  return Object.entries(networks).map(([name, network]) => {
    const trace = network.trace(digit);
    const probabilities = trace.at(-1).values;
    const confidence = Math.max(...probabilities);
    const answer = { name, digit: probabilities.indexOf(confidence), confidence, unsure: confidence < unsureBelow, probabilities };
    return looks.includes(name) ? { ...answer, trace } : answer;
  });
}

// How far the log odds of the answer fall without each tile, as the colour of its ink: a generator
// that rests after each tile and returns 28×28 pixels of red, green, blue and alpha.
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
  const image = new Uint8ClampedArray(4 * digit.length);
  spoken.forEach((each, at) => {
    const strength = Math.abs(each / largest) ** 0.7; // so that middling values are seen as well
    const colour = (each > 0 ? FOR : AGAINST).map((hue) => (digit[at] / 255) * (strength * hue + (1 - strength) * 120));
    image.set([...colour, 255], 4 * at);
  });
  return image;
}

function tile(top, left) {
  return Array.from({ length: TILE * TILE }, (_, i) => (top + Math.floor(i / TILE)) * 28 + left + (i % TILE));
}

function logOdds(probabilities, digit) {
  const others = probabilities.reduce((sum, each, i) => (i === digit ? sum : sum + each), 0);
  return Math.log(Math.max(probabilities[digit], 1e-30) / Math.max(others, 1e-30));
}
