// For a whole class: opens the files of all, has their drawings read, and shows how many are read right.
import { MOST_DRAWINGS, openDrawings, openPicture } from "./drawings.js";
import { PIPELINES, rint } from "./preprocessing.js";
import { readingOf, readPicture, WAY } from "./readings.js";
import { tally } from "./tally.js";

const MOST_IN_ALL = 5000; // drawings: some minutes of reading
const MOST_SHOWN = 60; // misread ones
const A_DRAWING = /(^|\/)[0-9]\/[^./][^/]*$/;

export function makeEvidence(place, networks, computer, say) {
  const find = (selector) => place.querySelector(selector);
  const tell = (name, values) => say(`classroom.${name}`, values);
  const percent = (share) => (rint(1000 * share) / 10).toFixed(1); // halves to the even one, as Python does
  const title = (name) => say(`models.${name}`);
  let [drawings, known, contents] = [[], new Map(), new Map()];
  let [added, waiting] = [[], []]; // drawings of the file that is being read, and the files after it
  let [isBusy, trouble] = [false, ""];

  place.innerHTML = `<div class="drop"><p>${tell("drop")}</p><p><label class="button">${tell("choose")}<input type="file" name="files" multiple accept=".json"></label> <label class="button">${tell("folder")}<input type="file" name="folder" webkitdirectory></label> <button type="button" name="print" hidden>${tell("print")}</button> <button type="button" name="forget" hidden>${tell("forget")}</button></p><p class="progress" role="status"></p></div><div role="alert"><ul class="remarks"></ul></div><div class="found"></div>`;

  // Its name as text: a file may be called <img src=…>.
  function remark(name, values) {
    find(".remarks").append(Object.assign(document.createElement("li"), { textContent: tell(`refused.${name}`, values) }));
  }

  // Files, each { file, path }: opened, read and told of, after those that are being read.
  async function take(files) {
    waiting.push(...files);
    showProgress();
    if (isBusy) return;
    [isBusy, trouble] = [true, ""];
    find("[name=forget]").disabled = true;
    while (waiting.length) await add(waiting.shift()).catch(({ message }) => (trouble = message));
    isBusy = find("[name=forget]").disabled = false;
    find(".progress").textContent = trouble;
    render();
  }

  function showProgress() {
    const done = drawings.length + added.length;
    find(".progress").textContent = tell("reading", { done, waiting: waiting.length });
  }

  // All drawings of a file, or none: what could not be read may be dropped again.
  async function add({ file, path }) {
    try {
      const isAlone = A_DRAWING.test(path);
      const found = isAlone ? await openPicture(file, path) : await openDrawings(file);
      const content = isAlone ? null : await file.text();
      if (contents.has(content)) return remark("same", { file: path, other: contents.get(content) });
      for (const [place, drawing] of found.entries()) {
        if (drawings.length + added.length === MOST_IN_ALL) {
          waiting = [];
          remark("full", { file: path, most: MOST_IN_ALL });
          break;
        }
        showProgress();
        const read = await readByAll(drawing.picture);
        if (read) added.push({ ...drawing, read, isAlone });
        else remark("blank", { file: path, place: place + 1 });
      }
      drawings.push(...added);
      if (isAlone) return;
      const [{ writer }] = found;
      if (known.has(writer)) remark("twice", { file: path, other: known.get(writer), code: writer });
      known.set(writer, path);
      contents.set(content, path);
    } catch ({ message }) {
      remark(message, { file: path, most: MOST_DRAWINGS });
    } finally {
      added = [];
    }
  }

  // { network: { way: digit } }, null for a blank picture.
  async function readByAll(picture) {
    const byWay = [];
    try {
      for (const way of PIPELINES) byWay.push(await readPicture(computer, picture, way));
    } catch ({ message }) {
      trouble = message;
      throw new Error("unread");
    }
    if (!Object.keys(byWay[0]).length) return null;
    const waysOf = (name) => Object.fromEntries(PIPELINES.map((way, k) => [way, byWay[k][name]]));
    return Object.fromEntries(networks.map((name) => [name, waysOf(name)]));
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
  place.addEventListener("change", ({ target }) => {
    take(listed(target.files).filter((each) => target.name === "files" || ofFolder(each)));
    target.value = ""; // the same files may be chosen again
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
      addEventListener("afterprint", () => document.documentElement.classList.remove("printing"), { once: true });
      print();
    } else if (name === "forget") {
      [drawings, known, contents] = [[], new Map(), new Map()];
      find(".remarks").replaceChildren();
      render();
    }
  });
  addEventListener("beforeunload", (event) => (isBusy || drawings.length) && event.preventDefault());
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
