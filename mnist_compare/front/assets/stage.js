// The stage: one drawing, which can be moved, and two networks whose every layer reads it.
const TURNS = { // sliders of the picture: which way each can go, and its step
  rotation: { ways: [-1, 1], step: 1 },
  scale: { ways: [1], step: 0.05 },
};
const PUSHES = { ArrowLeft: ["across", -1], ArrowRight: ["across", 1], ArrowUp: ["down", -1], ArrowDown: ["down", 1] };

// settings are those of a pad, data.curves the recorded ones; computer reads as asking.js does.
function makeStage(place, settings, data, computer, say) {
  const find = (selector) => place.querySelector(selector);
  const reach = Math.max(...data.curves.shift.levels); // of a shift, either way
  let setting = { ...UNCHANGED };
  let held = null; // where the picture was taken hold of, and its setting then
  let current = new AbortController(); // of the question asked last
  let [waits, missed] = [false, false]; // for its answer; whether there was a change since

  place.innerHTML = `
    <div class="scene">
      <div class="moved">
        <div class="seen"><canvas width="28" height="28" tabindex="0" role="application" aria-label="${say("stage.seen_label")}"></canvas></div>
        <p class="note">${say("stage.seen")}</p>
        ${Object.keys(TURNS).map(slider).join("")}
        <p class="back"><button type="button" name="back">${say("stage.reset")}</button></p>
      </div>
      <div class="answers" aria-hidden="true">${CHANGE_CURVES.map((name) => `<p class="${name}"><span>${say(`models.${name}`)}</span><b></b><span></span></p>`).join("")}</div>
      <div class="recorded">
        <p class="note">${say("stage.curves", { digits: data.tested.toLocaleString("en"), seeds: data.seeds })}</p>
        <div class="charts"></div>
        <p class="note combined">${say("stage.combined")}</p>
      </div>
    </div>
    <p class="trouble" role="alert"></p>
    <div class="examples"></div>
    <div class="layers-of-both"></div>
    <p class="spoken" role="status"></p>`;
  find(".scene").prepend(document.getElementById("demo-parts").content.querySelector(".pad").cloneNode(true));
  place.querySelectorAll("[data-text]").forEach((each) => (each.textContent = say(each.dataset.text)));
  place.querySelectorAll("[data-label]").forEach((each) => each.setAttribute("aria-label", say(each.dataset.label)));
  showThumbs(find(".examples"), settings, say, settings.language);
  const curves = makeCurves(find(".charts"), data, say);
  let wasOwn = true; // the drawing before; a new one has not been moved
  const pad = makePad(find(".paper"), (done) => {
    if (pad.isEmpty() || pad.isOwn() !== wasOwn) Object.assign(setting, UNCHANGED);
    wasOwn = pad.isOwn();
    move({}, !done);
  });
  const picture = find(".seen canvas");
  let [inside, isNear] = [null, false];

  async function lookInside() {
    const networks = await computer.networks().catch(() => null);
    if (!networks || inside) return;
    inside = makeInside(find(".layers-of-both"), networks, say);
    read(false);
  }

  function slider(name) {
    const { ways, step } = TURNS[name];
    const ends = ways.flatMap((way) => data.curves[name].levels.map((level) => way * level));
    return `<label><span>${say(`stage.${name}`)}</span><input type="range" name="${name}" min="${Math.min(...ends)}" max="${Math.max(...ends)}" step="${step}"><output></output></label>`;
  }

  // Has the drawing read as it is moved; of changes while an answer is awaited, the last.
  async function read(isGrowing) {
    if (isGrowing && waits) return (missed = true);
    current.abort();
    const mine = (current = new AbortController());
    [waits, missed] = [true, false];
    const question = { pipeline: "center", looks: CHANGE_CURVES, change: { ...setting } };
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
    if (digit && isNear && !inside) lookInside(); // what could not be loaded before
    inside?.show(digit, Object.fromEntries(models.map(({ name, trace }) => [name, trace])), isGrowing);
    document.dispatchEvent(new CustomEvent("digitdrawn", { detail: digit }));
    CHANGE_CURVES.forEach((name) => {
      const model = models.find((each) => each.name === name);
      const [, read, sure] = find(`.answers .${name}`).children;
      [read.textContent, sure.textContent] = model ? [model.digit, percentOf(model.confidence)] : ["–", ""];
    });
    if (isGrowing) return;
    find(".spoken").textContent = models.map((model) => say("stage.spoken", { ...model, model: say(`models.${model.name}`), sure: percentOf(model.confidence) })).join(" ");
  }

  function move(change, isGrowing = true) {
    Object.assign(setting, change);
    for (const name of ["across", "down"]) setting[name] = Math.max(-reach, Math.min(reach, setting[name]));
    for (const name of Object.keys(TURNS)) {
      const input = find(`[name=${name}]`);
      const text = amountOf(name, setting[name], say);
      [input.value, input.ariaValueText, input.nextElementSibling.textContent] = [setting[name], text, text];
    }
    curves.show(setting);
    read(isGrowing);
  }

  place.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.name === "undo") pad.undo();
    else if (button.name === "clear") pad.clear();
    else if (button.name === "back") move(UNCHANGED, false);
    else if (button.dataset.kind) takeThumb(button, settings, pad);
  });
  place.addEventListener("input", ({ target }) => {
    if (target.name in TURNS) move({ [target.name]: Number(target.value) });
    else if (target.name === "pen") pad.take(Number(target.value));
  });
  place.addEventListener("change", ({ target }) => {
    if (target.name in TURNS) read(false);
    else if (target.name === "upload" && target.files.length) upload(target);
  });

  async function upload(input) {
    const url = URL.createObjectURL(input.files[0]);
    try {
      pad.lay(await imageOf(url), true);
    } catch {
      find(".trouble").textContent = say("errors.format");
    } finally {
      URL.revokeObjectURL(url);
      input.value = ""; // the same file may be chosen again
    }
  }

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
      if (held) read(false);
      held = null;
    });
  picture.addEventListener("keydown", (event) => {
    const [axis, way] = PUSHES[event.key] ?? [];
    if (!axis) return;
    event.preventDefault();
    move({ [axis]: setting[axis] + way }, false);
  });

  pad.take(18);
  find(".pen i").style.setProperty("--width", "18px");
  move({}, false);
  // The layers are made shortly before they are seen.
  new IntersectionObserver(([{ isIntersecting }], observer) => {
    if (!isIntersecting) return;
    observer.disconnect();
    isNear = true;
    lookInside();
  }, { rootMargin: "400px" }).observe(find(".layers-of-both"));
  if (data.first) imageOf(data.first.picture).then((image) => pad.isEmpty() && pad.lay(image, false));
}
