// Whether the answer of a demo is right: asks, and has the drawing kept, or forgotten again.
export function makeQuestion(demo) {
  const { element, settings, computer, find, say } = demo;
  let question = "ask"; // "ask", "which" once the answer was wrong, or { kept, name } once it is kept
  let trouble = ""; // why the drawing could not be kept

  // Of another drawing.
  function begin() {
    [question, trouble] = ["ask", ""];
  }

  function hear(reply, next) {
    [question, trouble] = reply.detail ? [question, reply.detail] : [next, ""];
    render();
  }

  async function keep(label) {
    const reply = await computer.keep(demo.pad.url(), demo.pipeline, label, demo.language);
    hear(reply, reply);
  }

  const forget = async () => hear(await computer.forget(question.name, demo.language), "ask");

  function render() {
    const place = find(".choices");
    const held = place.contains(document.activeElement);
    const models = settings.keeps && demo.pad.isOwn() ? (demo.answer?.models ?? []) : [];
    const isKept = typeof question === "object";
    const asks = models.length && !isKept;
    const confirms = question === "ask" && models.every(({ digit }) => digit === models[0].digit);
    const asked = asks ? say(confirms ? "question" : "which") : "";
    find(".asked").textContent = asked;
    find(".status").textContent = trouble || (isKept ? say("kept", { digit: question.kept }) : "");
    find(".where").textContent = asks ? say("kept_here") : "";
    place.setAttribute("aria-label", asked);
    const named = (name, text) => `<button type="button" name="${name}">${text}</button>`;
    const button = (digit, text) => `<button type="button" data-label-digit="${digit}">${text}</button>`;
    if (isKept) place.innerHTML = named("forget", say("forget"));
    else if (!asks) place.innerHTML = "";
    else if (confirms) place.innerHTML = button(models[0].digit, say("yes", models[0])) + named("wrong", say("no"));
    else place.innerHTML = Array.from({ length: 10 }, (_, digit) => button(digit, digit)).join("");
    // A button that goes would take the keyboard's focus with it.
    if (held) (place.querySelector("button") ?? find(".paper canvas")).focus();
  }

  element.addEventListener("click", ({ target }) => {
    const { name, dataset } = target.closest("button") ?? {};
    if (name === "wrong") {
      question = "which";
      render();
    } else if (name === "forget") forget();
    else if (dataset?.labelDigit) keep(Number(dataset.labelDigit));
  });
  return { begin, render };
}
