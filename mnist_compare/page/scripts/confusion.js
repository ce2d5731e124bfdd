// A confusion matrix whose cells show their test digits.
export class Confusion {
  constructor(place, data, say) {
    const { counts, cells, model, sprite } = data;
    Object.assign(this, { place, say, counts, cells, wide: data.wide, model: say(`models.${model}`) });
    this.mistakes = counts.map((row, digit) => row.map((count, read) => (read === digit ? 0 : count)));
    this.most = Math.max(...this.mistakes.flat());
    this.sprite = Object.assign(new Image(), { src: sprite });
    this.firsts = startsOf(cells); // where in the sprite the digits of each cell begin
    place.classList.add("confusion", model);
    place.innerHTML = this.build();
    this.listen();
    const worst = this.mistakes.findIndex((row) => row.includes(this.most));
    this.show(this.cellAt(worst, this.mistakes[worst].indexOf(this.most)));
  }

  build() {
    const { counts, model, say } = this;
    const heads = counts.map((_, read) => `<th scope="col">${read}</th>`).join("");
    const cells = (digit) => counts[digit].map((_, read) => this.cell(digit, read)).join("");
    const row = (_, digit) => `<tr><th scope="row">${digit}</th>${cells(digit)}</tr>`;
    const caption = say("confusion.caption", { model });
    return `<div>
      <p class="asks">${caption}</p>
      <table aria-label="${caption}">
        <thead><tr><td></td>${heads}</tr></thead>
        <tbody>${counts.map(row).join("")}</tbody>
      </table>
      <div class="shown"><p role="status"></p><ol tabindex="0"></ol><small>${say("confusion.numbers")}</small></div>
    </div>`;
  }

  cell(digit, read) {
    const count = this.counts[digit][read];
    const share = Math.log(1 + this.mistakes[digit][read]) / Math.log(1 + this.most);
    const kind = digit === read ? "right" : count ? "wrong" : "none";
    const about = `data-digit="${digit}" data-read="${read}" aria-label="${this.sentence(digit, read)}" tabindex="-1"`;
    const look = `class="${kind}" style="--share: ${share.toFixed(3)}"`;
    return `<td><button type="button" ${look} ${about}>${count || "·"}</button></td>`;
  }

  sentence(digit, read) {
    const { say, model } = this;
    const words = (name) => say(`confusion.${name}`).split(", ");
    const count = this.counts[digit][read];
    const kind = digit === read ? "right" : count > 1 ? "many" : count ? "one" : "none";
    const form = count > 1 ? "plurals" : "digits";
    const values = { count, model, digit: words(form)[digit], read: words(`${form}_as`)[read] };
    return say(`confusion.${kind}`, values);
  }

  show(button) {
    const { place, say } = this;
    const [digit, read] = placeOf(button);
    const indices = this.cells[digit][read];
    const isAll = this.counts[digit][read] <= indices.length;
    const rest = isAll ? "" : say("confusion.first", { shown: indices.length });
    place.querySelector("[aria-pressed=true]")?.removeAttribute("aria-pressed");
    button.setAttribute("aria-pressed", true);
    place.querySelector(".shown p").textContent = `${this.sentence(digit, read)} ${rest}`.trim();
    place.querySelector("ol").innerHTML = indices.map((index) => {
      const label = say("confusion.digit", { index });
      const picture = `<canvas width="28" height="28" role="img" aria-label="${label}"></canvas>`;
      return `<li><div class="sheet">${picture}</div><span aria-hidden="true">${index}</span></li>`;
    }).join("");
    place.querySelectorAll("canvas").forEach((canvas, at) => this.copy(canvas, this.firsts[digit][read] + at));
    this.hold(button);
  }

  async copy(canvas, at) {
    await this.sprite.decode();
    const [left, top] = [28 * (at % this.wide), 28 * Math.floor(at / this.wide)];
    canvas.getContext("2d").drawImage(this.sprite, left, top, 28, 28, 0, 0, 28, 28);
  }

  // One cell at a time can be reached by the tab key.
  hold(button) {
    this.place.querySelector("button[tabindex='0']")?.setAttribute("tabindex", -1);
    button.tabIndex = 0;
    return button;
  }

  cellAt = (digit, read) => this.place.querySelector(`[data-digit="${digit}"][data-read="${read}"]`);

  listen() {
    this.place.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      if (button) this.show(button);
    });
    this.place.addEventListener("keydown", (event) => {
      if (!event.target.matches("button")) return;
      const [digit, read] = placeOf(event.target);
      const next = {
        ArrowUp: [digit - 1, read], ArrowDown: [digit + 1, read],
        ArrowLeft: [digit, read - 1], ArrowRight: [digit, read + 1],
        Home: [digit, 0], End: [digit, this.counts.length - 1],
      }[event.key];
      if (!next || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      this.hold(this.cellAt(...next) ?? event.target).focus();
    });
  }
}

const placeOf = ({ dataset }) => [Number(dataset.digit), Number(dataset.read)];

function startsOf(cells) {
  let next = 0;
  return cells.map((row) => row.map((indices) => (next += indices.length) - indices.length));
}
