// For a whole class: opens the files of all, has their drawings read, and shows how many are read right.
import { MOST_DRAWINGS, openDrawings, openPicture } from "./drawings.js";
import { tables } from "./findings.js";
import { PIPELINES } from "./preprocessing.js";
import { readingOf, readPicture, WAY } from "./readings.js";
import { tally } from "./tally.js";

const MOST_IN_ALL = 5000; // drawings: some minutes of reading
const MOST_SHOWN = 60; // misread ones
const A_DRAWING = /(^|\/)[0-9]\/[^./][^/]*$/;

export class Evidence {
  drawings = []; // each with what was read in it
  known = new Map(); // the file of each writer
  contents = new Map(); // the file that has each content
  added = []; // drawings of the file that is being read
  waiting = []; // the files after it
  isBusy = false;
  trouble = "";

  constructor(place, networks, computer, say) {
    Object.assign(this, { place, networks, computer, say });
    this.find = (selector) => place.querySelector(selector);
    this.tell = (name, values) => say(`classroom.${name}`, values);
    const { tell } = this;
    const choose = (text, about) => `<label class="button">${tell(text)}<input type="file" ${about}></label>`;
    const files = choose("choose", `name="files" multiple accept=".json"`);
    const folder = choose("folder", `name="folder" webkitdirectory`);
    const button = (name) => `<button type="button" name="${name}" hidden>${tell(name)}</button>`;
    place.innerHTML = `
      <div class="drop">
        <p>${tell("drop")}</p><p>${files} ${folder} ${button("print")} ${button("forget")}</p>
        <p class="progress" role="status"></p>
      </div>
      <div role="alert"><ul class="remarks"></ul></div>
      <div class="found"></div>`;
    this.listen();
  }

  remark(name, values) {
    const textContent = this.tell(`refused.${name}`, values);
    this.find(".remarks").append(Object.assign(document.createElement("li"), { textContent }));
  }

  // Files, each { file, path }: opened, read and told of, after those that are being read.
  async take(files) {
    this.waiting.push(...files);
    this.showProgress();
    if (this.isBusy) return;
    [this.isBusy, this.trouble] = [true, ""];
    this.find("[name=forget]").disabled = true;
    while (this.waiting.length) await this.add(this.waiting.shift()).catch(({ message }) => (this.trouble = message));
    this.isBusy = this.find("[name=forget]").disabled = false;
    this.find(".progress").textContent = this.trouble;
    this.render();
  }

  count = () => this.drawings.length + this.added.length;

  showProgress() {
    this.find(".progress").textContent = this.tell("reading", { done: this.count(), waiting: this.waiting.length });
  }

  // All drawings of a file, or none: what could not be read may be dropped again.
  async add({ file, path }) {
    const { known, contents } = this;
    try {
      const isAlone = A_DRAWING.test(path);
      const found = isAlone ? await openPicture(file, path) : await openDrawings(file);
      const content = isAlone ? null : await file.text();
      if (contents.has(content)) return this.remark("same", { file: path, other: contents.get(content) });
      for (const [place, drawing] of found.entries()) {
        if (this.count() === MOST_IN_ALL) {
          this.waiting = [];
          this.remark("full", { file: path, most: MOST_IN_ALL });
          break;
        }
        this.showProgress();
        const read = await this.readByAll(drawing.picture);
        if (read) this.added.push({ ...drawing, read, isAlone });
        else this.remark("blank", { file: path, place: place + 1 });
      }
      this.drawings.push(...this.added);
      if (isAlone) return;
      const [{ writer }] = found;
      if (known.has(writer)) this.remark("twice", { file: path, other: known.get(writer), code: writer });
      known.set(writer, path);
      contents.set(content, path);
    } catch ({ message }) {
      this.remark(message, { file: path, most: MOST_DRAWINGS });
    } finally {
      this.added = [];
    }
  }

  // { network: { way: digit } }, null for a blank picture.
  async readByAll(picture) {
    const byWay = [];
    try {
      for (const way of PIPELINES) byWay.push(await readPicture(this.computer, picture, way));
    } catch ({ message }) {
      this.trouble = message;
      throw new Error("unread");
    }
    if (!Object.keys(byWay[0]).length) return null;
    const waysOf = (name) => Object.fromEntries(PIPELINES.map((way, k) => [way, byWay[k][name]]));
    return Object.fromEntries(this.networks.map((name) => [name, waysOf(name)]));
  }

  render() {
    const { drawings, networks, find, say } = this;
    for (const name of ["print", "forget"]) find(`[name=${name}]`).hidden = !drawings.length;
    find(".found").replaceChildren();
    if (!drawings.length) return;
    const told = tally(drawings, networks, PIPELINES, WAY);
    find(".found").innerHTML = tables(drawings, told, networks, say);
    if (!told.misread.length) return;
    const shown = told.misread.slice(0, MOST_SHOWN);
    const caption = this.tell("misread", { count: told.misread.length, shown: shown.length });
    find(".found").insertAdjacentHTML("beforeend", `<p class="caption">${caption}</p><div class="readings"></div>`);
    const read = (each) => Object.fromEntries(networks.map((name) => [name, each.read[name][WAY]]));
    find(".readings").append(...shown.map((each) => readingOf(each, read(each), networks, say)));
  }

  listen() {
    const { place, find } = this;
    place.addEventListener("change", ({ target }) => {
      this.take(listed(target.files).filter((each) => target.name === "files" || isOfFolder(each)));
      target.value = ""; // the same files may be chosen again
    });
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", async (event) => {
      event.preventDefault();
      const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry?.());
      const files = listed(event.dataTransfer.files).filter((_, i) => !entries[i]?.isDirectory);
      try {
        for (const folder of entries.filter((entry) => entry?.isDirectory))
          for await (const each of filesBelow(folder)) if (isOfFolder(each)) files.push(each);
      } catch {
        this.remark("unopened"); // Chromium opens no dropped folder on a page that is itself a file
      }
      this.take(files);
    });
    place.addEventListener("click", ({ target }) => {
      const { name } = target.closest("button") ?? {};
      if (name === "print") {
        document.documentElement.classList.add("printing");
        addEventListener("afterprint", () => document.documentElement.classList.remove("printing"), { once: true });
        print();
      }
      if (name !== "forget") return;
      [this.drawings, this.known, this.contents] = [[], new Map(), new Map()];
      find(".remarks").replaceChildren();
      this.render();
    });
    addEventListener("beforeunload", (event) => (this.isBusy || this.drawings.length) && event.preventDefault());
  }
}

const listed = (files) => Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name }));
const isOfFolder = ({ path }) => A_DRAWING.test(path) || /(^|\/)[^./][^/]*\.json$/.test(path);

async function* filesBelow(entry) {
  const file = entry.isFile && (await new Promise((resolve, reject) => entry.file(resolve, reject)));
  if (file) return yield { file, path: entry.fullPath.slice(1) };
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return;
    for (const each of some) yield* filesBelow(each);
  }
}
