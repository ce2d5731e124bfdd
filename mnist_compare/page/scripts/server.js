// What a page that stands alone asks of the server that it came from: the answers of networks that networks.js does
// not know, and to keep drawings. A notebook that shows it in a frame hears how high it is.
import { answerOf } from "./networks.js";

// A reading as makeReading() gives it, with the answers of those networks and with keep() and forget().
export function withServer(reading, { settings, unsure_below }) {
  const { models, elsewhere, strings } = settings;

  async function answer(pad, question, signal) {
    const known = await reading.answer(pad, question, signal);
    if (!known?.digit || !elsewhere.length) return known;
    const asked = { digit: btoa(String.fromCharCode(...known.digit)), models: elsewhere };
    const reply = await post("demo/answer", asked, question.language, signal);
    if (!reply?.probabilities) return reply;
    const others = elsewhere.map((name, i) => answerOf(name, reply.probabilities[i], unsure_below));
    const answerBy = (name) => [...known.models, ...others].find((each) => each.name === name);
    return { ...known, models: models.map(answerBy) };
  }

  // What the server sends back, or null if the question was taken back before it did.
  async function post(path, body, language, signal) {
    try {
      const headers = { "Content-Type": "application/json", "Accept-Language": language };
      const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
      return await response.json();
    } catch {
      return signal?.aborted ? null : { detail: strings[language].unreachable };
    }
  }

  return {
    ...reading,
    every: elsewhere.length ? 70 : reading.every,
    answer,
    keep: (drawing, pipeline, label, language) => post("demo/keep", { drawing, pipeline, label }, language),
    forget: (name, language) => post("demo/forget", { name }, language),
  };
}

export function tellHeight() {
  const tell = () => parent.postMessage({ demoHeight: document.documentElement.offsetHeight }, "*");
  new ResizeObserver(tell).observe(document.body);
}
