// What makeDemo() asks in a page without a server: a worker reads the drawing, the page shows it.
// load() gives the packed networks once they are asked about. Several parts of a page may ask at once: each is
// answered, and a question ends before that only by its own signal. What goes wrong is an answer, { detail }.
function makeReading(load, unsureBelow, say) {
  let [worker, last] = [null, 0];
  let [loading, opened] = [null, null];
  const asking = new Map(); // what hears the replies to each question, by its id

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
    worker.onmessage = ({ data }) => asking.get(data.id)?.(data);
    worker.onerror = worker.onmessageerror = ({ target }) => {
      target.terminate();
      target.onerror = target.onmessageerror = worker = null; // the next question starts another
      for (const hear of asking.values()) hear({ error: true, isLast: true });
    };
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
        return yield { detail: say("unloaded") };
      }
      if (signal.aborted) return;
      const drawing = pad.pixels();
      const { width, height } = drawing;
      let answer = null;
      for await (const reply of repliesTo({ drawing, pipeline, done, looks, change }, signal)) {
        if (reply.error) answer = { detail: say("unread") };
        else if (reply.answer) answer = shown(reply.answer, width, height);
        else if (reply.name) answer.models.find(({ name }) => name === reply.name).saliency = colours(reply.tiles);
        yield answer;
      }
    },
  };

  // Each reply to a question, until the last one, or until whoever asked does not want it any more.
  async function* repliesTo(question, signal) {
    const id = ++last;
    const replies = [];
    let wake = () => {};
    const hear = (reply) => {
      replies.push(reply);
      wake();
    };
    asking.set(id, hear);
    signal.addEventListener("abort", hear);
    worker.postMessage({ read: { id, ...question } }, [question.drawing.data.buffer]);
    try {
      for (;;) {
        if (!replies.length) await new Promise((resolve) => (wake = resolve));
        const reply = replies.shift();
        if (signal.aborted) return;
        if (reply.answer || reply.name || reply.error) yield reply;
        if (reply.isLast) return;
      }
    } finally {
      asking.delete(id);
      worker?.postMessage({ stop: id });
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
