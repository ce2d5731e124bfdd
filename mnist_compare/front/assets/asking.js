// What makeDemo() asks in a page without a server: a worker reads the drawing, the page shows it.
function makeReading(networks, packed, unsureBelow) {
  let [worker, last] = [null, 0];
  let hear = () => {}; // what the worker says of the drawing that was asked about last

  function ask(question) {
    if (!worker) {
      worker = startWorker();
      worker.onmessage = ({ data }) => hear(data);
      worker.postMessage({ networks: packed, unsureBelow });
    }
    worker.postMessage({ read: { ...question, id: ++last } }, [question.drawing.data.buffer]);
    return last;
  }

  return {
    every: 0,
    networks: async () => ({ mlp: networks.mlp, cnn: networks.cnn }),
    async *answers(pad, { pipeline, done, looks, change }, signal) {
      const drawing = pad.pixels();
      const { width, height } = drawing;
      const id = ask({ drawing, pipeline, done, looks, change });
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
