// What a pad asks in a page: a worker reads the drawing, the page shows it.
// load() gives the packed networks once they are asked about, of which some can be looked into. Several parts of a
// page may ask at once, and each is answered. What goes wrong is an answer, { detail }.
import { openNetworks } from "./networks.js";
import { greys, put } from "./pictures.js";

export function makeReading(load, inside, unsureBelow, say) {
  let [worker, last, opened] = [null, 0, null];
  const asking = new Map(); // what hears the reply to each question, by its id
  const loaded = once(load);

  async function start() {
    const networks = await loaded();
    if (worker) return;
    worker = startWorker();
    worker.onmessage = ({ data }) => asking.get(data.id)(data);
    worker.onerror = worker.onmessageerror = ({ target }) => {
      target.terminate();
      target.onerror = target.onmessageerror = worker = null; // the next question starts another
      for (const hear of asking.values()) hear({ error: true });
    };
    worker.postMessage({ networks, unsureBelow });
  }

  return {
    every: 0,
    async networks() {
      opened ??= openNetworks(await loaded());
      return Object.fromEntries(inside.map((name) => [name, opened[name]]));
    },
    async answer(pad, { pipeline, looks, change, language }, signal) {
      if (!(await start().then(() => true, () => false))) return { detail: say("unloaded", {}, language) };
      if (signal?.aborted) return null; // it is not wanted any more
      const drawing = pad.pixels();
      const { width, height } = drawing;
      const id = ++last;
      worker.postMessage({ read: { id, drawing, pipeline, looks, change } }, [drawing.data.buffer]);
      const reply = await new Promise((hear) => asking.set(id, hear));
      asking.delete(id);
      return reply.error ? { detail: say("unread", {}, language) } : shown(reply, width, height);
    },
  };

  function shown({ digit, steps, box, models }, width, height) {
    const painted = (step) => ({ ...step, picture: put(greys(step.width, step.height, step.pixels)) });
    const shares = box?.map((edge, i) => edge / (i % 2 ? height : width));
    return { digit, models, steps: steps.map(painted), box: shares };
  }
}

// make() at the first call, and again only where that failed.
export function once(make) {
  let made = null;
  return () => (made ??= make().catch((error) => {
    made = null;
    throw error;
  }));
}

// A worker of worker.js, whose program the page holds.
export function startWorker() {
  const source = document.getElementById("worker-source").textContent;
  startWorker.url ??= URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  return new Worker(startWorker.url);
}
