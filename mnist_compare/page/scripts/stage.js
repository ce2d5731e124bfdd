// The stage: one drawing, which can be moved, and two networks whose every layer reads it.
import { UNCHANGED } from "./changes.js";
import { amountOf, COMPARED, makeCurves } from "./curves.js";
import { layPad, makeDesk } from "./desk.js";
import { whenSeen } from "./elements.js";
import { makeInside } from "./inside.js";
import { percentOf } from "./numbers.js";
import { imageOf, paint } from "./pictures.js";
import { showThumbs } from "./thumbs.js";

// Sliders of the picture: which way each can go, and its step.
const TURNS = { rotation: { ways: [-1, 1], step: 1 }, scale: { ways: [1], step: 0.05 } };
const PUSHES = { ArrowLeft: ["across", -1], ArrowRight: ["across", 1], ArrowUp: ["down", -1], ArrowDown: ["down", 1] };

// settings are those of a pad, data.curves the recorded ones; computer reads as asking.js does.
export function makeStage(place, settings, data, computer, say) {
  const find = (selector) => place.querySelector(selector);
  const reach = Math.max(...data.curves.shift.levels); // of a shift, either way
  const setting = { ...UNCHANGED };
  let current = new AbortController(); // of the question asked last
  let [waits, missed] = [false, false]; // for its answer; whether there was a change since

  place.innerHTML = scene(data, say);
  layPad(find(".scene"), say);
  showThumbs(find(".examples"), settings, say, settings.language);
  const curves = makeCurves(find(".charts"), data, say);
  let wasOwn = true; // the drawing before; a new one has not been moved
  const pad = makeDesk(place, settings, (done) => {
    const isOther = pad.isEmpty() || pad.isOwn() !== wasOwn;
    wasOwn = pad.isOwn();
    if (isOther) move(UNCHANGED, !done);
    else read(!done);
  }, refuse);
  const picture = find(".seen canvas");
  let inside = null;
  // The layers are made shortly before they are seen.
  const lookInside = whenSeen(find(".layers-of-both"), "400px", async () => {
    const networks = await computer.networks().catch(() => null);
    if (!networks || inside) return;
    inside = makeInside(find(".layers-of-both"), networks, say);
    read(false);
  });

  // Has the drawing read as it is moved; of changes while an answer is awaited, the last.
  async function read(isGrowing) {
    if (isGrowing && waits) return (missed = true);
    current.abort();
    const mine = (current = new AbortController());
    [waits, missed] = [true, false];
    const question = { pipeline: "center", looks: COMPARED, change: { ...setting } };
    const answer = pad.isEmpty() ? null : await computer.answer(pad, question, mine.signal);
    if (mine.signal.aborted) return; // a later question took its place
    show(answer, isGrowing);
    waits = false;
    if (missed) read(true);
  }

  function show(answer, isGrowing) {
    const digit = answer?.digit ?? null;
    find(".trouble").textContent = answer?.detail ?? "";
    paint(picture, digit ?? new Uint8Array(784));
    const models = digit ? answer.models : [];
    if (digit && !inside) lookInside(); // what could not be loaded before
    inside?.show(digit, models, isGrowing);
    document.dispatchEvent(new CustomEvent("digitdrawn", { detail: digit }));
    for (const name of COMPARED) showAnswer(find(`.answers .${name}`), models.find((each) => each.name === name));
    if (!isGrowing) find(".spoken").textContent = models.map((model) => spoken(model, say)).join(" ");
  }

  function move(change, isGrowing = true) {
    Object.assign(setting, change);
    for (const name of ["across", "down"]) setting[name] = Math.max(-reach, Math.min(reach, setting[name]));
    for (const name of Object.keys(TURNS)) {
      const [input, text] = [find(`[name=${name}]`), amountOf(name, setting[name], say)];
      if (input.ariaValueText === text) continue; // what stays is not laid out again
      [input.value, input.ariaValueText, input.nextElementSibling.textContent] = [setting[name], text, text];
    }
    curves.show(setting);
    read(isGrowing);
  }

  function refuse(reason) {
    current.abort();
    waits = false;
    show({ detail: say(`errors.${reason}`) }, false);
  }

  find("[name=back]").addEventListener("click", () => move(UNCHANGED, false));
  place.addEventListener("input", ({ target: { name, value } }) => name in TURNS && move({ [name]: Number(value) }));
  place.addEventListener("change", ({ target }) => target.name in TURNS && read(false));
  letMove(picture, setting, move, () => read(false));
  move({}, false);
  lookInside();
  if (data.first) imageOf(data.first.picture).then((image) => pad.isEmpty() && pad.lay(image, false));
}

function scene({ curves, tested, seeds }, say) {
  const slider = (name) => {
    const { ways, step } = TURNS[name];
    const ends = ways.flatMap((way) => curves[name].levels.map((level) => way * level));
    const range = `min="${Math.min(...ends)}" max="${Math.max(...ends)}" step="${step}"`;
    return `
        <label><span>${say(`stage.${name}`)}</span><input type="range" name="${name}" ${range}>
          <output></output></label>`;
  };
  const answer = (name) => `<p class="${name}"><span>${say(`models.${name}`)}</span><b></b><span></span></p>`;
  const canvas = `width="28" height="28" tabindex="0" role="application" aria-label="${say("stage.seen_label")}"`;
  return `
    <div class="scene">
      <div class="moved">
        <div class="seen"><canvas ${canvas}></canvas></div>
        <p class="note">${say("stage.seen")}</p>
        ${Object.keys(TURNS).map(slider).join("")}
        <p class="back"><button type="button" name="back">${say("stage.reset")}</button></p>
      </div>
      <div class="answers" aria-hidden="true">${COMPARED.map(answer).join("")}</div>
      <div class="recorded">
        <p class="note">${say("stage.curves", { digits: tested.toLocaleString("en"), seeds })}</p>
        <div class="charts"></div>
        <p class="note combined">${say("stage.combined")}</p>
      </div>
    </div>
    <p class="trouble" role="alert"></p>
    <div class="examples"></div>
    <div class="layers-of-both"></div>
    <p class="spoken" role="status"></p>`;
}

function showAnswer({ children: [, read, sure] }, model) {
  [read.textContent, sure.textContent] = model ? [model.digit, percentOf(model.confidence)] : ["–", ""];
}

function spoken(model, say) {
  return say("stage.spoken", { ...model, model: say(`models.${model.name}`), sure: percentOf(model.confidence) });
}

// Lets the picture be moved by a pointer, which is done when it lets go, and by arrow keys.
function letMove(picture, setting, move, done) {
  let held = null; // where the picture was taken hold of, and its setting then
  picture.addEventListener("pointerdown", (event) => {
    held = { x: event.clientX, y: event.clientY, ...setting };
    picture.setPointerCapture(event.pointerId);
  });
  picture.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (!held) return;
    const pixels = (from, to) => Math.round((28 * (to - from)) / picture.clientWidth);
    move({ across: held.across + pixels(held.x, clientX), down: held.down + pixels(held.y, clientY) });
  });
  for (const type of ["pointerup", "pointercancel"])
    picture.addEventListener(type, () => {
      if (held) done();
      held = null;
    });
  picture.addEventListener("keydown", (event) => {
    const [axis, way] = PUSHES[event.key] ?? [];
    if (!axis) return;
    event.preventDefault();
    move({ [axis]: setting[axis] + way }, false);
  });
}
