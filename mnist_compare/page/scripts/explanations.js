// What is said and framed of a chosen number of a panel, by its kind. The number is number `at` of stage `place`.
import { rivalsOf } from "./contributions.js";
import { everyNth, numberOf, percentOf, rankedByValue, signed, sumOf } from "./numbers.js";

const MARKED = 5; // neurons that add most to a sum, and as many that take most

export const EXPLAINED = {
  pixel({ name, say, lens, views, stages, contributions, places }, place, at) {
    views.pixel.frame(0, at, 1);
    const text = say(`inside.pixel_chosen.${name}`, { ...placeOf(at, 28), ink: numberOf(stages[0].values[at]) });
    lens.show("rows", text, [...contributions[places.sum].entries()]);
  },

  map(panel, place, at) {
    const { say, lens, views, stages, layers } = panel;
    const [{ cell, spot }, count] = [panel.chosen, panel.counts.map];
    const [row, column] = [Math.floor(spot / 26), spot % 26];
    const inPool = Math.floor(row / 2) * 13 + Math.floor(column / 2);
    views.pixel.frame(0, row * 28 + column, 3);
    views.map.frame(cell, spot, 1);
    views.pooled.frame(cell, inPool, 1);
    const inkAt = (i) => stages[0].values[(row + Math.floor(i / 3)) * 28 + column + (i % 3)];
    const patch = Array.from({ length: 9 }, (_, i) => inkAt(i));
    const kernel = everyNth(layers[0].arrays[0].values, cell, count);
    const passes = panel.contributions[panel.places.pooled][inPool * count + cell] > 0;
    const fate = passes ? "wins" : stages[2].values[at] > 0 ? "loses" : "closed";
    const text = `${say("inside.map_chosen", { number: cell + 1, ...placeOf(spot, 26) })} ${say(`inside.${fate}`)}`;
    lens.show("nines", text, [patch, kernel, patch.map((ink, i) => ink * kernel[i])]);
    addUp(panel, place, at, numberOf(stages[2].values[at]), say("inside.relu"));
  },

  pooled({ say, lens, views, stages, chosen: { cell, spot }, counts }) {
    const four = rivalsOf(Math.floor(spot / 13), spot % 13, 2, 26);
    const values = four.map((place) => stages[2].values[place * counts.map + cell]);
    const best = values.indexOf(Math.max(...values));
    views.pixel.frame(0, Math.floor(four[best] / 26) * 28 + (four[best] % 26), 3);
    views.map.frame(cell, four[0], 2);
    views.pooled.frame(cell, spot, 1);
    lens.show("four", say("inside.pooled_chosen", { number: cell + 1, ...placeOf(spot, 13) }), values, best);
  },

  neuron(panel, place, at) {
    const { name, say, lens, stages, contributions, places } = panel;
    const value = stages[places.neuron].values[at];
    const count = stages[place - 1].values.length.toLocaleString("en");
    const text = say(`inside.neuron_chosen.${name}`, { number: at + 1, count });
    const fate = say(`inside.${value ? "open" : "closed"}`);
    lens.show("rows", `${text} ${fate}`, [...contributions[places.sum].entries()]);
    addUp(panel, place, at, numberOf(value), say("inside.relu"));
  },

  sum(panel, place, at) {
    const { say, lens, stages, places } = panel;
    const given = panel.contributions[places.neuron];
    const order = rankedByValue(given);
    const marked = [...order.slice(0, MARKED), ...order.slice(-MARKED)];
    const rows = marked.map((neuron) => [`#${neuron + 1}`, given[neuron]]);
    lens.show("rows", say("inside.sum_chosen", { digit: at }), rows);
    addUp(panel, place, at, percentOf(stages[places.share].values[at]), say("inside.softmax"));
  },

  share({ say, lens, stages, places }, place, at) {
    const sums = stages[places.sum].values;
    const largest = Math.max(...sums);
    const powers = Array.from(sums, (sum) => Math.exp(sum - largest));
    const whole = sumOf(powers);
    const [power, share] = [numberOf(powers[at]), percentOf(powers[at] / whole)];
    const values = { digit: at, largest: numberOf(largest), power, whole: numberOf(whole), share };
    lens.show("rows", say("inside.share_chosen", values), [...powers.entries()]);
  },
};

const placeOf = (spot, side) => ({ row: Math.floor(spot / side) + 1, column: (spot % side) + 1 });

// What adds to a sum and what takes from it, its bias, and what becomes of it.
function addUp({ layers, stages, contributions, lens }, place, at, result, what) {
  const biases = layers[place - 1].arrays[1].values;
  const given = contributions[place - 1];
  const sum = (sign) => given.reduce((whole, each) => whole + Math.max(0, sign * each), 0) * sign;
  const numbers = [sum(1), sum(-1), biases[at % biases.length], stages[place].values[at]];
  lens.add([...numbers.map(signed), result], what);
}
