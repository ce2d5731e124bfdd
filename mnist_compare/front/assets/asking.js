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
    async answer(pad, { pipeline, looks, change }, signal) {
      try {
        await start();
      } catch {
        return { detail: unreachable };
      }
      if (signal.aborted) return null;
      const drawing = pad.pixels();
      const { width, height } = drawing;
      const id = ++last;
      worker.postMessage({ read: { id, drawing, pipeline, looks, change } }, [drawing.data.buffer]);
      const reply = await new Promise((resolve) => {
        hear = (reply) => reply.id === id && resolve(reply);
        signal.addEventListener("abort", () => resolve(null));
      });
      return reply && shown(reply, width, height);
    },
  };

  function shown({ digit, steps, box, models }, width, height) {
    return {
      digit,
      models,
      steps: steps.map((step) => ({ ...step, picture: paint(canvasOf(step.width, step.height), step.pixels) })),
      box: box?.map((edge, i) => edge / (i % 2 ? height : width)),
    };
  }
}

// A worker of worker.js, whose program the page holds.
function startWorker() {
  const source = document.getElementById("worker-source").textContent;
  startWorker.url ??= URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Worker(startWorker.url);
}
