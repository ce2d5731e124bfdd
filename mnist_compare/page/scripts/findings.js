// What is found in the drawings of a class, in a sentence, two tables and a list.
import { PIPELINES, rint } from "./preprocessing.js";

const percent = (share) => (rint(1000 * share) / 10).toFixed(1); // halves to the even one, as Python does
const interval = ({ rate, low, high }) => `${percent(rate)}% <small>[${percent(low)}, ${percent(high)}]</small>`;

// rates, digits and writers are those of tally().
export function tables(drawings, { rates, digits, writers }, networks, say) {
  const tell = (name, values) => say(`classroom.${name}`, values);
  const titles = networks.map((name) => say(`models.${name}`));
  const [first] = networks;
  const drawn = [...digits[first].keys()].sort();
  const missed = (name, digit) => digits[name].get(digit)[0] - digits[name].get(digit)[1];
  const placed = PIPELINES.map((way) => [`<code>${way}</code>`, networks.map((name) => interval(rates[name][way]))]);
  const byDigit = networks.map((name, i) => [titles[i], drawn.map((digit) => missed(name, digit))]);
  const ofClass = drawings.filter(({ isAlone }) => !isAlone).map(({ writer }) => writer);
  const codes = [...new Set(ofClass)].sort();
  const alone = drawings.length - ofClass.length;
  const told = [tell("sum", { drawings: drawings.length, writers: codes.length })];
  if (alone) told.push(tell("alone", { count: alone }));
  told.push(hardest(drawn, digits, networks, missed, tell));
  const parts = [
    `<p class="sum">${told.join(" ")}</p>`,
    table(tell("rates"), [tell("placement"), titles], placed),
    table(tell("by_digit"), ["", drawn], byDigit),
  ];
  const writer = (code) => {
    const right = networks.map((name) => writers[name].get(code)[1]).join(" / ");
    return `<li><b>${code}</b> ${right} <small>${tell("of", { all: writers[first].get(code)[0] })}</small></li>`;
  };
  const caption = tell("by_writer", { models: titles.join(" / ") });
  const list = `<p class="caption">${caption}</p><ul class="writers">${codes.map(writer).join("")}</ul>`;
  return parts.join("") + (codes.length ? list : "");
}

// The digit of whose drawings the largest share is misread.
function hardest(drawn, digits, networks, missed, tell) {
  const all = (digit) => networks.length * digits[networks[0]].get(digit)[0];
  const wrong = (digit) => networks.reduce((sum, name) => sum + missed(name, digit), 0);
  const worse = (worst, digit) => (wrong(digit) / all(digit) > wrong(worst) / all(worst) ? digit : worst);
  const digit = drawn.reduce(worse);
  return wrong(digit) ? tell("hardest", { digit, wrong: wrong(digit), all: all(digit) }) : tell("faultless");
}

function table(caption, [corner, heads], rows) {
  const columns = [corner, ...heads].map((head) => `<th scope="col">${head}</th>`).join("");
  const cell = (value) => `<td>${value}</td>`;
  const row = ([head, values]) => `<tr><th scope="row">${head}</th>${values.map(cell).join("")}</tr>`;
  return `<table><caption>${caption}</caption><thead><tr>${columns}</tr></thead>${rows.map(row).join("")}</table>`;
}
