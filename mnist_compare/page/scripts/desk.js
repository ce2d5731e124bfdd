// A pad with all that belongs to it: buttons, pen, keys, small drawings to begin with and, where there is a button for
// them, pictures that are chosen, or dropped or pasted on the page.
import { Pad } from "./pad.js";
import { imageOfFile } from "./pictures.js";
import { takeThumb } from "./thumbs.js";
import { putWords } from "./words.js";

// Puts the pad of a page, in words, first into an element.
export function layPad(element, say) {
  element.prepend(document.getElementById("demo-parts").content.querySelector(".pad").cloneNode(true));
  putWords(element, say);
}

// changed(done) is that of a Pad, refused(reason) is told of a file that is no picture.
export function makeDesk(element, settings, changed, refused, page = element) {
  const find = (selector) => element.querySelector(selector);
  const pad = new Pad(find(".paper"), changed);

  function take(width) {
    pad.pen = width;
    find(".pen i").style.setProperty("--width", `${width}px`);
  }

  async function openFile(file) {
    if (!file || !find("[name=upload]")) return;
    reveal();
    // What it is tells its content, not its name. The browser would show many another format.
    const [a, b, c] = new Uint8Array(await file.slice(0, 3).arrayBuffer().catch(() => [])); // of a folder, nothing
    const isPicture = (a === 0x89 && b === 0x50 && c === 0x4e) || (a === 0xff && b === 0xd8 && c === 0xff);
    const image = isPicture && (await imageOfFile(file).catch(() => null));
    if (image) pad.lay(image, true);
    else refused(file.size ? (isPicture ? "damaged" : "format") : "empty");
  }

  // What is chosen far below the pad would else seem to do nothing.
  function reveal() {
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
    find(".paper").scrollIntoView({ block: "nearest", behavior });
  }

  element.addEventListener("click", ({ target }) => {
    const button = target.closest("button") ?? target;
    if (button.name === "undo" || button.name === "clear") pad[button.name]();
    if (!button.dataset.kind) return;
    takeThumb(button, settings, pad);
    reveal();
  });
  element.addEventListener("input", ({ target }) => target.name === "pen" && take(Number(target.value)));
  element.addEventListener("change", ({ target }) => {
    if (target.name !== "upload") return;
    openFile(target.files[0]);
    target.value = ""; // the same file may be chosen again
  });
  element.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    const isBack = key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
    if (!(isBack || key === "delete") || event.target.closest("input, .inside")) return;
    event.preventDefault();
    if (isBack) pad.undo();
    else pad.clear();
  });
  page.addEventListener("dragover", (event) => event.preventDefault());
  for (const [kind, transfer] of [["drop", "dataTransfer"], ["paste", "clipboardData"]])
    page.addEventListener(kind, (event) => {
      event.preventDefault();
      openFile(event[transfer].files[0]);
    });
  take(18);
  return pad;
}
