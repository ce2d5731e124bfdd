// What the networks read in a digit, as the package has it.

// An answer of which a network is less sure than unsureBelow is a doubt. Where somebody looks into those
// networks that looks names, their traces are with it.
function readDigit(networks, digit, unsureBelow, looks = []) {
  return Object.entries(networks).map(([name, network]) => {
    const trace = network.trace(digit);
    const answer = answerOf(name, trace.at(-1).values, unsureBelow);
    return looks.includes(name) ? { ...answer, trace } : answer;
  });
}

function answerOf(name, probabilities, unsureBelow) {
  const confidence = Math.max(...probabilities);
  return { name, digit: probabilities.indexOf(confidence), confidence, unsure: confidence < unsureBelow, probabilities };
}
