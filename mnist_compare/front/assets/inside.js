// Inside the networks: what every layer makes of the drawing and, for the map, the neuron or the sum
// that is chosen, how its number comes about. All the numbers are those of networks.js.

const makeInside = (() => {
  const CLEAR = 0; // the colour of a picture of nothing
  let made = 0; // panels in this page, which their captions are told apart by

  function makeInside(place, networks, say) {
    const key = ["bright", "plus", "minus"].map((name) => make("span", name, say(`inside.${name}`)));
    const panels = Object.entries(networks).map(([name, network]) => makePanel(name, network, say));
    place.classList.add("inside");
    place.replaceChildren(make("div", "key", ...key), ...panels.map((panel) => panel.element));
    return { show: (digit) => panels.forEach((panel) => panel.show(digit)) };
  }

  function makePanel(name, network, say) {
    const REST = 80; // milliseconds that the mouse rests on what it chooses: it may be on its way past
    const HOPS = 8; // places without ink that the kernel passes in the time of one with ink
    const PLACES = 26 * 26; // of a kernel on a drawing
    const MARKED = 5; // neurons that add most to a sum, and as many that take most from it
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    const id = `inside-${++made}`;
    const weights = network.layers.map(({ arrays }) => arrays.map(({ values }) => values));
    const [hidden, output] = [weights.at(-4), weights.at(-2)]; // each the kernel, then the biases
    const [kernels, offsets] = network.layers[0].kind === "convolution" ? weights[0] : [];
    const neurons = hidden[1].length;
    const maps = offsets?.length;
    const grids = { ...(maps && { map: makeMaps() }), neuron: makeNeurons(), sum: makeSums() };
    const lens = makeLens(id, say, pointAt);
    const layers = make("div", "layers", ...Object.values(grids).map((grid) => grid.element));
    const title = Object.assign(make("div", "title", say(`models.${name}`)), { role: "heading", ariaLevel: 3 });
    const element = make("div", `network ${name}`, title, lens.element, layers);
    let digit = null;
    let trace = null;
    let chosen = null; // { kind: "map", "neuron" or "sum", index }
    let isOwn = false; // whether somebody has chosen; until then, it is the brightest
    let spot = null; // where the kernel stands, counted along the rows, if not where the map is largest
    let sliding = 0; // the frame of the animation that is asked for
    let waiting = 0; // the timer of the mouse's rest
    return { element, show };

    function show(drawn) {
      digit = drawn;
      trace = digit && network.trace(digit);
      if (digit && !isOwn) select(maps ? "map" : "neuron", brightest());
      for (const grid of Object.values(grids)) grid.paint();
      explain();
    }

    function brightest() {
      if (!maps) return rankedByValue(trace.at(-3).values)[0];
      return rankedByValue(Array.from({ length: maps }, (_, map) => sumOf(everyNth(trace[1].values, map, maps))))[0];
    }

    // The layers

    function makeMaps() {
      const pictures = Array.from({ length: maps }, () => [makePicture(26), makePicture(13, "pooled")]);
      const grid = makeGrid("map", 8, pictures.map((pair) => pair.map((picture) => picture.element)));
      function paint() {
        const largest = trace && largestOf(trace[1].values);
        pictures.forEach((pair, map) => pair.forEach((picture, pooled) => {
          picture.paint((i) => (trace ? greyOf(trace[1 + pooled].values[i * maps + map] / largest) : CLEAR));
        }));
      }
      return { ...grid, paint };
    }

    function makeNeurons() {
      const columns = maps ? 10 : 16;
      const picture = makePicture(columns, "", neurons / columns);
      const grid = makeGrid("neuron", columns, Array.from({ length: neurons }, () => []), picture.element);
      function paint() {
        const largest = trace && largestOf(trace.at(-3).values);
        picture.paint((i) => (trace ? greyOf(trace.at(-3).values[i] / largest) : CLEAR));
      }
      return { ...grid, paint };
    }

    function makeSums() {
      const rows = Array.from({ length: 10 }, makeRow);
      const grid = makeGrid("sum", 1, rows.map((row) => [row.element]));
      function paint() {
        const [sums, shares] = trace ? [trace.at(-2).values, trace.at(-1).values] : [[], []];
        const answer = rankedByValue(shares)[0];
        rows.forEach((row, i) => {
          row.set(i, sums[i], largestOf(sums), trace ? percentOf(shares[i]) : "");
          grid.cells[i].classList.toggle("top", i === answer);
        });
      }
      return { ...grid, paint };
    }

    // A grid of cells to choose from. Tab reaches one of them, the arrow keys the others.
    function makeGrid(kind, columns, contents, ...below) {
      const cells = contents.map((content, i) => {
        const cell = make("div", "cell", ...content);
        cell.setAttribute("aria-describedby", id);
        if (kind !== "sum") cell.ariaLabel = say(`inside.${kind}`, { number: i + 1 });
        return Object.assign(cell, { role: "option", ariaSelected: false, tabIndex: i ? -1 : 0 });
      });
      const heading = say(`inside.${kind}s`, { count: cells.length });
      const grid = make("div", `grid ${kind}s`, ...below, ...cells);
      Object.assign(grid, { role: "listbox", ariaLabel: heading }).style.setProperty("--columns", columns);
      const indexOf = ({ target }) => cells.indexOf(target.closest(".cell"));
      const take = (index) => index in cells && choose(kind, index);
      let pointed = -1; // the cell under the mouse, for which it has to move: a page that scrolls moves too
      grid.addEventListener("click", (event) => take(indexOf(event)));
      grid.addEventListener("pointerleave", () => {
        clearTimeout(waiting);
        pointed = -1;
      });
      grid.addEventListener("pointermove", (event) => {
        const isStill = !event.movementX && !event.movementY;
        if (event.pointerType === "touch" || isStill || indexOf(event) === pointed) return;
        clearTimeout(waiting);
        pointed = indexOf(event);
        waiting = setTimeout(take, REST, pointed);
      });
      grid.addEventListener("keydown", (event) => {
        const [at, end] = [indexOf(event), cells.length - 1];
        const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at, End: end - at, Enter: 0, " ": 0 };
        if (!(event.key in steps)) return;
        event.preventDefault();
        cells[at + steps[event.key]]?.focus();
        take(at + steps[event.key]);
      });
      const what = Object.assign(make("div", "what", heading), { ariaHidden: true });
      return { cells, element: make("div", `layer of-${kind}s`, what, grid) };
    }

    // The choice

    function choose(kind, index) {
      clearTimeout(waiting);
      if (sliding && chosen.kind === kind && chosen.index === index) return;
      isOwn = true;
      select(kind, index);
      if (kind === "map" && digit && !calm.matches) slide(0);
      else explain();
    }

    function select(kind, index) {
      if (chosen) grids[chosen.kind].cells[chosen.index].ariaSelected = false;
      for (const cell of grids[kind].cells) cell.tabIndex = -1;
      Object.assign(grids[kind].cells[index], { ariaSelected: true, tabIndex: 0 });
      chosen = { kind, index };
      stop(null);
    }

    // The kernel runs once along the rows, fast where there is no ink, and ends where the map is largest.
    function slide(from) {
      let to = from;
      while (to < PLACES && to < from + HOPS && digit && !patchAt(to).some(Boolean)) to++;
      if (!digit || to >= PLACES || !element.isConnected) stop(null);
      else [spot, sliding] = [to, requestAnimationFrame(() => slide(to + 1))];
      explain();
    }

    function stop(there) {
      cancelAnimationFrame(sliding);
      [spot, sliding] = [there, 0];
    }

    function pointAt(there) {
      if (!digit || chosen.kind !== "map") return;
      stop(there);
      explain();
    }

    function explain() {
      const shown = digit ? chosen.kind : "nothing";
      lens.begin(shown, digit);
      for (const cell of element.querySelectorAll(".adds, .takes")) cell.classList.remove("adds", "takes");
      ({ map: explainMap, neuron: explainNeuron, sum: explainSum, nothing: explainNothing })[shown](chosen?.index);
    }

    function explainNothing() {
      lens.say(say(maps ? "inside.hint_maps" : "inside.hint"));
    }

    function explainMap(map) {
      const [sums, values, kernel] = [trace[0].values, trace[1].values, kernels].map((all) => everyNth(all, map, maps));
      const at = spot ?? rankedByValue(values)[0];
      const patch = patchAt(at);
      lens.showMap(values, at, sliding > 0);
      lens.multiply(patch, kernel);
      lens.add(sumOfProducts(patch, kernel), offsets[map], sums[at], numberOf(values[at]), say("inside.relu"));
      lens.say(say("inside.map_chosen", { number: map + 1, row: Math.floor(at / 26) + 1, column: (at % 26) + 1 }));
    }

    function patchAt(at) {
      const corner = Math.floor(at / 26) * 28 + (at % 26);
      return Array.from({ length: 9 }, (_, i) => digit[corner + Math.floor(i / 3) * 28 + (i % 3)] / 255);
    }

    function explainNeuron(neuron) {
      const [sum, value] = [trace.at(-4).values[neuron], trace.at(-3).values[neuron]];
      const weights = output[0].subarray(neuron * 10, neuron * 10 + 10);
      lens.list(Array.from(weights, (weight, i) => [i, weight * value]));
      const { products, most } = showTemplate(neuron);
      lens.add(products, hidden[1][neuron], sum, numberOf(value), say("inside.relu"));
      lens.say(say(`inside.neuron_chosen.${name}`, { number: neuron + 1, maps: most?.map((map) => map + 1).join(", ") }));
    }

    function explainSum(index) {
      const added = everyNth(output[0], index, 10).map((weight, neuron) => weight * trace.at(-3).values[neuron]);
      const order = rankedByValue(added);
      const marked = [...order.slice(0, MARKED), ...order.slice(-MARKED)];
      for (const neuron of marked)
        if (added[neuron]) grids.neuron.cells[neuron].classList.add(added[neuron] > 0 ? "adds" : "takes");
      showTemplate(order[0]);
      lens.list(marked.map((neuron) => [neuron + 1, added[neuron]]));
      const [sum, share] = [trace.at(-2).values[index], trace.at(-1).values[index]];
      lens.add(sumOf(added), output[1][index], sum, percentOf(share), say("inside.softmax"));
      lens.say(say("inside.sum_chosen", { digit: index, number: order[0] + 1 }));
    }

    // Shows the weights of a neuron and returns the sum of their products and the maps that count most in it.
    function showTemplate(neuron) {
      const weights = everyNth(hidden[0], neuron, neurons);
      if (maps) return lens.showMaps(trace[2].values, weights, maps);
      const ink = Float32Array.from(digit, (grey) => grey / 255);
      lens.showTemplate(ink, weights);
      return { products: sumOfProducts(ink, weights) };
    }
  }

  // The enlarged drawing, what is chosen beside it, and its arithmetic.
  function makeLens(id, say, pointAt) {
    const [drawing, map, template] = [makePicture(28), makePicture(26, "enlarged"), makePicture(28, "template")];
    const [kernel, landing] = [make("span", "kernel"), make("span", "landing")];
    const trio = Array.from({ length: 3 }, makePair); // of the pooled maps that count most for a neuron
    const drawn = make("div", "screen drawn", drawing.element, kernel);
    const maps = make("div", "trio", ...trio.map((pair) => pair.element));
    const beside = make("div", "screen", map.element, landing, template.element, maps);
    const nines = ["ink", "kernel", "products"].map((each) => makeNine(say(`inside.${each}`)));
    const rows = Array.from({ length: 10 }, makeRow);
    const labels = ["products", "bias", "sum", "relu"].map((each) => make("span", "of", say(`inside.${each}`)));
    const terms = labels.map((label) => make("div", "term", make("span", "value"), label));
    const caption = Object.assign(make("div", "caption"), { id });
    const element = make("div", "lens",
      make("div", "screens", drawn, beside), caption,
      make("div", "nines", ...nines.map((nine) => nine.element)),
      make("div", "rows", ...rows.map((row) => row.element)),
      make("div", "equation", ...terms));
    for (const type of ["pointerdown", "pointermove"]) drawn.addEventListener(type, pointed);
    return { element, begin, say: tell, showMap, showTemplate, showMaps, multiply, list, add };

    function pointed({ clientX, clientY }) {
      const { left, top, width } = drawn.getBoundingClientRect();
      const [column, row] = [clientX - left, clientY - top]
        .map((along) => Math.max(0, Math.min(25, Math.floor((28 * along) / width) - 1)));
      pointAt(row * 26 + column);
    }

    function begin(shown, digit) {
      element.dataset.shows = shown;
      drawing.paint((i) => (digit ? greyOf(digit[i] / 255) : CLEAR));
    }

    function tell(text) {
      if (caption.textContent !== text) caption.textContent = text;
    }

    function showMap(values, at, isGrowing) {
      const largest = largestOf(values);
      map.paint((i) => greyOf((isGrowing && i > at ? 0.3 : 1) * values[i] / largest));
      const [left, top] = [at % 26, Math.floor(at / 26)];
      for (const [mark, side] of [[kernel, 28], [landing, 26]])
        Object.assign(mark.style, { left: `${(100 * left) / side}%`, top: `${(100 * top) / side}%` });
    }

    function showTemplate(ink, weights) {
      const largest = largestOf(weights);
      template.paint((i) => signedColourOf(weights[i] / largest, ink[i]));
    }

    function showMaps(pooled, weights, count) {
      const products = new Float32Array(count); // of each map
      for (let i = 0; i < pooled.length; i++) products[i % count] += pooled[i] * weights[i];
      const most = rankedByValue(products.map(Math.abs)).slice(0, trio.length);
      const [brightest, largest] = [largestOf(pooled), largestOf(weights)];
      trio.forEach((pair, i) => {
        const [seen, weighed] = [pooled, weights].map((all) => everyNth(all, most[i], count));
        pair.set(seen, brightest, weighed, largest, products[most[i]]);
      });
      return { products: sumOf(products), most };
    }

    function multiply(patch, weights) {
      nines[0].set(patch, 1);
      nines[1].set(weights, largestOf(weights));
      nines[2].set(patch.map((ink, i) => ink * weights[i]), largestOf(weights));
    }

    function list(parts) {
      const largest = largestOf(parts.map(([, value]) => value));
      parts.forEach(([label, value], i) => rows[i].set(label, value, largest));
    }

    function add(products, bias, sum, result, what) {
      const texts = [...[products, bias, sum].map(numberOf), result];
      texts.forEach((text, i) => (terms[i].firstChild.textContent = text));
      labels[3].textContent = what;
    }
  }

  // Parts of the view

  function make(tag, name, ...children) {
    const element = Object.assign(document.createElement(tag), { className: name });
    element.append(...children);
    return element;
  }

  // A picture of pixels, each of the colour that colourAt(index) gives.
  function makePicture(width, name = "", height = width) {
    const element = Object.assign(make("canvas", name), { width, height });
    const context = element.getContext("2d");
    const picture = context.createImageData(width, height);
    const pixels = new Uint32Array(picture.data.buffer);
    function paint(colourAt) {
      for (let i = 0; i < pixels.length; i++) pixels[i] = colourAt(i);
      context.putImageData(picture, 0, 0);
    }
    return { element, paint };
  }

  // A label, a bar from zero to the right or to the left, its number, and a note.
  function makeRow() {
    const [label, bar, number, note] = ["label", "bar", "number", "note"].map((name) => make("span", name));
    function set(text, value, largest, more = "") {
      [label.textContent, note.textContent] = [text, more];
      number.textContent = value === undefined ? "" : numberOf(value);
      bar.style.setProperty("--share", value / largest || 0);
      bar.classList.toggle("minus", value < 0);
    }
    return { element: make("div", "row", label, bar, number, note), set };
  }

  // Nine numbers in a square, shaded by their size.
  function makeNine(title) {
    const cells = Array.from({ length: 9 }, () => make("span", ""));
    function set(values, largest) {
      cells.forEach((cell, i) => {
        cell.textContent = numberOf(values[i]);
        cell.style.setProperty("--share", Math.abs(values[i]) / largest);
        cell.className = values[i] < 0 ? "minus" : "";
      });
    }
    const element = make("div", "", make("div", "nine", ...cells), make("div", "of", title));
    return { element, set };
  }

  // A pooled map, a neuron's weights for it, and the sum of their products.
  function makePair() {
    const [map, template, number] = [makePicture(13), makePicture(13), make("span", "number")];
    function set(seen, brightest, weights, largest, sum) {
      map.paint((i) => greyOf(seen[i] / brightest));
      template.paint((i) => signedColourOf(weights[i] / largest, seen[i] / brightest));
      number.textContent = numberOf(sum);
    }
    return { element: make("div", "pair", map.element, template.element, number), set };
  }

  // Colours and numbers

  function greyOf(share) {
    return 0xff000000 | (0x010101 * Math.round(255 * share));
  }

  // Blue or red on black, brighter where there is something for a weight to weigh.
  function signedColourOf(share, seen) {
    const light = Math.sqrt(Math.abs(share)) * (0.4 + 0.6 * Math.min(1, seen));
    const [red, green, blue] = share < 0 ? [250, 106, 88] : [98, 168, 250];
    return 0xff000000 | ((blue * light) << 16) | ((green * light) << 8) | (red * light);
  }

  function numberOf(value) {
    return (Number(value.toFixed(2)) || 0).toFixed(2).replace("-", "−");
  }

  function percentOf(share) {
    return share > 0.9995 ? "> 99.9%" : `${(100 * share).toFixed(1)}%`;
  }

  function everyNth(values, first, step) {
    const taken = new Float32Array(values.length / step);
    for (let i = 0; i < taken.length; i++) taken[i] = values[first + i * step];
    return taken;
  }

  function sumOf(values) {
    return values.reduce((a, b) => a + b, 0);
  }

  function sumOfProducts(values, weights) {
    return values.reduce((sum, value, i) => sum + value * weights[i], 0);
  }

  function largestOf(values) {
    return values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  }

  // The indices of values, that of the largest first.
  function rankedByValue(values) {
    return Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
  }

  return makeInside;
})();
