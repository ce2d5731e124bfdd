(() => {
  // scripts/bytes.js
  var bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  var floatsOf = (text) => new Float32Array(bytesOf(text).buffer);
  function halvesOf(bytes) {
    const halves = new Uint8Array(2 * bytes.length);
    for (let at = 0; at < halves.length; at++) halves[at] = at % 2 ? bytes[at >> 1] & 15 : bytes[at >> 1] >> 4;
    return halves;
  }
  async function through(bytes, stream, most = Infinity) {
    const parts = [];
    let length = 0;
    const reader2 = new Blob([bytes]).stream().pipeThrough(stream).getReader();
    for (; ; ) {
      const { done, value } = await reader2.read();
      if (done) break;
      length += value.length;
      if (length > most) {
        await reader2.cancel();
        throw new RangeError("more than was told");
      }
      parts.push(value);
    }
    return new Uint8Array(await new Blob(parts).arrayBuffer());
  }

  // scripts/networks.js
  function openNetworks(packed2) {
    return Object.fromEntries(Object.entries(packed2).map(([name, layers]) => [name, new Network(name, layers)]));
  }
  var Network = class {
    constructor(name, layers) {
      [this.name, this.packed] = [name, layers];
    }
    // Unpacked when they are first needed, so that a page shows at once.
    get layers() {
      return this.unpacked ??= this.packed.map((layer) => ({ ...layer, arrays: layer.arrays.map(unpacked) }));
    }
    // What comes out of each layer for a digit of 28×28 grey values, bright ink on black:
    // [{ kind, shape: [height, width, channels], values }].
    trace(digit) {
      let picture = { shape: [28, 28, 1], values: Float32Array.from(digit, (grey) => grey / 255) };
      return this.layers.map((layer) => picture = { kind: layer.kind, ...LAYERS[layer.kind](picture, layer) });
    }
  };
  var LAYERS = { convolution, pooling, scaling, relu, dense, softmax };
  function convolution({ shape: [height, width, channels], values }, { arrays: [kernel, bias], same }) {
    const [rows, columns, , filters] = kernel.shape;
    const [top, left] = same ? [rows - 1 >> 1, columns - 1 >> 1] : [0, 0];
    const [high, wide] = same ? [height, width] : [height - rows + 1, width - columns + 1];
    const sums = new Float32Array(high * wide * filters);
    if (bias) for (let at = 0; at < sums.length; at += filters) sums.set(bias.values, at);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const start = (y * width + x) * channels;
        const inputs = inputsOf(values.subarray(start, start + channels), filters);
        if (!inputs.values.length) continue;
        for (let row = Math.max(0, y + top - high + 1); row < Math.min(rows, y + top + 1); row++)
          for (let column = Math.max(0, x + left - wide + 1); column < Math.min(columns, x + left + 1); column++) {
            const to = ((y + top - row) * wide + x + left - column) * filters;
            addUp(sums, to, filters, inputs, kernel.values, (row * columns + column) * channels * filters);
          }
      }
    return { shape: [high, wide, filters], values: sums };
  }
  function inputsOf(values, outputs) {
    const found = { values: [], starts: [] };
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      found.values.push(values[i]);
      found.starts.push(i * outputs);
    }
    return found;
  }
  function addUp(sums, to, outputs, { values, starts }, weights, from) {
    let i = 0;
    for (; i + 4 <= values.length; i += 4) {
      const a = values[i], b = values[i + 1], c = values[i + 2], d = values[i + 3];
      const p = from + starts[i], q = from + starts[i + 1], r = from + starts[i + 2], s = from + starts[i + 3];
      for (let j = 0; j < outputs; j++)
        sums[to + j] += a * weights[p + j] + b * weights[q + j] + c * weights[r + j] + d * weights[s + j];
    }
    for (; i < values.length; i++) {
      const value = values[i], start = from + starts[i];
      for (let j = 0; j < outputs; j++) sums[to + j] += value * weights[start + j];
    }
  }
  function pooling({ shape: [height, width, channels], values }, { size }) {
    const [high, wide] = [Math.floor(height / size), Math.floor(width / size)];
    const largest = new Float32Array(high * wide * channels).fill(-Infinity);
    for (let y = 0; y < high * size; y++)
      for (let x = 0; x < wide * size; x++) {
        const to = (Math.floor(y / size) * wide + Math.floor(x / size)) * channels;
        const from = (y * width + x) * channels;
        for (let channel = 0; channel < channels; channel++) {
          const value = values[from + channel];
          if (value > largest[to + channel]) largest[to + channel] = value;
        }
      }
    return { shape: [high, wide, channels], values: largest };
  }
  function scaling({ shape, values }, { arrays: [factor, shift] }) {
    const [channels, scaled] = [shape[2], new Float32Array(values.length)];
    for (let at = 0; at < values.length; at += channels)
      for (let channel = 0; channel < channels; channel++)
        scaled[at + channel] = values[at + channel] * factor.values[channel] + shift.values[channel];
    return { shape, values: scaled };
  }
  function relu({ shape, values }) {
    const rectified = new Float32Array(values.length);
    for (let i = 0; i < values.length; i++) if (values[i] > 0) rectified[i] = values[i];
    return { shape, values: rectified };
  }
  function dense({ values }, { arrays: [kernel, bias] }) {
    const sums = Float32Array.from(bias.values);
    addUp(sums, 0, sums.length, inputsOf(values, sums.length), kernel.values, 0);
    return { shape: [1, 1, sums.length], values: sums };
  }
  function softmax({ shape, values }) {
    const largest = Math.max(...values);
    const powers = values.map((value) => Math.exp(value - largest));
    const sum = powers.reduce((a, b) => a + b);
    return { shape, values: powers.map((power) => power / sum) };
  }
  function unpacked({ shape, floats, whole: whole2, unit }) {
    if (floats) return { shape, values: floatsOf(floats) };
    const [units, values] = [floatsOf(unit), new Float32Array(whole2.length / 2)];
    for (let i = 0; i < values.length; i++) {
      const number = 64 * VALUES[whole2.charCodeAt(2 * i)] + VALUES[whole2.charCodeAt(2 * i + 1)] - 2048;
      values[i] = number * units[i % units.length];
    }
    return { shape, values };
  }
  var VALUES = new Uint8Array(128);
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((digit, value) => {
    VALUES[digit.charCodeAt(0)] = value;
  });
  function readDigit(networks, digit, unsureBelow, looks = []) {
    return Object.entries(networks).map(([name, network2]) => {
      const trace = network2.trace(digit);
      const answer = answerOf(name, trace.at(-1).values, unsureBelow);
      return looks.includes(name) ? { ...answer, trace } : answer;
    });
  }
  function answerOf(name, probabilities, unsureBelow) {
    const confidence = Math.max(...probabilities);
    const digit = probabilities.indexOf(confidence);
    return { name, digit, confidence, unsure: confidence < unsureBelow, probabilities };
  }

  // scripts/pictures.js
  var canvasOf = (width, height) => Object.assign(document.createElement("canvas"), { width, height });
  var pixelsOf = (canvas) => canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  function greys(width, height, pixels) {
    const image = new ImageData(width, height);
    const colours = new Uint32Array(image.data.buffer);
    for (let at = 0; at < colours.length; at++) colours[at] = 4278190080 | 65793 * pixels[at];
    return image;
  }
  function put(image, canvas = canvasOf(image.width, image.height)) {
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }
  var paint = (canvas, pixels) => put(greys(canvas.width, canvas.height, pixels), canvas);
  function resized(image, width, height) {
    const canvas = canvasOf(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.imageSmoothingQuality = "high";
    context.drawImage(image, 0, 0, width, height);
    return canvas;
  }
  async function imageOf(url) {
    const image = Object.assign(new Image(), { src: url });
    await image.decode();
    return image;
  }
  function imageOfFile(file) {
    const url = URL.createObjectURL(file);
    return imageOf(url).finally(() => URL.revokeObjectURL(url));
  }

  // scripts/asking.js
  function makeReading(load, inside, unsureBelow, say2) {
    let [worker, last, opened2] = [null, 0, null];
    const asking = /* @__PURE__ */ new Map();
    const loaded = once(load);
    async function start() {
      const networks = await loaded();
      if (worker) return;
      worker = startWorker();
      worker.onmessage = ({ data }) => asking.get(data.id)(data);
      worker.onerror = worker.onmessageerror = ({ target }) => {
        target.terminate();
        target.onerror = target.onmessageerror = worker = null;
        for (const hear of asking.values()) hear({ error: true });
      };
      worker.postMessage({ networks, unsureBelow });
    }
    return {
      every: 0,
      async networks() {
        opened2 ??= openNetworks(await loaded());
        return Object.fromEntries(inside.map((name) => [name, opened2[name]]));
      },
      async answer(pad, { pipeline, looks, change, language: language2 }, signal) {
        if (!await start().then(() => true, () => false)) return { detail: say2("unloaded", {}, language2) };
        if (signal?.aborted) return null;
        const drawing = pad.pixels();
        const { width, height } = drawing;
        const id = ++last;
        worker.postMessage({ read: { id, drawing, pipeline, looks, change } }, [drawing.data.buffer]);
        const reply = await new Promise((hear) => asking.set(id, hear));
        asking.delete(id);
        return reply.error ? { detail: say2("unread", {}, language2) } : shown(reply, width, height);
      }
    };
    function shown({ digit, steps, box, models }, width, height) {
      const painted = (step) => ({ ...step, picture: put(greys(step.width, step.height, step.pixels)) });
      const shares = box?.map((edge, i) => edge / (i % 2 ? height : width));
      return { digit, models, steps: steps.map(painted), box: shares };
    }
  }
  function once(make2) {
    let made2 = null;
    return () => made2 ??= make2().catch((error) => {
      made2 = null;
      throw error;
    });
  }
  function startWorker() {
    const source = document.getElementById("worker-source").textContent;
    startWorker.url ??= URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    return new Worker(startWorker.url);
  }

  // scripts/chance.js
  function permutation(count, draw) {
    const order = Uint16Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(draw() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
  function random(text) {
    let state = 1779033703 ^ text.length;
    const rotated = (value) => value << 13 | value >>> 19;
    for (const letter of text) state = rotated(Math.imul(state ^ letter.codePointAt(), 3432918353));
    return () => {
      state = state + 1831565813 | 0;
      let mixed = Math.imul(state ^ state >>> 15, 1 | state);
      mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
      return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
    };
  }

  // scripts/pad.js
  var SIDE = 280;
  var LONGEST = 1024;
  var KEYS = "keys";
  var STEP = 10;
  var MOVES = {
    ArrowLeft: [-1, 0],
    ArrowRight: [1, 0],
    ArrowUp: [0, -1],
    ArrowDown: [0, 1],
    Home: [-1, -1],
    PageUp: [1, -1],
    End: [-1, 1],
    PageDown: [1, 1]
    // as they lie on a number pad
  };
  var Pad = class {
    strokes = [];
    // each { pen, points, isOwn }, points of [x, y] in pixels of the picture
    photo = null;
    // { image, isOpaque, isOwn, under }, the last the strokes whose place it took
    pointer = null;
    // the one that is drawing
    pen = 18;
    cursor = [SIDE / 2, SIDE / 2];
    // where the keys hold the pen
    constructor(paper2, changed) {
      Object.assign(this, { paper: paper2, changed, canvas: paper2.querySelector("canvas"), picture: canvasOf(SIDE, SIDE) });
      this.picture.getContext("2d", { willReadFrequently: true });
      this.heedPointers();
      this.heedKeys();
      new ResizeObserver(() => this.show()).observe(this.canvas);
    }
    paint(target) {
      const scale = target.width / SIDE;
      const context = target.getContext("2d");
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.fillStyle = "white";
      context.fillRect(0, 0, SIDE, SIDE);
      if (this.photo) {
        const { width, height } = this.photo.image;
        const zoom = SIDE / Math.max(width, height);
        const [w, h] = [width * zoom, height * zoom];
        context.imageSmoothingEnabled = zoom < 4;
        context.drawImage(this.photo.image, (SIDE - w) / 2, (SIDE - h) / 2, w, h);
      }
      drawStrokes(context, this.strokes);
    }
    drawn() {
      if (this.photo) return this.photo.image;
      this.paint(this.picture);
      return this.picture;
    }
    show() {
      const { canvas } = this;
      const pixels = Math.round(canvas.clientWidth * devicePixelRatio);
      if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
      this.paper.toggleAttribute("data-empty", this.isEmpty());
      this.paint(canvas);
      if (canvas.matches(":focus-visible")) this.showCursor();
    }
    showCursor() {
      const context = this.canvas.getContext("2d");
      context.beginPath();
      context.arc(...this.cursor, this.pen / 2 + 3, 0, 2 * Math.PI);
      context.strokeStyle = "#1f5a94";
      context.lineWidth = this.pointer === KEYS ? 5 : 2;
      context.stroke();
    }
    change(done = true) {
      this.show();
      this.changed(done);
    }
    extend(event) {
      const box = this.canvas.getBoundingClientRect();
      const [x, y] = [SIDE * (event.clientX - box.left), SIDE * (event.clientY - box.top)];
      this.strokes.at(-1).points.push([x / box.width, y / box.height]);
    }
    lower(by) {
      this.pointer = by;
      this.photo = null;
      this.strokes.push({ pen: this.pen, points: [], isOwn: true });
    }
    lift(by) {
      if (by !== this.pointer) return;
      this.pointer = null;
      this.change();
    }
    heedPointers() {
      const { canvas } = this;
      canvas.addEventListener("pointerdown", (event) => {
        if (event.button !== 0) return;
        this.lift(KEYS);
        if (this.pointer !== null) return;
        this.lower(event.pointerId);
        canvas.setPointerCapture(this.pointer);
        this.extend(event);
        this.show();
      });
      canvas.addEventListener("pointermove", (event) => {
        if (event.pointerId !== this.pointer) return;
        const events = event.getCoalescedEvents?.() ?? [];
        for (const each of events.length ? events : [event]) this.extend(each);
        this.change(false);
      });
      canvas.addEventListener("pointerup", (event) => this.lift(event.pointerId));
      canvas.addEventListener("pointercancel", (event) => this.lift(event.pointerId));
    }
    heedKeys() {
      const { canvas } = this;
      canvas.addEventListener("keydown", (event) => {
        const move = MOVES[event.key];
        if (!(move || event.key === " ") || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        const to = (at, axis) => Math.min(SIDE, Math.max(0, at + STEP * move[axis]));
        if (move) this.cursor = this.cursor.map(to);
        else if (event.repeat) return;
        else if (this.pointer === KEYS) return this.lift(KEYS);
        else if (this.pointer === null) this.lower(KEYS);
        if (this.pointer !== KEYS) return this.show();
        this.strokes.at(-1).points.push(this.cursor);
        this.change(false);
      });
      canvas.addEventListener("focus", () => this.show());
      canvas.addEventListener("blur", () => this.pointer === KEYS ? this.lift(KEYS) : this.show());
    }
    // Puts strokes, or a photo, in the place of what is drawn. A button pressed while another finger draws would take
    // the stroke away under it.
    replace(strokes, photo = null) {
      if (this.pointer === KEYS) this.pointer = null;
      if (this.pointer !== null) return;
      [this.strokes, this.photo] = [strokes, photo];
      this.change();
    }
    undo = () => this.replace(this.photo ? this.photo.under : this.strokes.slice(0, -1));
    clear = () => this.replace([]);
    load = (example) => this.replace([...example]);
    lay(image, isOwn) {
      const zoom = Math.min(1, LONGEST / Math.max(image.width, image.height));
      const [width, height] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * zoom)));
      const small = resized(image, width, height);
      const isOpaque = pixelsOf(small).data.every((value, i) => i % 4 < 3 || value === 255);
      this.replace([], { image: small, isOpaque, isOwn, under: this.strokes });
    }
    // Whether all of it is the user's own, and none from the page's examples.
    isOwn = () => (this.photo ? [this.photo] : this.strokes).every((each) => each.isOwn);
    isEmpty = () => !this.photo && !this.strokes.length;
    pieces = () => this.photo ? 0 : piecesOf(this.strokes);
    pixels = () => pixelsOf(this.drawn());
    // A drawing stays exact; a photo would be many times as large.
    url() {
      const isLarge = this.photo?.isOpaque && this.photo.image.width * this.photo.image.height > SIDE * SIDE;
      return isLarge ? this.drawn().toDataURL("image/jpeg", 0.92) : this.drawn().toDataURL("image/png");
    }
  };
  function piecesOf(strokes) {
    const boxes = strokes.map(({ pen, points }) => {
      const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
      const [left, right] = [Math.min(...xs) - pen / 2, Math.max(...xs) + pen / 2];
      return { left, right, top: Math.min(...ys), bottom: Math.max(...ys) };
    });
    const merged = [];
    for (const box of boxes.sort((a, b) => a.left - b.left)) {
      const last = merged.at(-1);
      if (!last || box.left > last.right) merged.push(box);
      else {
        last.right = Math.max(last.right, box.right);
        last.top = Math.min(last.top, box.top);
        last.bottom = Math.max(last.bottom, box.bottom);
      }
    }
    const whole2 = Math.max(...merged.map(({ bottom }) => bottom)) - Math.min(...merged.map(({ top }) => top));
    return merged.filter(({ top, bottom }) => 2 * (bottom - top) >= whole2).length;
  }
  function drawStrokes(context, strokes) {
    context.strokeStyle = "black";
    context.lineCap = context.lineJoin = "round";
    for (const { pen, points } of strokes) {
      context.lineWidth = pen;
      context.beginPath();
      context.moveTo(...points[0]);
      for (let i = 1; i < points.length; i++) {
        const [x0, y0] = points[i - 1];
        const [x1, y1] = points[i];
        context.quadraticCurveTo(x0, y0, (x0 + x1) / 2, (y0 + y1) / 2);
      }
      const [x, y] = points.at(-1);
      context.lineTo(x, y + 0.01);
      context.stroke();
    }
  }

  // scripts/words.js
  function textOf(texts, name, values = {}) {
    const text = name.split(".").reduce((table2, key) => table2[key], texts);
    return text.replace(/\{(\w+)\}/g, (_, key) => values[key]).replace(/\b(a)(?= 8\b)/gi, "$1n");
  }
  function listOf(names, language2) {
    return language2 === "ko" ? names.join(", ") : new Intl.ListFormat(language2).format(names);
  }
  function putWords(element, say2, values) {
    element.querySelectorAll("[data-text]").forEach((each) => each.textContent = say2(each.dataset.text, values));
    element.querySelectorAll("[data-label]").forEach((each) => each.setAttribute("aria-label", say2(each.dataset.label)));
  }

  // scripts/thumbs.js
  function showThumbs(place, settings, say2, language2) {
    const thumb = (kind, index, label) => {
      const about = `data-kind="${kind}" data-index="${index}" aria-label="${label}" title="${label}"`;
      return `<button type="button" ${about}><canvas width="280" height="280"></canvas></button>`;
    };
    const example = ({ digit, name }, i) => thumb("example", i, say2("example", { name: say2(`examples.${name}`, { digit }) }));
    const misread = (each, i) => {
      const meant = `<small aria-hidden="true">${say2("is", each)}</small>`;
      return `<span>${thumb("misread", i, say2("misread_one", each))}${meant}</span>`;
    };
    const models = listOf(settings.misread_by.map((name) => say2(`models.${name}`)), language2);
    const groups = [[say2("try"), settings.examples.map(example)]];
    if (settings.misread.length) groups.push([say2("misread", { models }), settings.misread.map(misread)]);
    place.innerHTML = groups.map(([title, thumbs]) => `<div><p class="name">${title}</p><div class="thumbs">${thumbs.join("")}</div></div>`).join("");
    place.querySelectorAll("button").forEach((button) => {
      const { kind, index } = button.dataset;
      const context = button.querySelector("canvas").getContext("2d");
      context.fillStyle = "white";
      context.fillRect(0, 0, 280, 280);
      if (kind === "example") return drawStrokes(context, settings.examples[index].strokes);
      context.imageSmoothingEnabled = false;
      imageOf(settings.misread[index].picture).then((image) => context.drawImage(image, 0, 0, 280, 280));
    });
  }
  function takeThumb({ dataset: { kind, index } }, settings, pad) {
    if (kind === "example") pad.load(settings.examples[index].strokes);
    else imageOf(settings.misread[index].picture).then((image) => pad.lay(image, false));
  }

  // scripts/desk.js
  function layPad(element, say2) {
    element.prepend(document.getElementById("demo-parts").content.querySelector(".pad").cloneNode(true));
    putWords(element, say2);
  }
  function makeDesk(element, settings, changed, refused, page = element) {
    const find = (selector) => element.querySelector(selector);
    const pad = new Pad(find(".paper"), changed);
    function take(width) {
      pad.pen = width;
      find(".pen i").style.setProperty("--width", `${width}px`);
    }
    async function openFile(file) {
      if (!file || !find("[name=upload]")) return;
      reveal();
      const [a, b, c] = new Uint8Array(await file.slice(0, 3).arrayBuffer().catch(() => []));
      const isPicture = a === 137 && b === 80 && c === 78 || a === 255 && b === 216 && c === 255;
      const image = isPicture && await imageOfFile(file).catch(() => null);
      if (image) pad.lay(image, true);
      else refused(file.size ? isPicture ? "damaged" : "format" : "empty");
    }
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
      target.value = "";
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

  // scripts/drawings.js
  var FORMAT = "mnist-compare drawings 1";
  var DRAWN_SIDE = 112;
  var MOST_DRAWINGS = 1e3;
  var LARGEST_FILE = 1e7;
  var CODE = /^[\p{L}\p{N}_-]{1,12}$/u;
  function shadesOf(pad) {
    const { data } = pixelsOf(resized(put(pad.pixels()), DRAWN_SIDE, DRAWN_SIDE));
    return Uint8Array.from({ length: DRAWN_SIDE ** 2 }, (_, i) => Math.round((255 - data[4 * i]) / 17));
  }
  var pictureOf = (shades) => greys(DRAWN_SIDE, DRAWN_SIDE, shades.map((shade) => 255 - 17 * shade));
  async function packDrawings(code, drawings) {
    const size = DRAWN_SIDE ** 2 / 2;
    const pairs = new Uint8Array(size * drawings.length);
    drawings.forEach(({ shades }, k) => {
      for (let i = 0; i < size; i++) pairs[k * size + i] = 16 * shades[2 * i] + shades[2 * i + 1];
    });
    const deflated = await through(pairs, new CompressionStream("deflate"));
    const text = Array.from(deflated, (byte) => String.fromCharCode(byte)).join("");
    const digits = drawings.map(({ digit }) => digit).join("");
    return JSON.stringify({ format: FORMAT, code, digits, drawings: btoa(text) });
  }
  async function openDrawings(file) {
    if (file.size > LARGEST_FILE) throw new Error("large");
    const told = await file.text().then(JSON.parse).catch(() => null);
    const { format, code, digits, drawings } = told ?? {};
    if (typeof format !== "string" || typeof drawings !== "string") throw new Error("kind");
    if (format !== FORMAT) throw new Error("version");
    if (!(typeof code === "string" && CODE.test(code))) throw new Error("code");
    const areDigits = typeof digits === "string" && /^[0-9]+$/.test(digits);
    if (!(areDigits && digits.length <= MOST_DRAWINGS)) throw new Error("digits");
    const size = DRAWN_SIDE ** 2 / 2;
    const pairs = await Promise.resolve(drawings).then((text) => through(bytesOf(text), new DecompressionStream("deflate"), size * digits.length)).catch(() => null);
    if (pairs?.length !== size * digits.length) throw new Error("size");
    return Array.from(digits, (digit, k) => {
      const picture = pictureOf(halvesOf(pairs.subarray(k * size, (k + 1) * size)));
      return { writer: code, digit: Number(digit), picture };
    });
  }
  async function openPicture(file, path) {
    const digit = path.split("/").at(-2);
    if (!/^[0-9]$/.test(digit ?? "")) throw new Error("folder");
    if (file.size > LARGEST_FILE) throw new Error("large");
    try {
      const image = await imageOfFile(file);
      const picture = pixelsOf(resized(image, image.naturalWidth, image.naturalHeight));
      return [{ writer: path, digit: Number(digit), picture }];
    } catch {
      throw new Error("damaged");
    }
  }

  // scripts/readings.js
  var WAY = "center";
  async function readPicture(computer, picture, pipeline) {
    const copy = new ImageData(picture.data.slice(), picture.width);
    const { models, detail } = await computer.answer({ pixels: () => copy }, { pipeline, looks: [] });
    if (detail) throw new Error(detail);
    return Object.fromEntries(models.map(({ name, digit }) => [name, digit]));
  }
  function readingOf({ digit, picture }, read, networks, say2) {
    const figure = document.createElement("figure");
    const answers = networks.map((name) => {
      const kind = read[name] === digit ? name : `${name} wrong`;
      return `<span class="${kind}">${say2(`models.${name}`)} ${read[name]}</span>`;
    });
    figure.innerHTML = `<figcaption><b>${say2("is", { label: digit })}</b>${answers.join("")}</figcaption>`;
    figure.prepend(put(picture));
    return figure;
  }

  // scripts/collector.js
  var ROUNDS = 2;
  function inStorage(act) {
    try {
      return act(localStorage) ?? true;
    } catch {
      return null;
    }
  }
  function keptLessons(storage) {
    const opened2 = (name, value) => name === "shades" ? Uint8Array.from(value, (shade) => parseInt(shade, 16)) : value;
    const keys = Object.keys(storage).filter((key) => key.startsWith(`${FORMAT} `)).sort();
    return keys.map((key) => JSON.parse(storage.getItem(key), opened2)).filter(({ code }) => CODE.test(code));
  }
  function keepLesson(storage, lesson) {
    const digits = (shades) => Array.from(shades, (shade) => shade.toString(16)).join("");
    const packed2 = (name, value) => name === "shades" ? digits(value) : value;
    storage.setItem(lesson.key, JSON.stringify(lesson, packed2));
  }
  var forget = ({ key }) => inStorage((storage) => storage.removeItem(key));
  var Collector = class {
    lesson = null;
    // of the pupil who draws: { key, code, drawings, isSaved }
    kept = [];
    // other lessons
    asked = [];
    // the digits of all rounds
    isKept = true;
    // whether the browser could keep the lesson as it is
    constructor(place, networks, computer, say2) {
      Object.assign(this, { place, networks, computer, say: say2 });
      this.find = (selector) => place.querySelector(selector);
      this.tell = (name, values) => say2(`classroom.${name}`, values);
      this.listen();
      this.begin();
    }
    begin() {
      const { tell } = this;
      [this.lesson, this.kept, this.isKept] = [null, inStorage(keptLessons) ?? [], true];
      const button = (name, i) => `<button type="button" name="${name}" value="${i}">${tell(name)}</button>`;
      const offer = ({ code: code2, drawings }, i) => {
        const told = tell("kept", { code: code2, count: drawings.length, all: 10 * ROUNDS });
        return `<div class="kept"><p>${told}</p>${button("resume", i)}${button("remove", i)}</div>`;
      };
      const code = `<label>${tell("code")} <input name="code" maxlength="12" autocomplete="off" required></label>`;
      this.place.innerHTML = `${this.kept.map(offer).join("")}<form>${code} <button>${tell("begin")}</button></form>
      <p class="trouble" role="alert"></p>`;
    }
    open(lesson) {
      this.lesson = lesson;
      const drawn = lesson.drawings.map(({ digit }) => digit);
      const first = (k) => drawn.slice(10 * k, 10 * k + 10);
      const round = (_, k) => [.../* @__PURE__ */ new Set([...first(k), ...permutation(10, Math.random)])];
      this.asked = Array.from({ length: ROUNDS }, round).flat();
      if (drawn.length < this.asked.length) this.draw();
      else this.end();
    }
    keep(isSaved) {
      this.lesson.isSaved = isSaved;
      this.isKept = inStorage((storage) => keepLesson(storage, this.lesson));
      this.find(".trouble").textContent = this.isKept || isSaved ? "" : this.tell("unkept");
    }
    remove(lesson) {
      if (!lesson.isSaved && !confirm(this.tell("unsaved", lesson))) return;
      forget(lesson);
      this.begin();
      this.find("[name=code]").focus();
    }
    draw() {
      const { find, place, say: say2 } = this;
      place.innerHTML = `
      <div class="drawing">
        <p class="asked" role="status"></p><p class="count"></p>
        <button type="button" name="next">${this.tell("next")}</button>
      </div>
      <p class="trouble" role="alert"></p>`;
      const drawing = find(".drawing");
      layPad(drawing, say2);
      find("[name=upload]").closest("label").remove();
      this.pad = makeDesk(drawing, {}, () => find("[name=next]").disabled = this.pad.isEmpty());
      drawing.scrollIntoView({ block: "nearest" });
      this.ask();
    }
    ask() {
      const done = this.lesson.drawings.length;
      this.find(".asked").textContent = this.tell("draw", { digit: this.asked[done] });
      this.find(".count").textContent = this.tell("count", { done: done + 1, all: this.asked.length });
      this.find("[name=next]").disabled = true;
      this.find(".paper canvas").focus({ preventScroll: true });
    }
    next() {
      const { drawings } = this.lesson;
      drawings.push({ digit: this.asked[drawings.length], shades: shadesOf(this.pad) });
      this.keep(false);
      if (drawings.length === this.asked.length) return this.end();
      this.pad.clear();
      this.ask();
    }
    async end() {
      const { tell, find, place } = this;
      place.replaceChildren();
      const { code, drawings } = this.lesson;
      const file = `digits-${code}.json`;
      const text = await packDrawings(code, drawings);
      const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      const save = `<a class="button" download="${file}" href="${url}">${tell("save", { file })}</a>`;
      place.innerHTML = `
      <p role="status">${tell("ended", { count: drawings.length })}</p>
      <p>${save} <button type="button" name="anew">${tell("anew")}</button></p>
      <p class="trouble" role="alert">${this.isKept ? "" : tell("unkept")}</p>
      <p class="count"></p>
      <div class="readings"></div>`;
      find("[download]").focus();
      this.read(drawings, find(".readings"));
    }
    async read(drawings, readings) {
      const { networks, computer, find, tell, say: say2 } = this;
      const right = Object.fromEntries(networks.map((name) => [name, 0]));
      try {
        for (const { digit, shades } of drawings) {
          const picture = pictureOf(shades);
          const read = await readPicture(computer, picture, WAY);
          if (!readings.isConnected) return;
          networks.forEach((name) => right[name] += read[name] === digit);
          readings.append(readingOf({ digit, picture }, read, networks, say2));
        }
      } catch ({ message }) {
        return find(".trouble").textContent = message;
      }
      const said = (name) => tell("right", { model: say2(`models.${name}`), right: right[name], all: drawings.length });
      find(".count").textContent = networks.map(said).join(" · ");
    }
    listen() {
      const { place, find } = this;
      place.addEventListener("submit", (event) => {
        event.preventDefault();
        const code = find("[name=code]").value.trim();
        if (!CODE.test(code)) return find(".trouble").textContent = this.tell("wrong_code");
        this.kept.filter(({ isSaved }) => isSaved).forEach(forget);
        this.open({ key: `${FORMAT} ${Date.now()}`, code, drawings: [], isSaved: false });
      });
      place.addEventListener("click", ({ target }) => {
        const { name, value } = target.closest("button") ?? {};
        if (name === "resume") this.open(this.kept[value]);
        else if (name === "remove") this.remove(this.kept[value]);
        else if (name === "anew") this.remove(this.lesson);
        else if (name === "next") this.next();
        else if (target.closest("[download]")) this.keep(true);
      });
      addEventListener("beforeunload", (event) => this.isKept || this.lesson.isSaved || event.preventDefault());
    }
  };

  // scripts/confusion.js
  var Confusion = class {
    constructor(place, data, say2) {
      const { counts, cells, model, sprite } = data;
      Object.assign(this, { place, say: say2, counts, cells, wide: data.wide, model: say2(`models.${model}`) });
      this.mistakes = counts.map((row, digit) => row.map((count, read) => read === digit ? 0 : count));
      this.most = Math.max(...this.mistakes.flat());
      this.sprite = Object.assign(new Image(), { src: sprite });
      this.firsts = startsOf(cells);
      place.classList.add("confusion", model);
      place.innerHTML = this.build();
      this.listen();
      const worst = this.mistakes.findIndex((row) => row.includes(this.most));
      this.show(this.cellAt(worst, this.mistakes[worst].indexOf(this.most)));
    }
    build() {
      const { counts, model, say: say2 } = this;
      const heads = counts.map((_, read) => `<th scope="col">${read}</th>`).join("");
      const cells = (digit) => counts[digit].map((_, read) => this.cell(digit, read)).join("");
      const row = (_, digit) => `<tr><th scope="row">${digit}</th>${cells(digit)}</tr>`;
      const caption = say2("confusion.caption", { model });
      return `<div>
      <p class="asks">${caption}</p>
      <table aria-label="${caption}">
        <thead><tr><td></td>${heads}</tr></thead>
        <tbody>${counts.map(row).join("")}</tbody>
      </table>
      <div class="shown"><p role="status"></p><ol tabindex="0"></ol><small>${say2("confusion.numbers")}</small></div>
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
      const { say: say2, model } = this;
      const words = (name) => say2(`confusion.${name}`).split(", ");
      const count = this.counts[digit][read];
      const kind = digit === read ? "right" : count > 1 ? "many" : count ? "one" : "none";
      const form = count > 1 ? "plurals" : "digits";
      const values = { count, model, digit: words(form)[digit], read: words(`${form}_as`)[read] };
      return say2(`confusion.${kind}`, values);
    }
    show(button) {
      const { place, say: say2 } = this;
      const [digit, read] = placeOf(button);
      const indices = this.cells[digit][read];
      const isAll = this.counts[digit][read] <= indices.length;
      const rest = isAll ? "" : say2("confusion.first", { shown: indices.length });
      place.querySelector("[aria-pressed=true]")?.removeAttribute("aria-pressed");
      button.setAttribute("aria-pressed", true);
      place.querySelector(".shown p").textContent = `${this.sentence(digit, read)} ${rest}`.trim();
      place.querySelector("ol").innerHTML = indices.map((index) => {
        const label = say2("confusion.digit", { index });
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
          ArrowUp: [digit - 1, read],
          ArrowDown: [digit + 1, read],
          ArrowLeft: [digit, read - 1],
          ArrowRight: [digit, read + 1],
          Home: [digit, 0],
          End: [digit, this.counts.length - 1]
        }[event.key];
        if (!next || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        this.hold(this.cellAt(...next) ?? event.target).focus();
      });
    }
  };
  var placeOf = ({ dataset }) => [Number(dataset.digit), Number(dataset.read)];
  function startsOf(cells) {
    let next = 0;
    return cells.map((row) => row.map((indices) => (next += indices.length) - indices.length));
  }

  // scripts/preprocessing.js
  var PIPELINES = ["resize", "crop", "center"];
  var DIGIT_SIDE = 28;
  var PADDING = 0.2;
  var MASS_CENTER = 14;
  var LONGEST_SIDE = 1024;
  var FAINTEST_INK = 12;
  var EDGE_LEVEL = 0.05;
  var SPECK = 0.02;
  var DEVIATION = 1.4826;
  function preprocess(drawing, pipeline = "center") {
    if (!PIPELINES.includes(pipeline))
      throw new RangeError(`unknown pipeline "${pipeline}": choose one of ${PIPELINES.join(", ")}`);
    const { width, height } = drawing;
    if (!(width > 0 && height > 0))
      throw new RangeError("a drawing must be at least one pixel wide and one pixel high");
    const steps = [];
    const step = (name, picture) => (steps.push({ name, ...picture }), picture);
    const factor = Math.ceil(Math.max(width, height) / LONGEST_SIDE);
    const grey = step("grey", reduce(toGrey(drawing), factor));
    const ink = step("ink", extractInk(grey));
    const box = boundingBox(ink);
    if (!box) return { digit: new Uint8Array(DIGIT_SIDE ** 2), steps, box, blank: true };
    const padded = () => step("padded", padToSquare(step("cropped", crop(ink, box))));
    const square = pipeline === "resize" ? step("square", padToSquare(ink, 0)) : padded();
    let digit = step("28×28", shrink(square));
    if (pipeline === "center") digit = step("centred", center(digit));
    const limits = [width, height, width, height];
    const boxInDrawing = box.map((edge, i) => Math.min(edge * factor, limits[i]));
    return { digit: digit.pixels, steps, box: boxInDrawing, blank: false };
  }
  function toGrey({ data, width, height }) {
    const pixels = new Uint8Array(width * height);
    const transparency = new Uint8Array(width * height);
    for (let i = 0, at = 0; i < pixels.length; i++, at += 4) {
      const light = 19595 * data[at] + 38470 * data[at + 1] + 7471 * data[at + 2] + 32768 >> 16;
      transparency[i] = 255 - data[at + 3];
      const blend = light * data[at + 3] + 255 * transparency[i] + 128;
      pixels[i] = blend + (blend >> 8) >> 8;
    }
    const isHidden = contrast(pixels) < FAINTEST_INK && contrast(transparency) >= FAINTEST_INK;
    return { width, height, pixels: isHidden ? transparency : pixels };
  }
  function contrast(values) {
    let [darkest, brightest] = [255, 0];
    for (let i = 0; i < values.length; i++) {
      if (values[i] < darkest) darkest = values[i];
      if (values[i] > brightest) brightest = values[i];
    }
    return brightest - darkest;
  }
  function reduce(picture, factor) {
    if (factor === 1) return picture;
    const width = Math.ceil(picture.width / factor);
    const height = Math.ceil(picture.height / factor);
    const sums = new Uint32Array(width * height);
    const counts = new Uint32Array(width * height);
    for (let y = 0; y < picture.height; y++)
      for (let x = 0; x < picture.width; x++) {
        const block = Math.floor(y / factor) * width + Math.floor(x / factor);
        sums[block] += picture.pixels[y * picture.width + x];
        counts[block]++;
      }
    const pixels = new Uint8Array(sums.length);
    for (let i = 0; i < pixels.length; i++) {
      const reciprocal = Math.floor(Math.fround(2 ** 24 / counts[i]));
      pixels[i] = (sums[i] + (counts[i] >> 1)) * reciprocal / 2 ** 24;
    }
    return { width, height, pixels };
  }
  function extractInk(grey) {
    const { width, height, pixels } = grey;
    const { level, noise } = paper(grey);
    const difference = new Float32Array(pixels.length);
    let balance = 0;
    for (let i = 0; i < pixels.length; i++) {
      difference[i] = pixels[i] - level[i];
      balance += difference[i] * difference[i] * difference[i];
    }
    if (balance < 0) for (let i = 0; i < pixels.length; i++) difference[i] = -difference[i];
    const strongest = maximum(difference);
    if (strongest < Math.max(FAINTEST_INK, 6 * noise))
      return { width, height, pixels: new Uint8Array(pixels.length) };
    const faintest = Math.max(Math.fround(Math.fround(EDGE_LEVEL) * strongest), 4 * noise);
    const pieces = connectedPieces(difference, width, faintest);
    const masses = pieces.map((piece) => piece.reduce((mass, i) => mass + difference[i], 0));
    const enough = SPECK * maximum(masses);
    const ink = new Float32Array(pixels.length);
    pieces.forEach((piece, k) => {
      if (masses[k] >= enough) piece.forEach((i) => ink[i] = difference[i]);
    });
    return { width, height, pixels: stretch(ink) };
  }
  function paper(grey) {
    const { width, height, pixels } = grey;
    const [bottom, right] = [height - 1, width - 1];
    const edges = [[0, 0, width, 1], [0, bottom, width, height], [0, 0, 1, height], [right, 0, width, height]];
    const border = edges.flatMap((box) => [...crop(grey, box).pixels]);
    const usual = median(border);
    const spread = median(border.map((value) => Math.abs(value - usual)));
    if (spread > 1) return unevenPaper(grey);
    const noise = Math.fround(spread * Math.fround(DEVIATION));
    return { level: new Float32Array(pixels.length).fill(usual), noise };
  }
  function unevenPaper({ width, height, pixels }) {
    const [xs, ys] = [coordinates(width), coordinates(height)];
    const [sample, terms] = [[], []];
    for (let row = 0; row < height; row += Math.ceil(height / 32))
      for (let column = 0; column < width; column += Math.ceil(width / 32)) {
        const [x, y] = [xs[column], ys[row]];
        sample.push(pixels[row * width + column]);
        terms.push([1, x, y, Math.fround(x * x), Math.fround(x * y), Math.fround(y * y)]);
      }
    let weights = sample.map(() => 1);
    let coefficients, residual;
    for (let round = 0; round < 10; round++) {
      coefficients = leastSquares(terms, sample, weights);
      residual = sample.map((value, i) => Math.abs(value - dot(terms[i], coefficients)));
      weights = residual.map((value) => 1 / Math.sqrt(Math.max(value, 1)));
    }
    const level = new Float32Array(pixels.length);
    const [a, b, c, d, e, f] = Float32Array.from(coefficients);
    for (let row = 0; row < height; row++)
      for (let column = 0; column < width; column++) {
        const [x, y] = [xs[column], ys[row]];
        const plane = Math.fround(Math.fround(a + b * x) + c * y);
        const bent = Math.fround(plane + d * Math.fround(x * x));
        const twisted = Math.fround(bent + e * Math.fround(x * y));
        level[row * width + column] = twisted + f * Math.fround(y * y);
      }
    return { level, noise: median(residual) * DEVIATION };
  }
  function coordinates(count) {
    const step = 2 / Math.max(count - 1, 1);
    return Float32Array.from({ length: count }, (_, i) => i * step - 1);
  }
  function leastSquares(terms, sample, weights) {
    const count = terms[0].length;
    const columns = Array.from({ length: count }, (_, k) => {
      const column = new Float64Array(sample.length + count);
      for (let i = 0; i < sample.length; i++) column[i] = terms[i][k] * weights[i];
      column[sample.length + k] = 1e-7;
      return column;
    });
    const rest = new Float64Array(sample.length + count);
    for (let i = 0; i < sample.length; i++) rest[i] = sample[i] * weights[i];
    const diagonal = columns.map((mirror, k) => {
      const length = Math.sqrt(dot(mirror, mirror, k));
      const reflected = mirror[k] > 0 ? -length : length;
      mirror[k] -= reflected;
      const size = dot(mirror, mirror, k);
      for (const column of [...columns.slice(k + 1), rest]) {
        const share = 2 * dot(mirror, column, k) / size;
        for (let i = k; i < column.length; i++) column[i] -= share * mirror[i];
      }
      return reflected;
    });
    const coefficients = new Float64Array(count);
    for (let k = count - 1; k >= 0; k--) {
      coefficients[k] = rest[k] / diagonal[k];
      for (let row = 0; row < k; row++) rest[row] -= coefficients[k] * columns[k][row];
    }
    return coefficients;
  }
  function dot(a, b, start = 0) {
    let sum = 0;
    for (let i = start; i < a.length; i++) sum += a[i] * b[i];
    return sum;
  }
  function connectedPieces(values, width, limit) {
    const isOpen = new Uint8Array(values.length);
    for (let i = 0; i < values.length; i++) isOpen[i] = values[i] > limit;
    const found = new Int32Array(values.length);
    const pieces = [];
    let end = 0;
    for (let seed = 0; seed < values.length; seed++) {
      if (!isOpen[seed]) continue;
      const start = end;
      isOpen[seed] = 0;
      found[end++] = seed;
      for (let next = start; next < end; next++) {
        const column = found[next] % width;
        const [left, right] = [Math.max(column - 1, 0), Math.min(column + 1, width - 1)];
        const middle = found[next] - column;
        const bottom = Math.min(middle + width, values.length - width);
        for (let row = Math.max(middle - width, 0); row <= bottom; row += width)
          for (let i = row + left; i <= row + right; i++) {
            if (!isOpen[i]) continue;
            isOpen[i] = 0;
            found[end++] = i;
          }
      }
      pieces.push(found.subarray(start, end));
    }
    return pieces;
  }
  function boundingBox({ width, height, pixels }) {
    let [left, top, right, bottom] = [width, height, 0, 0];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        if (!pixels[y * width + x]) continue;
        left = Math.min(left, x);
        top = Math.min(top, y);
        right = Math.max(right, x + 1);
        bottom = y + 1;
      }
    return bottom ? [left, top, right, bottom] : null;
  }
  function crop(picture, [left, top, right, bottom]) {
    const [width, height] = [right - left, bottom - top];
    const pixels = new Uint8Array(width * height);
    for (let row = 0; row < height; row++) {
      const start = (top + row) * picture.width + left;
      pixels.set(picture.pixels.subarray(start, start + width), row * width);
    }
    return { width, height, pixels };
  }
  function padToSquare({ width, height, pixels }, padding = PADDING) {
    const longest = Math.max(width, height);
    const border = padding && Math.max(1, rint(padding * longest));
    const side = longest + 2 * border;
    const top = Math.floor((side - height) / 2);
    const left = Math.floor((side - width) / 2);
    const square = new Uint8Array(side * side);
    for (let row = 0; row < height; row++)
      square.set(pixels.subarray(row * width, (row + 1) * width), (top + row) * side + left);
    return { width: side, height: side, pixels: square };
  }
  function shrink({ width: side, pixels }) {
    const digit = stretch(resample(resample(pixels, side), side));
    return { width: DIGIT_SIDE, height: DIGIT_SIDE, pixels: digit };
  }
  function resample(values, length) {
    const scale = length / DIGIT_SIDE;
    const support = Math.max(scale, 1);
    const height = values.length / length;
    const resampled = new Float32Array(DIGIT_SIDE * height);
    for (let column = 0; column < DIGIT_SIDE; column++) {
      const middle = (column + 0.5) * scale;
      const first = Math.max(Math.floor(middle - support + 0.5), 0);
      const last = Math.min(Math.floor(middle + support + 0.5), length);
      const strength = (_, i) => hamming((first + i - middle + 0.5) * (1 / support));
      const kernel = Array.from({ length: last - first }, strength);
      const total = kernel.reduce((sum, weight) => sum + weight, 0);
      const weights = kernel.map((weight) => weight / total);
      for (let row = 0; row < height; row++) {
        let sum = 0;
        for (let i = 0; i < weights.length; i++) sum += values[row * length + first + i] * weights[i];
        resampled[column * height + row] = sum;
      }
    }
    return resampled;
  }
  function hamming(distance) {
    if (distance === 0) return 1;
    if (Math.abs(distance) >= 1) return 0;
    const angle = Math.abs(distance) * Math.PI;
    return Math.sin(angle) / angle * (Math.fround(0.54) + Math.fround(0.46) * Math.cos(angle));
  }
  function center({ width, height, pixels }) {
    let [mass, down, right] = [0, 0, 0];
    pixels.forEach((value, i) => {
      mass += value;
      down += value * Math.floor(i / width);
      right += value * (i % width);
    });
    down = rint(MASS_CENTER - down / mass);
    right = rint(MASS_CENTER - right / mass);
    const centred = new Uint8Array(pixels.length);
    for (let row = Math.max(down, 0); row < Math.min(height + down, height); row++)
      for (let column = Math.max(right, 0); column < Math.min(width + right, width); column++)
        centred[row * width + column] = pixels[(row - down) * width + column - right];
    return { width, height, pixels: centred };
  }
  function stretch(values) {
    const scale = Math.fround(255 / maximum(values));
    const bytes = new Uint8Array(values.length);
    for (let i = 0; i < values.length; i++) if (values[i]) bytes[i] = rint(Math.fround(values[i] * scale));
    return bytes;
  }
  function maximum(values) {
    let largest = values[0];
    for (let i = 1; i < values.length; i++) if (values[i] > largest) largest = values[i];
    return largest;
  }
  function median(values) {
    const sorted = Float64Array.from(values).sort();
    const middle = (sorted.length - 1) / 2;
    return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  }
  function rint(value) {
    const rounded = Math.round(value);
    return rounded - value === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
  }

  // scripts/changes.js
  var UNCHANGED = { across: 0, down: 0, rotation: 0, scale: 1 };
  var levelsOf = ({ across, down, rotation, scale }) => ({ shift: Math.max(Math.abs(across), Math.abs(down)), rotation: Math.abs(rotation), scale });
  function accuracyAt(levels, accuracies, level) {
    const above = Math.max(1, levels.findIndex((each) => each >= level));
    const share = (level - levels[above - 1]) / (levels[above] - levels[above - 1]);
    return (1 - share) * accuracies[above - 1] + share * accuracies[above];
  }

  // scripts/curves.js
  var COMPARED = ["mlp", "cnn"];
  function makeCurves(place, data, say2) {
    const find = (selector) => place.querySelector(selector);
    place.innerHTML = Object.entries(data.curves).map(chart).join("");
    function chart([change, curve]) {
      const { levels } = curve;
      const ends = [levels[0], levels[(levels.length - 1) / 2], levels.at(-1)];
      const label = say2("stage.chart", { change: say2(`stage.${change}`) });
      const points = (name) => levels.map((level, at) => pointOf(curve, level, curve[name][at]));
      const line = (name) => `<path class="${name}" d="M${points(name).join("L")}"/>
            <path class="${name} measured" d="M${points(name).join("h0M")}h0"/>`;
      const value = (name) => `<div class="${name}"><dt>${say2(`models.${name}`)}</dt><dd></dd></div>`;
      return `
      <section data-change="${change}">
        <p class="head">${say2(`stage.${change}`)}<output></output></p>
        <div class="plot">
          <span>100%</span><span>50%</span><span>0%</span>
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${label}">
            <path class="grid" d="M0 0H100M0 50H100M0 100H100"/><path class="stand"/>
            ${COMPARED.map(line).join("")}
            ${COMPARED.map((name) => `<path class="rim"/><path class="${name} dot"/><path class="hole"/>`).join("")}
          </svg>
          <p>${ends.map((level) => `<span>${amountOf(change, level, say2)}</span>`).join("")}</p>
        </div>
        <dl>${COMPARED.map(value).join("")}</dl>
      </section>`;
    }
    let marked = {};
    function show(setting) {
      const levels = levelsOf(setting);
      for (const change in levels) if (levels[change] !== marked[change]) mark(change, levels[change]);
      marked = levels;
      const changes = Object.keys(levels).filter((change) => levels[change] !== data.curves[change].neutral);
      place.toggleAttribute("data-combined", changes.length > 1);
    }
    function mark(change, level) {
      const section = find(`[data-change=${change}]`);
      const curve = data.curves[change];
      const there = COMPARED.map((name) => accuracyAt(curve.levels, curve[name], level));
      const about = curve.levels.includes(level) ? "" : "≈ ";
      section.querySelector("output").textContent = amountOf(change, level, say2);
      section.querySelector(".stand").setAttribute("d", `M${pointOf(curve, level, 1)}V100`);
      COMPARED.forEach((name, at) => {
        section.querySelector(`dl .${name} dd`).textContent = `${about}${(100 * there[at]).toFixed(1)}%`;
        const dot2 = section.querySelector(`.dot.${name}`);
        const point = `M${pointOf(curve, level, there[at])}h0`;
        [dot2.previousElementSibling, dot2, dot2.nextElementSibling].forEach((part2) => part2.setAttribute("d", point));
      });
    }
    return { show };
  }
  var pointOf = ({ levels }, level, accuracy) => `${100 * (level - levels[0]) / (levels.at(-1) - levels[0])} ${100 * (1 - accuracy)}`;
  function amountOf(change, value, say2) {
    const text = change === "scale" ? value.toFixed(2) : `${value}`.replace("-", "−");
    return say2(`stage.units.${change}`, { value: text });
  }

  // scripts/elements.js
  function make(tag, name, ...children) {
    const element = Object.assign(document.createElement(tag), { className: name });
    element.append(...children);
    return element;
  }
  function setText(element, text) {
    if (element.textContent !== `${text}`) element.textContent = text;
  }
  function whenSeen(element, near, act) {
    let [isSeen, isAsked] = [false, false];
    new IntersectionObserver((entries) => {
      isSeen = entries.at(-1).isIntersecting;
      if (isSeen && isAsked) act();
      isAsked &&= !isSeen;
    }, { rootMargin: near }).observe(element);
    return () => isSeen ? act() : isAsked = true;
  }

  // scripts/contributions.js
  function contributionsOf(layers, stages, place, at) {
    const here = new Float32Array(stages[place].values.length);
    const contributions = [];
    here[at] = 1;
    let slopes = here;
    for (let stage = place; stage > 0; stage--) {
      const [layer, input] = [layers[stage - 1], stages[stage - 1]];
      slopes = BACKWARDS[layer.kind](slopes, layer, input, stages[stage]);
      contributions[stage - 1] = slopes.map((slope, i) => slope * input.values[i]);
    }
    here[at] = stages[place].values[at];
    contributions[place] = here;
    for (let stage = place + 1; stage < stages.length - 1; stage++) {
      const [layer, input] = [layers[stage - 1], stages[stage - 1]];
      contributions[stage] = FORWARDS[layer.kind](contributions[stage - 1], layer, input, stages[stage]);
    }
    return contributions;
  }
  var BACKWARDS = {
    dense(slopes, { arrays: [{ values: weights }] }, { values }) {
      const outputs = Array.from(slopes.keys()).filter((j) => slopes[j]);
      const before = new Float32Array(values.length);
      for (let i = 0; i < before.length; i++) {
        if (!values[i]) continue;
        for (const j of outputs) before[i] += weights[i * slopes.length + j] * slopes[j];
      }
      return before;
    },
    relu: (slopes, layer, input, { values }) => slopes.map((slope, i) => values[i] > 0 ? slope : 0),
    pooling(slopes, { size }, input) {
      const before = new Float32Array(input.values.length);
      winnersOf(input, size).forEach((from, to) => before[from] += slopes[to]);
      return before;
    },
    convolution(slopes, { arrays: [kernel] }, { shape: [, width], values }, { shape: [, wide, filters] }) {
      const before = new Float32Array(values.length);
      const columns = kernel.shape[1];
      slopes.forEach((slope, i) => {
        if (!slope) return;
        const [place, filter] = [Math.floor(i / filters), i % filters];
        for (let k = 0; k < kernel.values.length / filters; k++) {
          const from = (Math.floor(place / wide) + Math.floor(k / columns)) * width + place % wide + k % columns;
          before[from] += slope * kernel.values[k * filters + filter];
        }
      });
      return before;
    }
  };
  var FORWARDS = {
    dense(given2, { arrays: [kernel] }) {
      const none = { values: new Float32Array(kernel.shape[1]) };
      return dense({ values: given2 }, { arrays: [kernel, none] }).values;
    },
    relu: BACKWARDS.relu,
    pooling: (given2, { size }, input) => winnersOf(input, size).map((from) => given2[from]),
    convolution: (given2, { arrays: [kernel] }, { shape }) => convolution({ shape, values: given2 }, { arrays: [kernel] }).values
  };
  function winnersOf({ shape: [height, width, channels], values }, size) {
    const [high, wide] = [Math.floor(height / size), Math.floor(width / size)];
    return Float32Array.from({ length: high * wide * channels }, (_, to) => {
      const [place, channel] = [Math.floor(to / channels), to % channels];
      const rivals = rivalsOf(Math.floor(place / wide), place % wide, size, width).map((at) => at * channels + channel);
      return rivals.reduce((best, at) => values[at] > values[best] ? at : best);
    });
  }
  function rivalsOf(row, column, size, width) {
    const placeAt = (i) => (row * size + Math.floor(i / size)) * width + column * size + i % size;
    return Array.from({ length: size * size }, (_, i) => placeAt(i));
  }

  // scripts/numbers.js
  var numberOf = (value) => (Number(value.toFixed(2)) || 0).toFixed(2).replace("-", "−");
  var signed = (value) => (value >= 5e-3 ? "+" : "") + numberOf(value);
  var percentOf = (share) => share >= 0.9995 ? "> 99.9%" : `${(100 * share).toFixed(1)}%`;
  function everyNth(values, first, step) {
    const taken = new Float32Array(values.length / step);
    for (let i = 0; i < taken.length; i++) taken[i] = values[first + i * step];
    return taken;
  }
  var sumOf = (values) => values.reduce((a, b) => a + b, 0);
  var largestOf = (values) => values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  var rankedByValue = (values) => Array.from(values.keys()).sort((a, b) => values[b] - values[a]);

  // scripts/explanations.js
  var MARKED = 5;
  var EXPLAINED = {
    pixel({ name, say: say2, lens, views, stages, contributions, places }, place, at) {
      views.pixel.frame(0, at, 1);
      const text = say2(`inside.pixel_chosen.${name}`, { ...placeOf2(at, 28), ink: numberOf(stages[0].values[at]) });
      lens.show("rows", text, [...contributions[places.sum].entries()]);
    },
    map(panel, place, at) {
      const { say: say2, lens, views, stages, layers } = panel;
      const [{ cell, spot }, count] = [panel.chosen, panel.counts.map];
      const [row, column] = [Math.floor(spot / 26), spot % 26];
      const inPool = Math.floor(row / 2) * 13 + Math.floor(column / 2);
      views.pixel.frame(0, row * 28 + column, 3);
      views.map.frame(cell, spot, 1);
      views.pooled.frame(cell, inPool, 1);
      const inkAt = (i) => stages[0].values[(row + Math.floor(i / 3)) * 28 + column + i % 3];
      const patch = Array.from({ length: 9 }, (_, i) => inkAt(i));
      const kernel = everyNth(layers[0].arrays[0].values, cell, count);
      const passes = panel.contributions[panel.places.pooled][inPool * count + cell] > 0;
      const fate = passes ? "wins" : stages[2].values[at] > 0 ? "loses" : "closed";
      const text = `${say2("inside.map_chosen", { number: cell + 1, ...placeOf2(spot, 26) })} ${say2(`inside.${fate}`)}`;
      lens.show("nines", text, [patch, kernel, patch.map((ink, i) => ink * kernel[i])]);
      addUp2(panel, place, at, numberOf(stages[2].values[at]), say2("inside.relu"));
    },
    pooled({ say: say2, lens, views, stages, chosen: { cell, spot }, counts }) {
      const four = rivalsOf(Math.floor(spot / 13), spot % 13, 2, 26);
      const values = four.map((place) => stages[2].values[place * counts.map + cell]);
      const best = values.indexOf(Math.max(...values));
      views.pixel.frame(0, Math.floor(four[best] / 26) * 28 + four[best] % 26, 3);
      views.map.frame(cell, four[0], 2);
      views.pooled.frame(cell, spot, 1);
      lens.show("four", say2("inside.pooled_chosen", { number: cell + 1, ...placeOf2(spot, 13) }), values, best);
    },
    neuron(panel, place, at) {
      const { name, say: say2, lens, stages, contributions, places } = panel;
      const value = stages[places.neuron].values[at];
      const count = stages[place - 1].values.length.toLocaleString("en");
      const text = say2(`inside.neuron_chosen.${name}`, { number: at + 1, count });
      const fate = say2(`inside.${value ? "open" : "closed"}`);
      lens.show("rows", `${text} ${fate}`, [...contributions[places.sum].entries()]);
      addUp2(panel, place, at, numberOf(value), say2("inside.relu"));
    },
    sum(panel, place, at) {
      const { say: say2, lens, stages, places } = panel;
      const given2 = panel.contributions[places.neuron];
      const order = rankedByValue(given2);
      const marked = [...order.slice(0, MARKED), ...order.slice(-MARKED)];
      const rows = marked.map((neuron) => [`#${neuron + 1}`, given2[neuron]]);
      lens.show("rows", say2("inside.sum_chosen", { digit: at }), rows);
      addUp2(panel, place, at, percentOf(stages[places.share].values[at]), say2("inside.softmax"));
    },
    share({ say: say2, lens, stages, places }, place, at) {
      const sums = stages[places.sum].values;
      const largest = Math.max(...sums);
      const powers = Array.from(sums, (sum) => Math.exp(sum - largest));
      const whole2 = sumOf(powers);
      const [power, share] = [numberOf(powers[at]), percentOf(powers[at] / whole2)];
      const values = { digit: at, largest: numberOf(largest), power, whole: numberOf(whole2), share };
      lens.show("rows", say2("inside.share_chosen", values), [...powers.entries()]);
    }
  };
  var placeOf2 = (spot, side) => ({ row: Math.floor(spot / side) + 1, column: spot % side + 1 });
  function addUp2({ layers, stages, contributions, lens }, place, at, result, what) {
    const biases = layers[place - 1].arrays[1].values;
    const given2 = contributions[place - 1];
    const sum = (sign) => given2.reduce((whole2, each) => whole2 + Math.max(0, sign * each), 0) * sign;
    const numbers = [sum(1), sum(-1), biases[at % biases.length], stages[place].values[at]];
    lens.add([...numbers.map(signed), result], what);
  }

  // scripts/grid.js
  var REST = 60;
  function makeGrid(panel, kind, of, contents, ...below) {
    const { say: say2 } = panel;
    const cells = contents.map((content, i) => {
      const cell = make("div", "cell", ...content);
      if (!content.length) cell.ariaLabel = say2(`inside.${of}`, { number: i + 1 });
      return Object.assign(cell, { role: "option", ariaSelected: false, tabIndex: i ? -1 : 0 });
    });
    const heading = say2(`inside.${kind}s`, { count: cells.length });
    const grid = make("div", `grid ${kind}s`, ...below, ...cells);
    Object.assign(grid, { role: "listbox", ariaLabel: heading }).style.setProperty("--columns", panel.columns[kind]);
    grid.addEventListener("focusin", ({ target }) => {
      const cell = cells.indexOf(target);
      if (!target.matches(":focus-visible") || cells[cell].ariaSelected === "true") return;
      panel.choose({ kind: of, cell, spot: panel.spotOf(of, cell) });
    });
    heedMouse(panel, grid, kind, of, cells);
    heedKeys(panel, grid, kind, of, cells);
    const what = Object.assign(make("div", "what", heading), { ariaHidden: true });
    return { cells, element: make("div", `layer of-${kind}s`, what, grid) };
  }
  function heedMouse(panel, grid, kind, of, cells) {
    const side = panel.sides[kind] ?? 1;
    const steps = side + (side > 1 && cells.length > 1);
    function under({ target, clientX, clientY }) {
      const cell = cells.indexOf(target.closest(".cell"));
      if (cell < 0) return null;
      const { left, top, width, height } = cells[cell].getBoundingClientRect();
      const [column, row] = [(clientX - left) / width, (clientY - top) / height].map((share) => Math.max(0, Math.min(side - 1, Math.floor(share * steps))));
      return { kind: of, cell, spot: of === kind ? row * side + column : 0 };
    }
    const take = (choice) => choice && panel.choose(choice);
    let pointed = "";
    grid.addEventListener("click", (event) => panel.pin(under(event)));
    grid.addEventListener("pointerleave", () => {
      clearTimeout(panel.waiting);
      pointed = "";
    });
    grid.addEventListener("pointermove", (event) => {
      const isStill = !event.movementX && !event.movementY;
      if (event.pointerType === "touch" || isStill || panel.isPinned) return;
      const choice = under(event);
      if (JSON.stringify(choice) === pointed) return;
      clearTimeout(panel.waiting);
      pointed = JSON.stringify(choice);
      const { chosen } = panel;
      panel.waiting = setTimeout(take, chosen?.kind === of && chosen.cell === choice?.cell ? 0 : REST, choice);
    });
  }
  function heedKeys(panel, grid, kind, of, cells) {
    const [side, wide] = [panel.sides[kind] ?? 1, panel.columns[kind]];
    grid.addEventListener("keydown", (event) => {
      const at = cells.indexOf(event.target.closest(".cell"));
      const within = side > 1 && of === kind && (event.shiftKey || cells.length === 1);
      const [from, across, end] = within ? [panel.spotOf(kind, at), side, side * side - 1] : [at, wide, cells.length - 1];
      const steps = {
        ArrowLeft: -1,
        ArrowRight: 1,
        ArrowUp: -across,
        ArrowDown: across,
        Home: -from,
        End: end - from,
        Enter: 0,
        " ": 0
      };
      if (!(event.key in steps)) return;
      event.preventDefault();
      const to = from + steps[event.key];
      if (to < 0 || to > end) return;
      if (!within) cells[to].focus();
      panel.choose(within ? { kind, cell: at, spot: to } : { kind: of, cell: to, spot: panel.spotOf(of, to) });
    });
  }

  // scripts/lens.js
  function makeLens(say2) {
    const nines = ["ink", "kernel", "products"].map((each) => makeSquare(9, say2(`inside.${each}`)));
    const four = makeSquare(4, say2("inside.four"));
    const rows = Array.from({ length: 10 }, makeRow);
    const labels = ["adds", "takes", "bias", "sum", "relu"].map((each) => make("span", "of", say2(`inside.${each}`)));
    const terms = labels.map((label) => make("div", "term", make("span", "value"), label));
    const [caption, equation] = [make("div", "caption"), make("div", "equation", ...terms)];
    const element = make("div", "words", caption, equation, make(
      "div",
      "detail",
      make("div", "nines", ...nines.map((nine) => nine.element)),
      make("div", "four", four.element),
      make("div", "rows", ...rows.map((row) => row.element))
    ));
    function show(shape, text, numbers, best) {
      element.dataset.shows = shape;
      equation.style.visibility = "hidden";
      setText(caption, text);
      if (shape === "nines") numbers.forEach((nine, i) => nines[i].set(nine, i ? largestOf(numbers[1]) : 1));
      if (shape === "four") four.set(numbers, Math.max(...numbers) || 1, best);
      if (shape !== "rows") return;
      const largest = largestOf(numbers.map(([, value]) => value));
      numbers.forEach(([label, value], i) => rows[i].set(label, value, largest));
    }
    function add(texts, what) {
      equation.style.visibility = "";
      texts.forEach((text, i) => setText(terms[i].firstChild, text));
      setText(labels.at(-1), what);
    }
    return { element, show, add, listen: (isOn) => caption.ariaLive = isOn ? "polite" : "off" };
  }
  function makeRow() {
    const [label, bar, number, given2] = ["label", "bar", "number", "more"].map((name) => make("span", name));
    function set(text, value, largest, more = "", shown = value === void 0 ? "" : numberOf(value)) {
      setText(label, text);
      setText(number, shown ?? "");
      if (given2.textContent !== more) [given2.textContent, given2.dataset.sign] = [more, more[0] ?? ""];
      bar.style.setProperty("--share", value / largest || 0);
      bar.classList.toggle("minus", value < 0);
    }
    return { element: make("div", "row", label, " ", bar, number, " ", given2), set };
  }
  function makeSquare(count, title) {
    const cells = Array.from({ length: count }, () => make("span", ""));
    function set(values, largest, best) {
      cells.forEach((cell, i) => {
        cell.textContent = numberOf(values[i]);
        cell.style.setProperty("--share", Math.abs(values[i]) / largest);
        cell.className = `${values[i] < 0 ? "minus" : ""} ${i === best ? "best" : ""}`;
      });
    }
    const square = make("div", "square", ...cells);
    square.style.setProperty("--side", Math.sqrt(count));
    return { element: make("div", "", square, make("div", "of", title)), set };
  }

  // scripts/layers.js
  var CLEAR = 0;
  var FADED = 0.45;
  var TWILIGHT = 0.4;
  var BRIGHTER = 3;
  var NEAR = "200px";
  function makePictures(panel, kind) {
    const of = kind === "template" ? "neuron" : kind;
    const [place, count, columns] = [panel.places[of], panel.counts[of], panel.columns[kind]];
    const side = panel.sides[kind] ?? 1;
    const atlas = makeAtlas(count, columns, side);
    const mark = make("span", "mark");
    const grid = makeGrid(panel, kind, of, Array.from({ length: count }, () => []), atlas.element, mark);
    const templates = kind === "template" && makeTemplates(atlas, panel.layers[0].arrays[0].values, count, columns);
    function paintNow() {
      const { stages, contributions } = panel;
      if (!stages) return atlas.paint(() => CLEAR);
      const { values } = stages[place];
      const given2 = contributions?.[place];
      const [largest, most] = [largestOf(values), given2 && largestOf(given2)];
      const lightOf = (contribution) => FADED + (1 - FADED) * Math.sqrt(Math.abs(contribution / most));
      if (templates) return templates(stages[0].values, given2?.map(lightOf));
      const brighter = side > 1 ? BRIGHTER : 1;
      atlas.paint((i, cell) => {
        const at = i * count + cell;
        if (!given2) return greyOf(values[at] / largest);
        if (Math.abs(given2[at]) > 1e-6 * most) return signedColourOf(brighter * given2[at] / most);
        return greyOf(FADED * values[at] / largest);
      });
    }
    function frame(cell, spot, size) {
      if (mark.hidden !== (cell === void 0)) mark.hidden = !mark.hidden;
      if (mark.hidden) return;
      const pitch = side + atlas.gap;
      const { width, height } = atlas.element;
      const share = (along, whole2) => `${100 * along / whole2}%`;
      const left = share(cell % columns * pitch + spot % side, width);
      const top = share(Math.floor(cell / columns) * pitch + Math.floor(spot / side), height);
      Object.assign(mark.style, { left, top, width: share(size, width), height: share(size, height) });
    }
    return { ...grid, paint: whenSeen(grid.element, NEAR, paintNow), frame };
  }
  function makeTemplates({ element: shown, gap, paint: paintAtlas }, weights, count, columns) {
    const heaviest = largestOf(weights) / BRIGHTER;
    paintAtlas((i, cell) => signedColourOf(weights[i * count + cell] / heaviest));
    const { width, height } = shown;
    const [whole2, ink] = [canvasOf(width, height), canvasOf(28 + gap, 28 + gap)];
    const light = canvasOf(columns, count / columns);
    whole2.getContext("2d").drawImage(shown, 0, 0);
    const context = shown.getContext("2d");
    return (seen, shares) => {
      const inkAt = (row, column) => column < 28 && row < 28 ? seen[28 * row + column] : 0;
      const lightAt = (i) => TWILIGHT + (1 - TWILIGHT) * inkAt(Math.floor(i / ink.width), i % ink.width);
      paint(ink, Array.from({ length: ink.width ** 2 }, (_, i) => Math.round(255 * lightAt(i))));
      context.globalCompositeOperation = "copy";
      context.drawImage(whole2, 0, 0);
      context.globalCompositeOperation = "multiply";
      context.fillStyle = context.createPattern(ink, "repeat");
      context.fillRect(0, 0, width, height);
      if (shares) {
        context.imageSmoothingEnabled = false;
        context.drawImage(paint(light, shares.map((share) => Math.round(255 * share))), 0, 0, width, height);
      }
      context.globalCompositeOperation = "destination-in";
      context.drawImage(whole2, 0, 0);
    };
  }
  function makeRows(panel, kind) {
    const rows = Array.from({ length: 10 }, makeRow);
    const grid = makeGrid(panel, kind, kind, rows.map((row) => [row.element]));
    const place = panel.places[kind];
    function paintNow() {
      const { stages, contributions, chosen } = panel;
      const { values } = stages?.[place] ?? { values: [] };
      const given2 = kind === "sum" && contributions && !["sum", "share"].includes(chosen.kind) && contributions[place];
      const answer = rankedByValue(values)[0];
      rows.forEach((row, i) => {
        if (kind === "sum") row.set(i, values[i], largestOf(values), given2 ? signed(given2[i]) : "");
        else row.set(i, values[i], 1, "", stages && percentOf(values[i]));
        grid.cells[i].classList.toggle("top", i === answer);
      });
    }
    return { ...grid, paint: paintNow, paintSoon: whenSeen(grid.element, NEAR, paintNow), frame() {
    } };
  }
  function makeAtlas(count, columns, side) {
    const gap = side > 1 && count > 1 ? 1 : 0;
    const pitch = side + gap;
    const [width, height] = [columns * pitch, Math.ceil(count / columns) * pitch];
    const element = Object.assign(make("canvas", ""), { width, height });
    const context = element.getContext("2d");
    const image = context.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    function paint2(colourAt) {
      for (let cell = 0; cell < count; cell++) {
        const corner = Math.floor(cell / columns) * pitch * width + cell % columns * pitch;
        for (let i = 0; i < side * side; i++)
          pixels[corner + Math.floor(i / side) * width + i % side] = colourAt(i, cell);
      }
      context.putImageData(image, 0, 0);
    }
    return { element, gap, paint: paint2 };
  }
  var greyOf = (share) => 4278190080 | 65793 * Math.round(255 * share);
  function signedColourOf(share) {
    const light = Math.sqrt(Math.min(1, Math.abs(share)));
    const [red, green, blue] = share < 0 ? [250, 106, 88] : [98, 168, 250];
    return 4278190080 | blue * light << 16 | green * light << 8 | red * light;
  }

  // scripts/panel.js
  var KINDS = ["pixel", "template", "map", "pooled", "neuron", "sum", "share"];
  var Panel = class {
    stages = null;
    // the drawing's ink and what each layer makes of it
    contributions = null;
    // of all numbers on the path that is lit
    chosen = null;
    // { kind, cell, spot }: a number of the layer, spot its place in the picture of a cell
    isOwn = false;
    // whether somebody has chosen; until then, it is the sum of the answer
    isPinned = false;
    // by a click, so that the mouse may go to read; Escape or another click ends it
    waiting = 0;
    // the timer of the mouse's rest
    constructor(name, network2, say2) {
      Object.assign(this, { name, network: network2, say: say2, layers: network2.layers, lens: makeLens(say2) }, planOf(network2.layers));
      [this.digit, this.sureness, this.views] = [make("b", ""), make("span", ""), {}];
      for (const kind of KINDS.filter((each) => each in this.columns))
        this.views[kind] = kind === "sum" || kind === "share" ? makeRows(this, kind) : makePictures(this, kind);
      this.element = this.build();
    }
    build() {
      const { name, say: say2, lens } = this;
      const { pixel, ...others } = this.views;
      if (!this.places.map) others.pooled = { element: make("div", "layer of-pooled none", say2("inside.unpooled")) };
      const title = make("span", "name", say2(`models.${name}`));
      const element = make(
        "div",
        `network ${name}`,
        make("div", "title", title, this.digit, this.sureness),
        make("div", "lens", pixel.element, lens.element),
        ...KINDS.filter((kind) => others[kind]).map((kind) => others[kind].element)
      );
      element.addEventListener("keydown", (event) => event.key === "Escape" && this.release());
      element.addEventListener("focusin", () => lens.listen(true));
      element.addEventListener("focusout", () => lens.listen(false));
      return Object.assign(element, { role: "group", ariaLabel: say2(`models.${name}`) });
    }
    // Returns the answer. The trace is computed where none is given; isGrowing within a stroke.
    show(digit, trace, isGrowing) {
      const ink = digit && { shape: [28, 28, 1], values: Float32Array.from(digit, (grey) => grey / 255) };
      this.stages = digit && [ink, ...trace ?? this.network.trace(digit)];
      const shares = this.stages?.at(-1).values;
      const answer = shares && rankedByValue(shares)[0];
      setText(this.digit, shares ? answer : "–");
      setText(this.sureness, shares ? percentOf(shares[answer]) : "");
      if (shares && !this.isOwn && !isGrowing) this.select({ kind: "sum", cell: answer, spot: 0 });
      if (isGrowing) this.paint(null, true);
      else this.explain();
      return this.digit.textContent;
    }
    // Where the picture of a cell is brightest, or what is chosen in it.
    spotOf(kind, cell) {
      if (this.chosen?.kind === kind && this.chosen.cell === cell) return this.chosen.spot;
      if (!this.stages || !(kind in this.sides)) return 0;
      return rankedByValue(everyNth(this.stages[this.places[kind]].values, cell, this.counts[kind]))[0];
    }
    choose(choice) {
      clearTimeout(this.waiting);
      this.isOwn = true;
      this.select(choice);
      this.explain();
    }
    pin(choice) {
      if (!choice) return;
      this.isPinned = !this.isPinned || JSON.stringify(choice) !== JSON.stringify(this.chosen);
      this.element.classList.toggle("pinned", this.isPinned);
      this.choose(choice);
    }
    release() {
      this.isOwn = this.isPinned = false;
      this.element.classList.remove("pinned");
      if (this.stages) this.select({ kind: "sum", cell: rankedByValue(this.stages.at(-1).values)[0], spot: 0 });
      this.explain();
    }
    select(choice) {
      if (JSON.stringify(choice) === JSON.stringify(this.chosen)) return;
      this.chosen = choice;
      for (const [kind, { cells }] of Object.entries(this.views)) {
        const isChosen = kind === choice.kind || kind === "template" && choice.kind === "neuron";
        cells.forEach((cell, i) => {
          cell.ariaSelected = isChosen && i === choice.cell;
          if (isChosen) cell.tabIndex = i === choice.cell && kind !== "template" ? 0 : -1;
        });
      }
    }
    explain() {
      if (!this.stages) {
        this.paint(null);
        return this.lens.show("nothing", "");
      }
      const { places, counts } = this;
      const { kind, cell, spot } = this.chosen;
      const at = spot * (counts[kind] ?? 1) + cell;
      const place = { map: places.map - 1, neuron: places.neuron - 1, share: places.sum }[kind] ?? places[kind];
      this.paint(contributionsOf(this.layers, this.stages, place, at));
      EXPLAINED[kind](this, place, at);
    }
    // Of what is off screen, pictures wait until they are seen, and texts until the end of a stroke.
    paint(contributions, isGrowing) {
      this.contributions = contributions;
      for (const view of Object.values(this.views)) {
        if (isGrowing && view.paintSoon) view.paintSoon();
        else view.paint();
        view.frame();
      }
    }
  };
  function planOf(layers) {
    const isCnn = layers[0].kind === "convolution";
    const biases = (place) => layers[place - 2].arrays[1].values.length;
    const [neuron, sum, share] = [-2, -1, 0].map((back) => layers.length + back);
    const places = { pixel: 0, ...isCnn && { map: 2, pooled: 3 }, neuron, sum, share };
    const maps = isCnn ? biases(places.map) : 0;
    const counts = { pixel: 1, map: maps, pooled: maps, neuron: biases(neuron), sum: 10, share: 10 };
    const own = isCnn ? { map: 8, pooled: 8, neuron: 20 } : { template: 16, neuron: 16 };
    const columns = { pixel: 1, ...own, sum: 1, share: 1 };
    const sides = { pixel: 28, ...isCnn ? { map: 26, pooled: 13 } : { template: 28 } };
    return { places, counts, columns, sides };
  }

  // scripts/inside.js
  var made = 0;
  function makeInside(place, networks, say2) {
    const panels = Object.entries(networks).map(([name, network2]) => new Panel(name, network2, say2));
    const key = ["bright", "plus", "minus"].map((name) => make("span", name, say2(`inside.${name}`)));
    const tabs = makeTabs(place, Object.keys(networks), say2);
    const answers = tabs.querySelectorAll("b");
    const all = make("div", "networks", ...panels.map((panel) => panel.element));
    place.classList.add("inside");
    place.replaceChildren(make("p", "how", say2("inside.hint")), tabs, make("div", "key", ...key), all);
    return {
      show(digit, models = [], isGrowing = false) {
        const traces = Object.fromEntries(models.map(({ name, trace }) => [name, trace]));
        panels.forEach((panel, i) => setText(answers[i], panel.show(digit, traces[panel.name], isGrowing)));
      }
    };
  }
  function makeTabs(place, names, say2) {
    const group = `inside-${++made}`;
    const tabs = names.map((name, i) => {
      const radio = Object.assign(make("input", ""), { type: "radio", name: group, value: name, checked: !i });
      return make("label", name, radio, say2(`models.${name}`), make("b", ""));
    });
    const element = Object.assign(make("div", "tabs", ...tabs), { role: "radiogroup", ariaLabel: say2("inside.tabs") });
    element.hidden = names.length < 2;
    const take = (name) => place.dataset.network = name;
    element.addEventListener("change", ({ target }) => take(target.value));
    take(names[0]);
    return element;
  }

  // scripts/question.js
  function makeQuestion(demo) {
    const { element, settings, computer, find, say: say2 } = demo;
    let question = "ask";
    let trouble = "";
    function begin() {
      [question, trouble] = ["ask", ""];
    }
    function hear(reply, next) {
      [question, trouble] = reply.detail ? [question, reply.detail] : [next, ""];
      render();
    }
    async function keep(label) {
      const reply = await computer.keep(demo.pad.url(), demo.pipeline, label, demo.language);
      hear(reply, reply);
    }
    const forget2 = async () => hear(await computer.forget(question.name, demo.language), "ask");
    function render() {
      const place = find(".choices");
      const held = place.contains(document.activeElement);
      const models = settings.keeps && demo.pad.isOwn() ? demo.answer?.models ?? [] : [];
      const isKept = typeof question === "object";
      const asks = models.length && !isKept;
      const confirms = question === "ask" && models.every(({ digit }) => digit === models[0].digit);
      const asked = asks ? say2(confirms ? "question" : "which") : "";
      find(".asked").textContent = asked;
      find(".status").textContent = trouble || (isKept ? say2("kept", { digit: question.kept }) : "");
      find(".where").textContent = asks ? say2("kept_here") : "";
      place.setAttribute("aria-label", asked);
      const named = (name, text) => `<button type="button" name="${name}">${text}</button>`;
      const button = (digit, text) => `<button type="button" data-label-digit="${digit}">${text}</button>`;
      if (isKept) place.innerHTML = named("forget", say2("forget"));
      else if (!asks) place.innerHTML = "";
      else if (confirms) place.innerHTML = button(models[0].digit, say2("yes", models[0])) + named("wrong", say2("no"));
      else place.innerHTML = Array.from({ length: 10 }, (_, digit) => button(digit, digit)).join("");
      if (held) (place.querySelector("button") ?? find(".paper canvas")).focus();
    }
    element.addEventListener("click", ({ target }) => {
      const { name, dataset } = target.closest("button") ?? {};
      if (name === "wrong") {
        question = "which";
        render();
      } else if (name === "forget") forget2();
      else if (dataset?.labelDigit) keep(Number(dataset.labelDigit));
    });
    return { begin, render };
  }

  // scripts/results.js
  var escaped = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt()};`);
  function modelCard(name, title, model, say2) {
    const bars = Array.from({ length: 10 }, (_, digit) => {
      const share = model?.probabilities[digit] ?? 0;
      const percent3 = model ? (100 * share).toFixed(0) : "";
      const bar = `<span>${digit}</span><i style="--share: ${share}"></i><span>${percent3}</span>`;
      return `<li class="${digit === model?.digit ? "best" : ""}">${bar}</li>`;
    });
    const confidence = model ? escaped(percentOf(model.confidence)) : "";
    const unsure = model?.unsure ? `<b>${say2("unsure")}</b>` : "";
    return `
    <div role="group" class="model ${unsure && "unsure"}" data-name="${escaped(name)}" aria-label="${escaped(title)}">
      <p class="name" aria-hidden="true">${escaped(title)}</p>
      <div class="reading">
        <span class="digit ${model ? "" : "none"}">${model?.digit ?? "–"}</span>
        <span class="confidence">${confidence}${unsure}</span>
      </div>
      <ol aria-label="${say2("probabilities")}">${bars.join("")}</ol>
    </div>`;
  }
  function showFilm(element, answer, pipeline, say2) {
    const find = (selector) => element.querySelector(selector);
    const steps = answer?.steps ?? [];
    const isCut = steps.some((step) => step.name === "cropped");
    find(".why").textContent = say2(`pipelines.${pipeline}`);
    find(".film").toggleAttribute("data-empty", !steps.length);
    find(".steps").innerHTML = steps.map(({ name, width, height }) => {
      const box = name === "grey" && isCut ? outline(answer.box) : "";
      const picture = `<div style="--width: ${width}; --height: ${height}"><i data-picture></i>${box}</div>`;
      return `<li><div class="frame">${picture}</div>${say2(`steps.${name}`)}</li>`;
    }).join("");
    element.querySelectorAll(".steps [data-picture]").forEach((place, i) => {
      const { picture, width, height } = steps[i];
      picture.className = Math.max(width, height) <= 40 ? "pixels" : "";
      place.replaceWith(picture);
    });
  }
  function outline(box) {
    const [left, top, right, bottom] = box.map((share) => 100 * share);
    const size = `width: ${right - left}%; height: ${bottom - top}%`;
    return `<i class="box" style="left: ${left}%; top: ${top}%; ${size}"></i>`;
  }

  // scripts/demo.js
  var REST2 = 4;
  var demos = 0;
  var Demo = class {
    answer = null;
    // what the computer said last: { models, steps, box } or { detail }
    several = false;
    // whether the drawing looks like more than one digit
    current = new AbortController();
    // of the question asked last
    asked = null;
    // the same while it waits for its answer
    last = 0;
    // when it was sent
    waiting = 0;
    // the timer of a change that came too soon after the last
    took = 0;
    // milliseconds until its answer: a slow machine is asked less often
    inside = null;
    // the view of what happens in the networks, once somebody has looked
    strokes = 0;
    // finished changes of the drawing, counted for whoever measures
    constructor(element, settings, computer) {
      Object.assign(this, { element, settings, computer, pipeline: settings.pipeline });
      this.languages = Object.keys(settings.strings);
      this.language = settings.language;
      this.group = `pipeline${settings.alone ? "" : ++demos}`;
      this.say = (name, values) => textOf(settings.strings[this.language], name, values);
      this.find = (selector) => element.querySelector(selector);
      this.question = makeQuestion(this);
      const page = settings.alone ? document : element;
      this.pad = makeDesk(element, settings, (done) => this.read(done), (reason) => this.refuse(reason), page);
      this.listen();
      element.dataset.answered = 0;
      this.find(".question").hidden = !settings.keeps;
      for (const part2 of ["header", ".about"]) this.find(part2).hidden = !settings.alone;
      this.find(".place").dataset.text = settings.elsewhere.length ? "keeps_nothing" : "here";
      this.find(".place").hidden = settings.keeps;
      this.find(".insides").hidden = !settings.inside.length;
      this.translate();
      this.render();
      this.announce();
    }
    // A network may be called "constructor".
    known = (table2, name) => Object.hasOwn(this.settings.strings[this.language][table2], name);
    title = (name) => this.known("models", name) ? this.say(`models.${name}`) : name;
    listed = (names) => listOf(names.map((name) => this.title(name)), this.language);
    // Has the drawing read: another one than before, or the same in another way.
    async read(done, isOther = true) {
      if (done && isOther) this.several = this.pad.pieces() > 1;
      if (done && isOther) this.question.begin();
      clearTimeout(this.waiting);
      const rest = this.last + Math.max(this.computer.every, this.took) - performance.now();
      const again = () => this.read(false);
      if (!done && (this.asked || rest > 0)) return this.waiting = setTimeout(again, Math.max(rest, REST2));
      const mine = this.startOver();
      this.last = performance.now();
      if (done) this.strokes++;
      const [count, looks] = [this.strokes, this.find(".insides").open ? this.settings.inside : []];
      const asked = { pipeline: this.pipeline, language: this.language, looks };
      const reply = this.pad.isEmpty() ? null : await this.computer.answer(this.pad, asked, mine.signal);
      if (mine.signal.aborted) return;
      [this.took, this.asked, this.answer] = [performance.now() - this.last, null, reply];
      document.dispatchEvent(new CustomEvent("digitdrawn", { detail: this.answer?.digit ?? null }));
      this.render(!done);
      if (done) this.announce();
      this.element.dataset.answered = count;
    }
    startOver() {
      this.current.abort();
      return this.asked = this.current = new AbortController();
    }
    refuse(reason) {
      this.startOver();
      this.asked = null;
      this.answer = { detail: this.say(`errors.${reason}`) };
      this.render();
      this.announce();
    }
    // To screen readers, which would stumble over every answer within a stroke.
    announce() {
      const said = `${this.headline()} ${this.hint()}`.trim();
      if (this.find(".spoken").textContent !== said) this.find(".spoken").textContent = said;
    }
    headline() {
      const { answer, say: say2 } = this;
      if (!answer) return say2("empty");
      if (answer.detail) return answer.detail;
      const { models } = answer;
      if (!models.length) return say2("errors.blank");
      const unsure = this.listed(models.filter((model) => model.unsure).map(({ name }) => name));
      const digit = models[0].digit;
      if (models.every((model) => model.digit === digit))
        return say2(unsure ? "agreed_unsure" : "agreed", { digit, models: unsure });
      const answers = models.map(({ name, digit: digit2 }) => `${this.title(name)} ${digit2}`).join(", ");
      return say2(unsure ? "disagree_unsure" : "disagree", { answers, models: unsure });
    }
    hint = () => this.several && this.answer?.models?.length ? this.say("several") : "";
    render(isGrowing = false) {
      const { answer, find, say: say2 } = this;
      const models = answer?.models ?? [];
      const apart = new Set(models.map(({ digit }) => digit)).size > 1;
      const card = (name) => modelCard(name, this.title(name), models.find((model) => model.name === name), say2);
      find(".headline").textContent = this.headline();
      find(".hint").textContent = this.hint();
      find(".answer").className = `answer${apart ? " apart" : ""}${answer?.detail ? " refused" : ""}`;
      find(".models").innerHTML = this.settings.models.map(card).join("");
      this.showInside(isGrowing);
      showFilm(this.element, answer, this.pipeline, say2);
      this.question.render();
    }
    async lookInside() {
      if (!this.find(".insides").open) return;
      const place = this.find(".insides > div");
      const networks = await this.computer.networks().catch(() => null);
      if (!networks) return place.textContent = this.say("unloaded");
      if (place.lang !== this.language) this.inside = makeInside(place, networks, this.say);
      place.lang = this.language;
      this.showInside();
    }
    showInside(isGrowing) {
      if (this.find(".insides").open) this.inside?.show(this.answer?.digit ?? null, this.answer?.models, isGrowing);
    }
    // What stays, in the chosen language.
    translate() {
      const { settings, element, find, say: say2, language: language2 } = this;
      element.lang = language2;
      if (settings.alone) [document.documentElement.lang, document.title] = [language2, say2("title")];
      putWords(element, say2, { models: this.listed(settings.models) });
      const other = this.languages.find((each) => each !== language2);
      Object.assign(find("[name=language]"), { textContent: settings.strings[other].name, lang: other });
      const radio = (name) => `<label><input type="radio" name="${this.group}" value="${name}"><span>${name}</span></label>`;
      find(".pipelines").innerHTML = `<legend>${say2("pipeline")}</legend>${settings.pipelines.map(radio).join("")}`;
      find(`[value=${this.pipeline}]`).checked = true;
      showThumbs(find(".examples"), settings, say2, language2);
      const about = (name) => `<div><dt>${this.title(name)}</dt><dd>${say2(`about_models.${name}`)}</dd></div>`;
      const told = settings.models.filter((name) => this.known("about_models", name));
      find(".about dl").innerHTML = told.map(about).join("");
      this.lookInside();
    }
    listen() {
      const { element } = this;
      element.addEventListener("click", ({ target }) => {
        const button = target.closest("button");
        if (button?.name !== "language") return;
        this.language = button.lang;
        this.translate();
        if (this.answer) return this.read(true, false);
        this.render();
        this.announce();
      });
      element.addEventListener("change", ({ target }) => {
        if (target.name !== this.group) return;
        this.pipeline = target.value;
        this.read(true, false);
        if (!this.answer) showFilm(element, null, this.pipeline, this.say);
      });
      this.find(".insides").addEventListener("toggle", () => this.lookInside());
    }
  };

  // scripts/findings.js
  var percent = (share) => (rint(1e3 * share) / 10).toFixed(1);
  var interval = ({ rate, low, high }) => `${percent(rate)}% <small>[${percent(low)}, ${percent(high)}]</small>`;
  function tables(drawings, { rates, digits, writers }, networks, say2) {
    const tell = (name, values) => say2(`classroom.${name}`, values);
    const titles = networks.map((name) => say2(`models.${name}`));
    const [first] = networks;
    const drawn = [...digits[first].keys()].sort();
    const missed = (name, digit) => digits[name].get(digit)[0] - digits[name].get(digit)[1];
    const placed = PIPELINES.map((way) => [`<code>${way}</code>`, networks.map((name) => interval(rates[name][way]))]);
    const byDigit = networks.map((name, i) => [titles[i], drawn.map((digit) => missed(name, digit))]);
    const ofClass = drawings.filter(({ isAlone }) => !isAlone).map(({ writer: writer2 }) => writer2);
    const codes = [...new Set(ofClass)].sort();
    const alone = drawings.length - ofClass.length;
    const told = [tell("sum", { drawings: drawings.length, writers: codes.length })];
    if (alone) told.push(tell("alone", { count: alone }));
    told.push(hardest(drawn, digits, networks, missed, tell));
    const parts = [
      `<p class="sum">${told.join(" ")}</p>`,
      table(tell("rates"), [tell("placement"), titles], placed),
      table(tell("by_digit"), ["", drawn], byDigit)
    ];
    const writer = (code) => {
      const right = networks.map((name) => writers[name].get(code)[1]).join(" / ");
      return `<li><b>${code}</b> ${right} <small>${tell("of", { all: writers[first].get(code)[0] })}</small></li>`;
    };
    const caption = tell("by_writer", { models: titles.join(" / ") });
    const list = `<p class="caption">${caption}</p><ul class="writers">${codes.map(writer).join("")}</ul>`;
    return parts.join("") + (codes.length ? list : "");
  }
  function hardest(drawn, digits, networks, missed, tell) {
    const all = (digit2) => networks.length * digits[networks[0]].get(digit2)[0];
    const wrong = (digit2) => networks.reduce((sum, name) => sum + missed(name, digit2), 0);
    const worse = (worst, digit2) => wrong(digit2) / all(digit2) > wrong(worst) / all(worst) ? digit2 : worst;
    const digit = drawn.reduce(worse);
    return wrong(digit) ? tell("hardest", { digit, wrong: wrong(digit), all: all(digit) }) : tell("faultless");
  }
  function table(caption, [corner, heads], rows) {
    const columns = [corner, ...heads].map((head) => `<th scope="col">${head}</th>`).join("");
    const cell = (value) => `<td>${value}</td>`;
    const row = ([head, values]) => `<tr><th scope="row">${head}</th>${values.map(cell).join("")}</tr>`;
    return `<table><caption>${caption}</caption><thead><tr>${columns}</tr></thead>${rows.map(row).join("")}</table>`;
  }

  // scripts/tally.js
  function shareBy(right, groups) {
    const sums = /* @__PURE__ */ new Map();
    right.forEach((each, i) => {
      const sum = sums.get(groups[i]) ?? { right: 0, size: 0 };
      sums.set(groups[i], { right: sum.right + Number(each), size: sum.size + 1 });
    });
    const correct = right.filter(Boolean).length;
    const share = correct / right.length;
    let parts = [...sums.values()];
    if (parts.length === 1) parts = right.map((each) => ({ right: Number(each), size: 1 }));
    const told = { n: right.length, correct, rate: share, low: 0, high: 1 };
    if (parts.length < 2) return told;
    const spread = parts.reduce((sum, { right: right2, size }) => sum + (right2 - share * size) ** 2, 0);
    const alone = right.length * share * (1 - share);
    const n = right.length / (alone ? Math.max(spread / alone, 1) : 1);
    const z2 = quantileOfT(parts.length - 1) ** 2;
    const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
    const half = Math.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n);
    return { ...told, low: Math.max(middle - half, 0), high: Math.min(middle + half, 1) };
  }
  function quantileOfT(degrees) {
    const STEPS = 2e4;
    const width = Math.PI / 2 / STEPS;
    const density = (i2) => Math.cos(i2 * width) ** (degrees - 1);
    const slices = Array.from({ length: STEPS }, (_, i2) => (density(i2) + 4 * density(i2 + 0.5) + density(i2 + 1)) / 6);
    const wanted = 0.95 * slices.reduce((sum2, each) => sum2 + each);
    let [sum, i] = [0, 0];
    while (sum + slices[i] < wanted) sum += slices[i++];
    return Math.sqrt(degrees) * Math.tan((i + (wanted - sum) / slices[i]) * width);
  }
  function tally(drawings, networks, ways, way) {
    const writers = drawings.map(({ writer }) => writer);
    const rightly = (network2, way2) => drawings.map(({ digit, read }) => read[network2][way2] === digit);
    const counted = (key, network2) => drawings.reduce((counts, { [key]: name, digit, read }) => {
      const [n, right] = counts.get(name) ?? [0, 0];
      return counts.set(name, [n + 1, right + Number(read[network2][way] === digit)]);
    }, /* @__PURE__ */ new Map());
    const ratesOf = (network2) => Object.fromEntries(ways.map((way2) => [way2, shareBy(rightly(network2, way2), writers)]));
    const byNetwork = (make2) => Object.fromEntries(networks.map((network2) => [network2, make2(network2)]));
    return {
      rates: byNetwork(ratesOf),
      digits: byNetwork((network2) => counted("digit", network2)),
      writers: byNetwork((network2) => counted("writer", network2)),
      misread: drawings.filter(({ digit, read }) => networks.some((network2) => read[network2][way] !== digit))
    };
  }

  // scripts/evidence.js
  var MOST_IN_ALL = 5e3;
  var MOST_SHOWN = 60;
  var A_DRAWING = /(^|\/)[0-9]\/[^./][^/]*$/;
  var Evidence = class {
    drawings = [];
    // each with what was read in it
    known = /* @__PURE__ */ new Map();
    // the file of each writer
    contents = /* @__PURE__ */ new Map();
    // the file that has each content
    added = [];
    // drawings of the file that is being read
    waiting = [];
    // the files after it
    isBusy = false;
    trouble = "";
    constructor(place, networks, computer, say2) {
      Object.assign(this, { place, networks, computer, say: say2 });
      this.find = (selector) => place.querySelector(selector);
      this.tell = (name, values) => say2(`classroom.${name}`, values);
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
      while (this.waiting.length) await this.add(this.waiting.shift()).catch(({ message }) => this.trouble = message);
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
      const { drawings, networks, find, say: say2 } = this;
      for (const name of ["print", "forget"]) find(`[name=${name}]`).hidden = !drawings.length;
      find(".found").replaceChildren();
      if (!drawings.length) return;
      const told = tally(drawings, networks, PIPELINES, WAY);
      find(".found").innerHTML = tables(drawings, told, networks, say2);
      if (!told.misread.length) return;
      const shown = told.misread.slice(0, MOST_SHOWN);
      const caption = this.tell("misread", { count: told.misread.length, shown: shown.length });
      find(".found").insertAdjacentHTML("beforeend", `<p class="caption">${caption}</p><div class="readings"></div>`);
      const read = (each) => Object.fromEntries(networks.map((name) => [name, each.read[name][WAY]]));
      find(".readings").append(...shown.map((each) => readingOf(each, read(each), networks, say2)));
    }
    listen() {
      const { place, find } = this;
      place.addEventListener("change", ({ target }) => {
        this.take(listed(target.files).filter((each) => target.name === "files" || isOfFolder(each)));
        target.value = "";
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
          this.remark("unopened");
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
        [this.drawings, this.known, this.contents] = [[], /* @__PURE__ */ new Map(), /* @__PURE__ */ new Map()];
        find(".remarks").replaceChildren();
        this.render();
      });
      addEventListener("beforeunload", (event) => (this.isBusy || this.drawings.length) && event.preventDefault());
    }
  };
  var listed = (files) => Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name }));
  var isOfFolder = ({ path }) => A_DRAWING.test(path) || /(^|\/)[^./][^/]*\.json$/.test(path);
  async function* filesBelow(entry) {
    const file = entry.isFile && await new Promise((resolve, reject) => entry.file(resolve, reject));
    if (file) return yield { file, path: entry.fullPath.slice(1) };
    const reader2 = entry.createReader();
    for (; ; ) {
      const some = await new Promise((resolve, reject) => reader2.readEntries(resolve, reject));
      if (!some.length) return;
      for (const each of some) yield* filesBelow(each);
    }
  }

  // scripts/school.js
  var PICKED = 24;
  async function unpackedDigits(text) {
    const packed2 = await through(bytesOf(text), new DecompressionStream("deflate"));
    return halvesOf(packed2).map((shade) => 17 * shade);
  }
  async function openSchool({ digits, labels, unseen, unseen_labels, kernels, ...known }) {
    const numbers = (text) => Uint8Array.from(text, Number);
    const [all, unseenDigits] = await Promise.all([digits, unseen].map(unpackedDigits));
    const [allLabels, unseenLabels] = [labels, unseen_labels].map(numbers);
    function teach({ count, ...settings }, hear, fail) {
      const worker = startWorker();
      worker.onmessage = ({ data }) => hear(data);
      worker.onerror = worker.onmessageerror = ({ message }) => fail(new Error(message ?? "There is no worker."));
      const drawn = permutation(allLabels.length, random(`digits ${settings.seed}`)).subarray(0, count);
      const own = { digits: new Uint8Array(784 * count), labels: Uint8Array.from(drawn, (at) => allLabels[at]) };
      drawn.forEach((at, i) => own.digits.set(all.subarray(784 * at, 784 * at + 784), 784 * i));
      const others = { unseen: unseenDigits, unseenLabels, shown: known.shown };
      worker.postMessage({ start: { ...settings, ...own, ...others, pictures: PICKED, kernels: bytesOf(kernels) } });
      return worker;
    }
    function train({ network: network2 = "mlp", digits: digits2 = 1e3, epochs = known.epochs, seed = 0, shuffled = false } = {}) {
      const wrong = mistake(network2, digits2, epochs, seed);
      if (wrong) return Promise.reject(new RangeError(wrong));
      let worker = null;
      const learned = new Promise((resolve, reject) => {
        const hear = ({ done, own, unseen: unseen2, seconds }) => done && resolve({ own, unseen: unseen2, seconds });
        worker = teach({ network: network2, count: digits2, epochs, seed, shuffled }, hear, reject);
        worker.postMessage({ run: true });
      });
      return learned.finally(() => worker?.terminate());
    }
    function mistake(network2, digits2, epochs, seed) {
      const isWhole = (value, least, most2) => Number.isInteger(value) && value >= least && value <= most2;
      const [networks, most] = [Object.keys(known.recorded), allLabels.length];
      if (!networks.includes(network2)) return `network is one of ${networks.join(", ")}, not ${network2}.`;
      if (!isWhole(digits2, 1, most)) return `digits is a whole number from 1 to ${most}, not ${digits2}.`;
      if (!isWhole(epochs, 1, 1e3)) return `epochs is a whole number from 1 to 1000, not ${epochs}.`;
      return isWhole(seed, 0, 2 ** 31) ? "" : `seed is a whole number, not ${seed}.`;
    }
    return { ...known, unseenLabels, teach, train };
  }

  // scripts/server.js
  function withServer(reading, { settings, unsure_below }) {
    const { models, elsewhere, strings: strings2 } = settings;
    async function answer(pad, question, signal) {
      const known = await reading.answer(pad, question, signal);
      if (!known?.digit || !elsewhere.length) return known;
      const asked = { digit: btoa(String.fromCharCode(...known.digit)), models: elsewhere };
      const reply = await post("demo/answer", asked, question.language, signal);
      if (!reply?.probabilities) return reply;
      const others = elsewhere.map((name, i) => answerOf(name, reply.probabilities[i], unsure_below));
      const answerBy = (name) => [...known.models, ...others].find((each) => each.name === name);
      return { ...known, models: models.map(answerBy) };
    }
    async function post(path, body, language2, signal) {
      try {
        const headers = { "Content-Type": "application/json", "Accept-Language": language2 };
        const response = await fetch(path, { method: "POST", headers, body: JSON.stringify(body), signal });
        return await response.json();
      } catch {
        return signal?.aborted ? null : { detail: strings2[language2].unreachable };
      }
    }
    return {
      ...reading,
      every: elsewhere.length ? 70 : reading.every,
      answer,
      keep: (drawing, pipeline, label, language2) => post("demo/keep", { drawing, pipeline, label }, language2),
      forget: (name, language2) => post("demo/forget", { name }, language2)
    };
  }
  function tellHeight() {
    const tell = () => parent.postMessage({ demoHeight: document.documentElement.offsetHeight }, "*");
    new ResizeObserver(tell).observe(document.body);
  }

  // scripts/stage.js
  var TURNS = { rotation: { ways: [-1, 1], step: 1 }, scale: { ways: [1], step: 0.05 } };
  var PUSHES = { ArrowLeft: ["across", -1], ArrowRight: ["across", 1], ArrowUp: ["down", -1], ArrowDown: ["down", 1] };
  function makeStage(place, settings, data, computer, say2) {
    const find = (selector) => place.querySelector(selector);
    const reach = Math.max(...data.curves.shift.levels);
    const setting = { ...UNCHANGED };
    let current = new AbortController();
    let [waits, missed] = [false, false];
    place.innerHTML = scene(data, say2);
    layPad(find(".scene"), say2);
    showThumbs(find(".examples"), settings, say2, settings.language);
    const curves = makeCurves(find(".charts"), data, say2);
    let wasOwn = true;
    const pad = makeDesk(place, settings, (done) => {
      const isOther = pad.isEmpty() || pad.isOwn() !== wasOwn;
      wasOwn = pad.isOwn();
      if (isOther) move(UNCHANGED, !done);
      else read(!done);
    }, refuse);
    const picture = find(".seen canvas");
    let inside = null;
    const lookInside = whenSeen(find(".layers-of-both"), "400px", async () => {
      const networks = await computer.networks().catch(() => null);
      if (!networks || inside) return;
      inside = makeInside(find(".layers-of-both"), networks, say2);
      read(false);
    });
    async function read(isGrowing) {
      if (isGrowing && waits) return missed = true;
      current.abort();
      const mine = current = new AbortController();
      [waits, missed] = [true, false];
      const question = { pipeline: "center", looks: COMPARED, change: { ...setting } };
      const answer = pad.isEmpty() ? null : await computer.answer(pad, question, mine.signal);
      if (mine.signal.aborted) return;
      show(answer, isGrowing);
      waits = false;
      if (missed) read(true);
    }
    function show(answer, isGrowing) {
      const digit = answer?.digit ?? null;
      find(".trouble").textContent = answer?.detail ?? "";
      paint(picture, digit ?? new Uint8Array(784));
      const models = digit ? answer.models : [];
      if (digit && !inside) lookInside();
      inside?.show(digit, models, isGrowing);
      document.dispatchEvent(new CustomEvent("digitdrawn", { detail: digit }));
      for (const name of COMPARED) showAnswer(find(`.answers .${name}`), models.find((each) => each.name === name));
      if (!isGrowing) find(".spoken").textContent = models.map((model) => spoken(model, say2)).join(" ");
    }
    function move(change, isGrowing = true) {
      Object.assign(setting, change);
      for (const name of ["across", "down"]) setting[name] = Math.max(-reach, Math.min(reach, setting[name]));
      for (const name of Object.keys(TURNS)) {
        const [input, text] = [find(`[name=${name}]`), amountOf(name, setting[name], say2)];
        if (input.ariaValueText === text) continue;
        [input.value, input.ariaValueText, input.nextElementSibling.textContent] = [setting[name], text, text];
      }
      curves.show(setting);
      read(isGrowing);
    }
    function refuse(reason) {
      current.abort();
      waits = false;
      show({ detail: say2(`errors.${reason}`) }, false);
    }
    find("[name=back]").addEventListener("click", () => move(UNCHANGED, false));
    place.addEventListener("input", ({ target: { name, value } }) => name in TURNS && move({ [name]: Number(value) }));
    place.addEventListener("change", ({ target }) => target.name in TURNS && read(false));
    letMove(picture, setting, move, () => read(false));
    move({}, false);
    lookInside();
    if (data.first) imageOf(data.first.picture).then((image) => pad.isEmpty() && pad.lay(image, false));
  }
  function scene({ curves, tested, seeds }, say2) {
    const slider = (name) => {
      const { ways, step } = TURNS[name];
      const ends = ways.flatMap((way) => curves[name].levels.map((level) => way * level));
      const range = `min="${Math.min(...ends)}" max="${Math.max(...ends)}" step="${step}"`;
      return `
        <label><span>${say2(`stage.${name}`)}</span><input type="range" name="${name}" ${range}>
          <output></output></label>`;
    };
    const answer = (name) => `<p class="${name}"><span>${say2(`models.${name}`)}</span><b></b><span></span></p>`;
    const canvas = `width="28" height="28" tabindex="0" role="application" aria-label="${say2("stage.seen_label")}"`;
    return `
    <div class="scene">
      <div class="moved">
        <div class="seen"><canvas ${canvas}></canvas></div>
        <p class="note">${say2("stage.seen")}</p>
        ${Object.keys(TURNS).map(slider).join("")}
        <p class="back"><button type="button" name="back">${say2("stage.reset")}</button></p>
      </div>
      <div class="answers" aria-hidden="true">${COMPARED.map(answer).join("")}</div>
      <div class="recorded">
        <p class="note">${say2("stage.curves", { digits: tested.toLocaleString("en"), seeds })}</p>
        <div class="charts"></div>
        <p class="note combined">${say2("stage.combined")}</p>
      </div>
    </div>
    <p class="trouble" role="alert"></p>
    <div class="examples"></div>
    <div class="layers-of-both"></div>
    <p class="spoken" role="status"></p>`;
  }
  function showAnswer({ children: [, read, sure] }, model) {
    [read.textContent, sure.textContent] = model ? [model.digit, percentOf(model.confidence)] : ["–", ""];
  }
  function spoken(model, say2) {
    return say2("stage.spoken", { ...model, model: say2(`models.${model.name}`), sure: percentOf(model.confidence) });
  }
  function letMove(picture, setting, move, done) {
    let held = null;
    picture.addEventListener("pointerdown", (event) => {
      held = { x: event.clientX, y: event.clientY, ...setting };
      picture.setPointerCapture(event.pointerId);
    });
    picture.addEventListener("pointermove", ({ clientX, clientY }) => {
      if (!held) return;
      const pixels = (from, to) => Math.round(28 * (to - from) / picture.clientWidth);
      move({ across: held.across + pixels(held.x, clientX), down: held.down + pixels(held.y, clientY) });
    });
    for (const type of ["pointerup", "pointercancel"])
      picture.addEventListener(type, () => {
        if (held) done();
        held = null;
      });
    picture.addEventListener("keydown", (event) => {
      const [axis, way] = PUSHES[event.key] ?? [];
      if (!axis) return;
      event.preventDefault();
      move({ [axis]: setting[axis] + way }, false);
    });
  }

  // scripts/learner.js
  var BATCH = 32;
  var PLACES = 26 * 26;
  var WINDOWS = 13 * 13;

  // scripts/learning.js
  var WIDE = 100;
  var HIGH = 60;
  function network(name, say2) {
    const side = name === "cnn" ? 3 : 28;
    const pictures = `<canvas width="${side}" height="${side}"></canvas>`.repeat(PICKED);
    const [model, shown] = [say2(`models.${name}`), say2(`trainer.pictures.${name}`)];
    const value = (text, kind) => `<dt>${say2(`trainer.${text}`)}</dt><dd class="${kind}"></dd>`;
    const box = `viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none"`;
    return `
    <div class="network ${name}" role="group" aria-label="${model}">
      <p class="name">${model} <span class="progress"></span></p>
      <div class="plot"><span>100%</span><span>50%</span><span>0%</span>
        <svg ${box} role="img" aria-label="${say2("trainer.chart", { model })}">
          <path class="grid" d="M0 0H${WIDE}M0 ${HIGH / 2}H${WIDE}M0 ${HIGH}H${WIDE}"/>
          <path class="gap"/><path class="own"/><path class="unseen"/>
        </svg></div>
      <dl>${value("own", "own")}${value("unseen", "unseen")}${value("gap", "gap")}${value("drawing", "reading")}</dl>
      <p class="note" aria-hidden="true">${shown}</p>
      <div class="pictures" role="img" aria-label="${shown}">${pictures}</div>
      <div class="verdict"></div>
    </div>`;
  }
  function drawCurve(section, curve, count, { epochs, shown }) {
    const most = epochs * Math.ceil(count * Math.max(1, Math.ceil(shown / count)) / BATCH);
    const pointOf2 = (at, which) => `${(WIDE * at[0] / most).toFixed(2)} ${(HIGH * (1 - at[which])).toFixed(2)}`;
    const [own, unseen] = [1, 2].map((which) => curve.map((at) => pointOf2(at, which)));
    const draw = (kind, path) => section.querySelector(`path.${kind}`).setAttribute("d", path);
    draw("own", `M${own.join("L")}`);
    draw("unseen", `M${unseen.join("L")}`);
    draw("gap", `M${own.join("L")}L${unseen.reverse().join("L")}Z`);
  }
  function paintPictures(section, pictures) {
    const largest = Math.max(...pictures.map((weights) => Math.max(...weights.map(Math.abs))));
    section.querySelectorAll(".pictures canvas").forEach((canvas, i) => {
      const image = new ImageData(canvas.width, canvas.height);
      pictures[i].forEach((weight, at) => {
        const colour = weight > 0 ? [58, 130, 190] : [200, 70, 60];
        image.data.set([...colour, 255 * Math.min(1, Math.abs(weight) / largest)], 4 * at);
      });
      put(image, canvas);
    });
  }
  function strip(recorded, value) {
    const all = [...recorded, value];
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const x = (each) => (5 + 90 * (each - low) / (high - low || 1)).toFixed(1);
    const dots = recorded.map((each) => `<circle cx="${x(each)}" cy="5" r="1.6"/>`).join("");
    const own = `<path class="diamond" d="M${x(value)} 1.5l3 3.5l-3 3.5l-3-3.5z"/>`;
    return `<svg class="strip" viewBox="0 0 100 10" aria-hidden="true">${dots}${own}</svg>`;
  }

  // scripts/trainer.js
  var LEAD = 20;
  var latestDrawing = null;
  document.addEventListener("digitdrawn", ({ detail }) => latestDrawing = detail);
  var percent2 = (share, decimals = 1) => `${(100 * share).toFixed(decimals)}%`;
  var whole = (number) => number.toLocaleString("en");
  var Trainer = class {
    workers = {};
    curves = {};
    // of each network: [steps, own, unseen] as it learned
    states = {};
    going = {};
    // which of the workers are told to learn
    settings = null;
    // of what they learn
    // school has the digits, school.recorded[network][permuted][count] the test accuracies of the recorded runs.
    constructor(place, names, isShuffled, school, say2) {
      Object.assign(this, { place, names, school, say: say2, running: false, failed: false });
      this.find = (selector) => place.querySelector(selector);
      place.classList.add("trainer");
      place.innerHTML = this.build(isShuffled);
      this.find("[name=digits]").value = school.counts.at(-1);
      this.listen();
      this.reset();
    }
    build(isShuffled) {
      const { school, names, say: say2 } = this;
      const options = school.counts.map((count) => `<option value="${count}">${whole(count)}</option>`).join("");
      const button = (name) => `<button type="button" name="${name}">${say2(`trainer.${name}`)}</button>`;
      const [shown, unseen] = [school.shown, school.unseenLabels.length].map(whole);
      const seed = `<input type="number" name="seed" min="0" max="9999" value="0" required>`;
      const shuffled = `<input type="checkbox" name="shuffled"${isShuffled ? " checked" : ""}>`;
      return `
      <div class="settings" role="group" aria-label="${say2("trainer.settings")}">
        <label>${say2("trainer.digits")} <select name="digits">${options}</select></label>
        <label>${say2("trainer.seed")} ${seed}</label>
        <label>${shuffled} ${say2("trainer.shuffled")}</label>
        <span>${["play", "step", "reset"].map(button).join("")}</span>
      </div>
      <p class="trouble" role="alert"></p>
      <div class="learners">${names.map((name) => network(name, say2)).join("")}</div>
      <table class="finished" hidden><caption>${say2("trainer.finished")}</caption></table>
      <p class="note">${say2("trainer.note", { epochs: school.epochs, shown, unseen })}</p>
      <p class="spoken" role="status"></p>`;
    }
    listen() {
      const { place, find, names } = this;
      place.addEventListener("change", () => {
        const seed = find("[name=seed]");
        if (seed.validity.valid) return this.reset();
        seed.value = this.settings.seed;
        find(".trouble").textContent = this.say("trainer.no_seed", this.settings);
      });
      place.addEventListener("click", ({ target: { name } }) => {
        if (name === "play") {
          if (this.failed || this.areDone()) this.reset();
          this.run(!this.running);
        } else if (name === "step") {
          this.run(false);
          for (const each of names) this.workers[each].postMessage({ step: true });
        } else if (name === "reset") this.reset();
      });
      document.addEventListener("digitdrawn", ({ detail: drawing }) => {
        for (const name of names) this.workers[name]?.postMessage({ drawing });
      });
    }
    reset() {
      this.run(false);
      const { find, school } = this;
      const number = (name) => Number(find(`[name=${name}]`).value);
      this.settings = { count: number("digits"), seed: number("seed"), shuffled: find("[name=shuffled]").checked };
      this.failed = false;
      for (const name of this.names) {
        this.workers[name]?.terminate();
        this.curves[name] = [];
        delete this.states[name];
        delete this.going[name];
        const lesson = { ...this.settings, network: name, epochs: school.epochs };
        this.workers[name] = school.teach(lesson, (state) => this.show(name, state), () => this.fail());
        this.workers[name].postMessage({ drawing: latestDrawing });
      }
    }
    fail() {
      this.run(false);
      this.failed = true;
      this.find(".trouble").textContent = this.say("trainer.failed");
    }
    areDone = () => this.names.every((name) => this.states[name]?.done);
    run(isRunning) {
      this.running = isRunning;
      this.find(".trouble").textContent = "";
      this.place.querySelectorAll(".settings :is(select, input)").forEach((each) => each.disabled = isRunning);
      this.find("[name=play]").textContent = this.say(isRunning ? "trainer.pause" : "trainer.play");
      this.pace();
    }
    // They race step by step: who is ahead waits for the other.
    pace() {
      const stepsOf = (name) => this.states[name]?.done ? Infinity : this.states[name]?.steps ?? 0;
      const slowest = Math.min(...this.names.map(stepsOf));
      for (const name of this.names) {
        const goes = this.running && stepsOf(name) <= slowest + LEAD;
        if (goes !== (this.going[name] ?? false)) this.workers[name]?.postMessage({ run: goes });
        this.going[name] = goes;
      }
    }
    show(name, state) {
      const { say: say2, school, settings } = this;
      const { steps, own, unseen, passes } = state;
      const section = this.find(`.learners > .${name}`);
      const tell = (part2, text) => section.querySelector(part2).textContent = text;
      tell("dd.reading", state.reading ? readingOf2(state.reading) : say2("trainer.nothing"));
      if (!state.pictures) return;
      if (passes > (this.states[name]?.passes ?? 0)) {
        const values = { model: say2(`models.${name}`), passes, right: Math.round(100 * unseen) };
        this.find(".spoken").textContent = say2("trainer.spoken", values);
      }
      this.states[name] = state;
      const curve = this.curves[name];
      if (curve.at(-1)?.[0] !== steps) curve.push([steps, own, unseen]);
      const progress = say2("trainer.progress", { passes, epochs: school.epochs, steps: whole(steps) });
      tell(".progress", state.isFast ? progress : `${progress} ${say2("trainer.slow")}`);
      tell("dd.own", percent2(own));
      tell("dd.unseen", percent2(unseen));
      tell("dd.gap", say2("trainer.points", { points: (100 * (own - unseen)).toFixed(1) }));
      drawCurve(section, curve, settings.count, school);
      paintPictures(section, state.pictures);
      if (state.done) this.finish(name, section, unseen);
      else section.querySelector(".verdict").replaceChildren();
      if (this.running) this.pace();
    }
    // The run among the recorded ones, where there are any on as many digits.
    finish(name, section, unseen) {
      const { count, shuffled } = this.settings;
      const permuted = shuffled && name === "cnn";
      const recorded = this.school.recorded[name][permuted ? "permuted" : "given"][count] ?? [];
      const [n, low, high] = [recorded.length, Math.min(...recorded), Math.max(...recorded)];
      const chance = percent2(2 / (n + 1), 0);
      const kind = n ? unseen >= low && unseen <= high ? "inside" : "outside" : "unjudged";
      const values = { own: percent2(unseen), n, low: percent2(low), high: percent2(high), chance };
      const text = this.say(`trainer.${kind}`, values);
      section.querySelector(".verdict").innerHTML = `${n ? strip(recorded, unseen) : ""}<p>${text}</p>`;
      if (!this.running || !this.areDone()) return;
      this.run(false);
      this.keep();
    }
    // What has been seen stays to be compared with.
    keep() {
      const { say: say2, settings } = this;
      const row = this.find(".finished").insertRow();
      const run = say2("trainer.run", { count: whole(settings.count), seed: settings.seed });
      const title = settings.shuffled ? `${run}, ${say2("trainer.shuffled")}` : run;
      const read = this.names.map((name) => `${say2(`models.${name}`)} ${percent2(this.states[name].unseen)}`);
      for (const text of [title, ...read]) row.insertCell().textContent = text;
      this.find(".finished").hidden = false;
    }
  };
  var readingOf2 = (shares, sure = Math.max(...shares)) => `${shares.indexOf(sure)} (${percentOf(sure)})`;

  // scripts/page.js
  var given = JSON.parse(document.getElementById("demo-data").textContent);
  var { strings } = given.settings;
  var preferred = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in strings);
  var language = given.settings.language ??= preferred ?? "en";
  var coming = {};
  var isComplete = document.readyState === "complete";
  var complete = new Promise((resolve) => isComplete ? resolve() : addEventListener("load", resolve));
  function part(value) {
    if (typeof value !== "string") return Promise.resolve(value);
    coming[value] ??= once(() => complete.then(() => new Promise((resolve, reject) => {
      const script = Object.assign(document.createElement("script"), { src: value });
      script.onload = () => resolve(window.mnistCompare.held);
      script.onerror = () => reject(new Error(value));
      document.head.append(script);
    })));
    return coming[value]();
  }
  async function packed(names) {
    const layers = await Promise.all(names.map((name) => part(given.networks[name])));
    return Object.fromEntries(names.map((name, i) => [name, layers[i]]));
  }
  var makeReader = (names, inside) => makeReading(() => packed(names), inside, given.unsure_below, say);
  var makeReaderOfAll = () => makeReader(Object.keys(given.networks), given.settings.inside);
  var reader = null;
  var everyReader = () => reader ??= given.settings.alone ? withServer(makeReaderOfAll(), given) : makeReaderOfAll();
  window.mnistCompare = {
    async read(imageData, pipeline = "center") {
      const { digit, blank } = preprocess(imageData, pipeline);
      if (blank) return { digit, models: {} };
      const networks = openNetworks(await packed(Object.keys(given.networks)));
      const answers = readDigit(networks, digit, given.unsure_below);
      const models = answers.map(({ name, digit: digit2, probabilities }) => [name, { digit: digit2, probabilities }]);
      return { digit, models: Object.fromEntries(models) };
    }
  };
  var say = (name, values, spoken2 = language) => textOf(strings[spoken2], name, values);
  function wake(element) {
    element.replaceChildren(document.getElementById("demo-parts").content.cloneNode(true));
    new Demo(element, { ...given.settings, pipeline: element.dataset.pipeline }, everyReader());
  }
  var opened = once(() => part(given.lessons).then(openSchool));
  if (given.lessons) window.mnistCompare.train = (settings) => opened().then(({ train }) => train(settings));
  async function makeLesson(element) {
    const tell = (name) => element.textContent = say(`trainer.${name}`);
    if (!("DecompressionStream" in window)) return tell("unsupported");
    if (!await part(given.lessons).catch(() => null)) return tell("unloaded");
    const names = element.dataset.networks.split(" ");
    new Trainer(element, names, "shuffled" in element.dataset, await opened(), say);
  }
  async function makeFigure(figure) {
    const data = await part(given.figures[figure.id]).catch(() => null);
    if (!data) return;
    const place = document.createElement("div");
    place.dataset.figure = figure.id;
    new Confusion(place, data, say);
    figure.classList.add("answers-itself");
    figure.querySelector(".frame").before(place);
  }
  var awaited = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      awaited.unobserve(target);
      const before = target.offsetHeight;
      if (target.matches("figure")) makeFigure(target);
      else if (target.dataset.networks) makeLesson(target);
      else wake(target);
      const isAbove = target.getBoundingClientRect().top < 0;
      if (isAbove && !CSS.supports("overflow-anchor", "auto")) scrollBy(0, target.offsetHeight - before);
    }
  }, { rootMargin: "1500px" });
  function expect() {
    for (const label of Object.keys(given.figures)) awaited.observe(document.getElementById(label));
    document.querySelectorAll(".demo:not(:has(.desk)), .trainer").forEach((element) => awaited.observe(element));
    const { models } = given.settings;
    document.querySelectorAll(".collector").forEach((element) => new Collector(element, models, everyReader(), say));
    document.querySelectorAll(".evidence").forEach((element) => new Evidence(element, models, everyReader(), say));
  }
  if (given.settings.alone && parent !== window) tellHeight();
  for (const kind of ["dragover", "drop"]) document.addEventListener(kind, (event) => event.preventDefault());
  if ("getContext" in document.createElement("canvas") && "ResizeObserver" in window) {
    for (const stage of document.querySelectorAll(".stage"))
      makeStage(stage, given.settings, given.stage, makeReader(COMPARED, COMPARED), say);
    document.querySelectorAll(".demo").forEach(wake);
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", expect);
    else expect();
  }
})();
