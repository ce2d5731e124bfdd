// A class's own drawings: one draws what is asked for and saves a file, another one drops the files of all.
const ROUNDS = 2; // each with every digit once
const WAY = "center"; // of placing a drawing, by which digits and writers are told
const MOST_IN_ALL = 5000; // drawings: some minutes of reading
const MOST_SHOWN = 60; // misread ones
const A_DRAWING = /(^|\/)[0-9]\/[^./][^/]*$/;

// What the networks read: { network: digit }, empty for a blank picture. Throws an Error with a sentence.
async function readPicture(computer, picture, pipeline) {
  const copy = new ImageData(picture.data.slice(), picture.width);
  const { models, detail } = await computer.answer({ pixels: () => copy }, { pipeline, looks: [] }, new AbortController().signal);
  if (detail) throw new Error(detail);
  return Object.fromEntries(models.map(({ name, digit }) => [name, digit]));
}

// A drawing with what was read in it, as it would be wrong or right.
function readingOf({ digit, picture }, read, networks, say) {
  const figure = document.createElement("figure");
  const canvas = canvasOf(picture.width, picture.height);
  canvas.getContext("2d").putImageData(picture, 0, 0);
  const answers = networks.map((name) => `<span class="${name}${read[name] === digit ? "" : " wrong"}">${say(`models.${name}`)} ${read[name]}</span>`);
  figure.innerHTML = `<figcaption><b>${say("is", { label: digit })}</b>${answers.join("")}</figcaption>`;
  figure.prepend(canvas);
  return figure;
}

function makeCollector(place, networks, computer, say) {
  const find = (selector) => place.querySelector(selector);
  const tell = (name, values) => say(`classroom.${name}`, values);
  let [code, asked, drawings, pad] = ["", [], [], null];

  function begin() {
    [asked, drawings, pad] = [Array.from({ length: ROUNDS }, () => [...permutation(10, Math.random)]).flat(), [], null];
    place.innerHTML = `<form><label>${tell("code")} <input name="code" maxlength="12" autocomplete="off" required></label> <button>${tell("begin")}</button></form><p class="trouble" role="alert"></p>`;
    find("[name=code]").value = code;
  }

  function draw() {
    place.innerHTML = `<div class="drawing"><p class="asked" role="status"></p><p class="count"></p><button type="button" name="next">${tell("next")}</button></div>`;
    place.firstChild.prepend(document.getElementById("demo-parts").content.querySelector(".pad").cloneNode(true));
    find("[name=upload]").closest("label").remove();
    place.querySelectorAll("[data-text]").forEach((each) => (each.textContent = say(each.dataset.text)));
    place.querySelectorAll("[data-label]").forEach((each) => each.setAttribute("aria-label", say(each.dataset.label)));
    pad = makePad(find(".paper"), () => (find("[name=next]").disabled = pad.isEmpty()));
    pad.take(18);
    find(".pen i").style.setProperty("--width", "18px");
    place.firstChild.scrollIntoView({ block: "nearest" });
    ask();
  }

  function ask() {
    find(".asked").textContent = tell("draw", { digit: asked[drawings.length] });
    find(".count").textContent = tell("count", { done: drawings.length + 1, all: asked.length });
    find("[name=next]").disabled = true;
  }

  async function end() {
    place.replaceChildren();
    const file = `digits-${code}.json`;
    const text = await packDrawings(code, drawings);
    const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
    place.innerHTML = `<p role="status">${tell("ended", { count: drawings.length })}</p><p><a class="button" download="${file}" href="${url}">${tell("save", { file })}</a> <button type="button" name="anew">${tell("anew")}</button></p><p class="trouble" role="alert"></p><p class="count"></p><div class="readings"></div>`;
    const right = Object.fromEntries(networks.map((name) => [name, 0]));
    try {
      for (const { digit, shades } of drawings) {
        const picture = pictureOf(shades);
        const read = await readPicture(computer, picture, WAY);
        networks.forEach((name) => (right[name] += read[name] === digit));
        find(".readings").append(readingOf({ digit, picture }, read, networks, say));
      }
    } catch ({ message }) {
      return (find(".trouble").textContent = message);
    }
    find(".count").textContent = networks.map((name) => tell("right", { model: say(`models.${name}`), right: right[name], all: drawings.length })).join(" · ");
  }

  place.addEventListener("submit", (event) => {
    event.preventDefault();
    code = find("[name=code]").value.trim();
    if (CODE.test(code)) draw();
    else find(".trouble").textContent = tell("wrong_code");
  });
  place.addEventListener("input", ({ target }) => {
    if (target.name !== "pen") return;
    pad.take(Number(target.value));
    find(".pen i").style.setProperty("--width", `${target.value}px`);
  });
  place.addEventListener("click", ({ target }) => {
    const { name } = target.closest("button") ?? {};
    if (name === "undo") pad.undo();
    else if (name === "clear") pad.clear();
    else if (name === "anew") begin();
    else if (name === "next") {
      drawings.push({ digit: asked[drawings.length], shades: shadesOf(pad) });
      if (drawings.length === asked.length) return end();
      pad.clear();
      ask();
    }
  });
  addEventListener("beforeunload", (event) => find(".drawing") && drawings.length && event.preventDefault());
  begin();
}

function makeEvidence(place, networks, computer, say) {
  const find = (selector) => place.querySelector(selector);
  const tell = (name, values) => say(`classroom.${name}`, values);
  const percent = (share) => (rint(1000 * share) / 10).toFixed(1); // halves to the even one, as Python does
  const title = (name) => say(`models.${name}`);
  let [drawings, known, contents, isBusy] = [[], new Map(), new Map(), false];

  place.innerHTML = `<div class="drop"><p>${tell("drop")}</p><p><label class="button">${tell("choose")}<input type="file" name="files" multiple accept=".json"></label> <label class="button">${tell("folder")}<input type="file" name="folder" webkitdirectory></label> <button type="button" name="print" hidden>${tell("print")}</button> <button type="button" name="forget" hidden>${tell("forget")}</button></p><p class="progress" role="status"></p></div><div role="alert"><ul class="remarks"></ul></div><div class="found"></div>`;

  // Its name as text: a file may be called <img src=…>.
  function remark(name, values) {
    find(".remarks").append(Object.assign(document.createElement("li"), { textContent: tell(`refused.${name}`, values) }));
  }

  // Files, each { file, path }: opened, read and told of.
  async function take(files) {
    if (isBusy) return;
    isBusy = true;
    try {
      const added = [];
      for (const { file, path } of files) {
        for (const drawing of await opened(file, path)) {
          if (drawings.length + added.length < MOST_IN_ALL) added.push(drawing);
          else {
            remark("full", { file: path, most: MOST_IN_ALL });
            break;
          }
        }
      }
      for (const [i, drawing] of added.entries()) {
        find(".progress").textContent = tell("reading", { done: i, all: added.length });
        const byWay = [];
        for (const way of PIPELINES) byWay.push(await readPicture(computer, drawing.picture, way));
        if (!Object.keys(byWay[0]).length) remark("blank", { file: drawing.path, place: drawing.place + 1 });
        else drawings.push({ ...drawing, read: Object.fromEntries(networks.map((name) => [name, Object.fromEntries(PIPELINES.map((way, k) => [way, byWay[k][name]]))])) });
      }
      find(".progress").textContent = "";
    } catch ({ message }) {
      find(".progress").textContent = message;
    } finally {
      isBusy = false;
      render();
    }
  }

  async function opened(file, path) {
    try {
      if (A_DRAWING.test(path)) return (await openPicture(file, path)).map((each) => ({ ...each, path, place: 0, isAlone: true }));
      const found = await openDrawings(file);
      const [{ writer }] = found;
      const content = await file.text();
      if (contents.has(content)) {
        remark("same", { file: path, other: contents.get(content) });
        return [];
      }
      contents.set(content, path);
      if (known.has(writer)) remark("twice", { file: path, other: known.get(writer), code: writer });
      known.set(writer, path);
      return found.map((each, place) => ({ ...each, path, place }));
    } catch ({ message }) {
      remark(message, { file: path, most: MOST_DRAWINGS });
      return [];
    }
  }

  function render() {
    const found = find(".found");
    for (const name of ["print", "forget"]) find(`[name=${name}]`).hidden = !drawings.length;
    found.replaceChildren();
    if (!drawings.length) return;
    const told = tally(drawings, networks, PIPELINES, WAY);
    const writers = new Set(drawings.filter(({ isAlone }) => !isAlone).map(({ writer }) => writer));
    const alone = drawings.filter(({ isAlone }) => isAlone).length;
    const wrong = (digit) => networks.reduce((sum, name) => sum + told.digits[name].get(digit)[0] - told.digits[name].get(digit)[1], 0);
    const digits = [...told.digits[networks[0]].keys()].sort();
    const hardest = digits.reduce((worst, digit) => (wrong(digit) / told.digits[networks[0]].get(digit)[0] > wrong(worst) / told.digits[networks[0]].get(worst)[0] ? digit : worst));
    const interval = ({ rate, low, high }) => `${percent(rate)}% <small>[${percent(low)}, ${percent(high)}]</small>`;
    const head = (first, names) => `<thead><tr><th scope="col">${first}</th>${names.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>`;
    const row = (first, cells) => `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
    const parts = [
      `<p class="sum">${tell("sum", { drawings: drawings.length, writers: writers.size })}${alone ? ` ${tell("alone", { count: alone })}` : ""} ${wrong(hardest) ? tell("hardest", { digit: hardest, wrong: wrong(hardest), all: networks.length * told.digits[networks[0]].get(hardest)[0] }) : tell("faultless")}</p>`,
      `<table><caption>${tell("rates")}</caption>${head(tell("placement"), networks.map(title))}${PIPELINES.map((way) => row(`<code>${way}</code>`, networks.map((name) => interval(told.rates[name][way])))).join("")}</table>`,
      `<table><caption>${tell("by_digit")}</caption>${head("", digits)}${networks.map((name) => row(title(name), digits.map((digit) => told.digits[name].get(digit)[0] - told.digits[name].get(digit)[1]))).join("")}</table>`,
    ];
    if (writers.size) parts.push(`<p class="caption">${tell("by_writer", { models: networks.map(title).join(" / ") })}</p><ul class="writers">${[...writers].sort().map((writer) => `<li><b>${writer}</b> ${networks.map((name) => told.writers[name].get(writer)[1]).join(" / ")} <small>${tell("of", { all: told.writers[networks[0]].get(writer)[0] })}</small></li>`).join("")}</ul>`);
    found.innerHTML = parts.join("");
    if (!told.misread.length) return;
    const shown = told.misread.slice(0, MOST_SHOWN);
    found.insertAdjacentHTML("beforeend", `<p class="caption">${tell("misread", { count: told.misread.length, shown: shown.length })}</p><div class="readings"></div>`);
    find(".readings").append(...shown.map((each) => readingOf(each, Object.fromEntries(networks.map((name) => [name, each.read[name][WAY]])), networks, say)));
  }

  const listed = (files) => Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name }));
  const ofFolder = ({ path }) => A_DRAWING.test(path) || /(^|\/)[^./][^/]*\.json$/.test(path);
  place.addEventListener("change", async ({ target }) => {
    await take(listed(target.files).filter((each) => target.name === "files" || ofFolder(each)));
    target.value = "";
  });
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("drop", async (event) => {
    event.preventDefault();
    const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry?.());
    const files = listed(event.dataTransfer.files).filter((_, i) => !entries[i]?.isDirectory);
    try {
      for (const entry of entries) if (entry?.isDirectory) for await (const each of filesBelow(entry)) if (ofFolder(each)) files.push(each);
    } catch {
      remark("unopened"); // Chromium opens no dropped folder on a page that is itself a file
    }
    take(files);
  });
  place.addEventListener("click", ({ target }) => {
    const { name } = target.closest("button") ?? {};
    if (name === "print") {
      document.documentElement.classList.add("printing");
      print();
      document.documentElement.classList.remove("printing");
    } else if (name === "forget" && !isBusy) {
      [drawings, known, contents] = [[], new Map(), new Map()];
      find(".remarks").replaceChildren();
      render();
    }
  });
}

async function* filesBelow(entry) {
  if (entry.isFile) return yield { file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path: entry.fullPath.slice(1) };
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const each of some) yield* filesBelow(each);
  }
}
