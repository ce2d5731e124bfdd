// Brings the pads of a page to life, without a server, and lends their reading to whoever asks.
const given = JSON.parse(document.getElementById("demo-data").textContent);
const networks = openNetworks(given.networks);
const reading = makeReading(networks, given.unsure_below);

// A property of the window, for the console and for tests.
window.mnistCompare = {
  // What the networks see of a picture, and what they answer.
  read(imageData, pipeline = "center") {
    const { digit } = preprocess(imageData, pipeline);
    const models = reading.read(digit).map(({ name, digit, probabilities }) => [name, { digit, probabilities }]);
    return { digit, models: Object.fromEntries(models) };
  },
};

for (const element of document.querySelectorAll(".demo")) {
  element.replaceChildren(document.getElementById("demo-parts").content.cloneNode(true));
  makeDemo(element, { ...given.settings, pipeline: element.dataset.pipeline }, reading);
}
