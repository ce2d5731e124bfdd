// A confusion matrix whose cells show their test digits.
export function makeConfusion(place, data, say) {
  const { counts, cells } = data;
  const model = say(`models.${data.model}`);
  const words = (name) => say(`confusion.${name}`).split(", ");
  const mistakes = counts.map((row, digit) => row.map((count, read) => (read === digit ? 0 : count)));
  const most = Math.max(...mistakes.flat());
  const sprite = Object.assign(new Image(), { src: data.sprite });
  const firsts = startsOf(cells); // where in the sprite the digits of each cell begin

  function build() {
    const heads = counts.map((_, read) => `<th scope="col">${read}</th>`).join("");
    place.classList.add("confusion", data.model);
    place.innerHTML = `<div>
      <p class="asks">${say("confusion.caption", { model })}</p>
      <table aria-label="${say("confusion.caption", { model })}">
        <thead><tr><td></td>${heads}</tr></thead>
        <tbody>${counts.map((row, digit) => `<tr><th scope="row">${digit}</th>${row.map((_, read) => cell(digit, read)).join("")}</tr>`).join("")}</tbody>
      </table>
      <div class="shown"><p role="status"></p><ol tabindex="0"></ol><small>${say("confusion.numbers")}</small></div>
    </div>`;
  }

  function cell(digit, read) {
    const count = counts[digit][read];
    const share = Math.log(1 + mistakes[digit][read]) / Math.log(1 + most);
    const kind = digit === read ? "right" : count ? "wrong" : "none";
    return `<td><button type="button" class="${kind}" style="--share: ${share.toFixed(3)}" data-digit="${digit}" data-read="${read}" aria-label="${sentence(digit, read)}" tabindex="-1">${count || "·"}</button></td>`;
  }

  function sentence(digit, read) {
    const count = counts[digit][read];
    const kind = digit === read ? "right" : count > 1 ? "many" : count ? "one" : "none";
    const form = count > 1 ? "plurals" : "digits";
    return say(`confusion.${kind}`, { count, model, digit: words(form)[digit], read: words(`${form}_as`)[read] });
  }

  function show(button) {
    const [digit, read] = placeOf(button);
    const indices = cells[digit][read];
    const rest = counts[digit][read] > indices.length ? say("confusion.first", { shown: indices.length }) : "";
    place.querySelector("[aria-pressed=true]")?.removeAttribute("aria-pressed");
    button.setAttribute("aria-pressed", true);
    place.querySelector(".shown p").textContent = `${sentence(digit, read)} ${rest}`.trim();
    place.querySelector("ol").innerHTML = indices.map((index) => `
      <li><div class="sheet"><canvas width="28" height="28" role="img" aria-label="${say("confusion.digit", { index })}"></canvas></div><span aria-hidden="true">${index}</span></li>`).join("");
    place.querySelectorAll("canvas").forEach((canvas, at) => copy(canvas, firsts[digit][read] + at));
    hold(button);
  }

  async function copy(canvas, at) {
    await sprite.decode();
    const [left, top] = [28 * (at % data.wide), 28 * Math.floor(at / data.wide)];
    canvas.getContext("2d").drawImage(sprite, left, top, 28, 28, 0, 0, 28, 28);
  }

  // One cell at a time can be reached by the tab key.
  function hold(button) {
    place.querySelector("button[tabindex='0']")?.setAttribute("tabindex", -1);
    button.tabIndex = 0;
    return button;
  }

  function placeOf({ dataset }) {
    return [Number(dataset.digit), Number(dataset.read)];
  }

  function cellAt(digit, read) {
    return place.querySelector(`[data-digit="${digit}"][data-read="${read}"]`);
  }

  place.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (button) show(button);
  });
  place.addEventListener("keydown", (event) => {
    if (!event.target.matches("button")) return;
    const [digit, read] = placeOf(event.target);
    const next = {
      ArrowUp: [digit - 1, read], ArrowDown: [digit + 1, read],
      ArrowLeft: [digit, read - 1], ArrowRight: [digit, read + 1],
      Home: [digit, 0], End: [digit, counts.length - 1],
    }[event.key];
    if (!next || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    hold(cellAt(...next) ?? event.target).focus();
  });
  build();
  const worst = mistakes.findIndex((row) => row.includes(most));
  show(cellAt(worst, mistakes[worst].indexOf(most)));
}

function startsOf(cells) {
  let next = 0;
  return cells.map((row) => row.map((indices) => (next += indices.length) - indices.length));
}
