// What makeDemo() asks in a page without a server: a worker reads the drawing, the page shows it.
// load() gives the packed networks once they are asked about; where it fails, unreachable is said.
function makeReading(load, unsureBelow, unreachable) {
  let [worker, last] = [null, 0];
  let [loading, opened] = [null, null];
  let hear = () => {}; // what the worker says of the drawing that was asked about last

  function loaded() {
    return (loading ??= load().catch((error) => {
      loading = null; // the next question tries again
      throw error;
    }));
  }

  async function start() {
    const networks = await loaded();
    if (worker) return;
    worker = startWorker();
    worker.onmessage = ({ data }) => hear(data);
    worker.postMessage({ networks, unsureBelow });
  }

  return {
    every: 0,
    async networks() {
      const { mlp, cnn } = (opened ??= openNetworks(await loaded()));
      return { mlp, cnn };
    },
    async *answers(pad, { pipeline, done, looks, change }, signal) {
      try {
        await start();
      } catch {
        return yield { detail: unreachable };
      }
      if (signal.aborted) return;
      const drawing = pad.pixels();
      const { width, height } = drawing;
      const id = ++last;
      worker.postMessage({ read: { id, drawing, pipeline, done, looks, change } }, [drawing.data.buffer]);
      let answer = null;
      for await (const reply of heardOf(id, signal)) {
        if (reply.answer) answer = shown(reply.answer, width, height);
        else if (reply.name) answer.models.find(({ name }) => name === reply.name).saliency = colours(reply.tiles);
        if (answer) yield answer;
      }
    },
  };

  // Each reply about a drawing, until the last one, or until another drawing is asked about.
  async function* heardOf(id, signal) {
    const replies = [];
    let wake = () => {};
    const put = (reply) => {
      replies.push(reply);
      wake();
    };
    hear = (reply) => reply.id === id && put(reply);
    signal.addEventListener("abort", () => put(null));
    for (;;) {
      if (!replies.length) await new Promise((resolve) => (wake = resolve));
      const reply = replies.shift();
      if (!reply || signal.aborted) return;
      if (reply.answer || reply.name) yield reply;
      if (reply.isLast) return;
    }
  }

  function shown({ digit, steps, box, models }, width, height) {
    return {
      digit,
      models: models.map((model) => ({ ...model, saliency: paint(canvasOf(28, 28), digit) })),
      steps: steps.map((step) => ({ ...step, picture: paint(canvasOf(step.width, step.height), step.pixels) })),
      box: box?.map((edge, i) => edge / (i % 2 ? height : width)),
    };
  }
}

function colours(pixels) {
  const canvas = canvasOf(28, 28);
  canvas.getContext("2d").putImageData(new ImageData(pixels, 28), 0, 0);
  return canvas;
}

// A worker of worker.js, whose program the page holds.
function startWorker() {
  const source = document.getElementById("worker-source").textContent;
  startWorker.url ??= URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Worker(startWorker.url);
}
