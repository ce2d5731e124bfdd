// What the networks read in a digit, as the package has it.

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
