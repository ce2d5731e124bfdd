(() => {
  // scripts/bytes.js
  function bytesOf(text) {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  }
  function floatsOf(text) {
    return new Float32Array(bytesOf(text).buffer);
  }
  async function through(bytes, stream, most) {
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
    // The ten probabilities of a digit of 28×28 grey values, bright ink on black.
    read(digit) {
      return this.trace(digit).at(-1).values;
    }
    // What comes out of each layer: [{ kind, shape: [height, width, channels], values }].
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
  function unpacked({ shape, floats, whole, unit }) {
    if (floats) return { shape, values: floatsOf(floats) };
    const [units, values] = [floatsOf(unit), new Float32Array(whole.length / 2)];
    for (let i = 0; i < values.length; i++) {
      const number = 64 * VALUES[whole.charCodeAt(2 * i)] + VALUES[whole.charCodeAt(2 * i + 1)] - 2048;
      values[i] = number * units[i % units.length];
    }
    return { shape, values };
  }
  var VALUES = new Uint8Array(128);
  [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((digit, value) => {
    VALUES[digit.charCodeAt(0)] = value;
  });
  function readDigit(networks, digit, unsureBelow, looks = []) {
    return Object.entries(networks).map(([name, network]) => {
      const trace = network.trace(digit);
      const answer = answerOf(name, trace.at(-1).values, unsureBelow);
      return looks.includes(name) ? { ...answer, trace } : answer;
    });
  }
  function answerOf(name, probabilities, unsureBelow) {
    const confidence = Math.max(...probabilities);
    return { name, digit: probabilities.indexOf(confidence), confidence, unsure: confidence < unsureBelow, probabilities };
  }

  // scripts/pictures.js
  function paint(canvas, pixels) {
    const image = new ImageData(canvas.width, canvas.height);
    const colours = new Uint32Array(image.data.buffer);
    for (let at = 0; at < colours.length; at++) colours[at] = 4278190080 | 65793 * pixels[at];
    canvas.getContext("2d").putImageData(image, 0, 0);
    return canvas;
  }
  function canvasOf(width, height) {
    return Object.assign(document.createElement("canvas"), { width, height });
  }
  async function imageOf(url) {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
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
      async answer(pad, { pipeline, looks, change }, signal) {
        try {
          await start();
        } catch {
          return { detail: say2("unloaded") };
        }
        if (signal?.aborted) return null;
        const drawing = pad.pixels();
        const { width, height } = drawing;
        const id = ++last;
        worker.postMessage({ read: { id, drawing, pipeline, looks, change } }, [drawing.data.buffer]);
        const reply = await new Promise((hear) => asking.set(id, hear));
        asking.delete(id);
        return reply.error ? { detail: say2("unread") } : shown(reply, width, height);
      }
    };
    function shown({ digit, steps, box, models }, width, height) {
      return {
        digit,
        models,
        steps: steps.map((step) => ({ ...step, picture: paint(canvasOf(step.width, step.height), step.pixels) })),
        box: box?.map((edge, i) => edge / (i % 2 ? height : width))
      };
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
    for (const letter of text) state = Math.imul(state ^ letter.codePointAt(), 3432918353), state = state << 13 | state >>> 19;
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
  function makePad(paper2, changed) {
    const canvas = paper2.querySelector("canvas");
    const picture = canvasOf(SIDE, SIDE);
    picture.getContext("2d", { willReadFrequently: true });
    let strokes = [];
    let photo = null;
    let pointer = null;
    let pen = 18;
    let cursor = [SIDE / 2, SIDE / 2];
    function paint2(target) {
      const scale = target.width / SIDE;
      const context = target.getContext("2d");
      context.setTransform(scale, 0, 0, scale, 0, 0);
      context.fillStyle = "white";
      context.fillRect(0, 0, SIDE, SIDE);
      if (photo) {
        const { width, height } = photo.image;
        const zoom = SIDE / Math.max(width, height);
        const [w, h] = [width * zoom, height * zoom];
        context.imageSmoothingEnabled = zoom < 4;
        context.drawImage(photo.image, (SIDE - w) / 2, (SIDE - h) / 2, w, h);
      }
      drawStrokes(context, strokes);
    }
    function drawn() {
      if (photo) return photo.image;
      paint2(picture);
      return picture;
    }
    function show() {
      const pixels = Math.round(canvas.clientWidth * devicePixelRatio);
      if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
      paper2.toggleAttribute("data-empty", !strokes.length && !photo);
      paint2(canvas);
      if (canvas.matches(":focus-visible")) showCursor();
    }
    function showCursor() {
      const context = canvas.getContext("2d");
      context.beginPath();
      context.arc(...cursor, pen / 2 + 3, 0, 2 * Math.PI);
      context.strokeStyle = "#1f5a94";
      context.lineWidth = pointer === KEYS ? 5 : 2;
      context.stroke();
    }
    function change(done = true) {
      show();
      changed(done);
    }
    function extend(event) {
      const box = canvas.getBoundingClientRect();
      strokes.at(-1).points.push([
        (event.clientX - box.left) * SIDE / box.width,
        (event.clientY - box.top) * SIDE / box.height
      ]);
    }
    function lower(by) {
      pointer = by;
      photo = null;
      strokes.push({ pen, points: [], isOwn: true });
    }
    function lift(by) {
      if (by !== pointer) return;
      pointer = null;
      change();
    }
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      lift(KEYS);
      if (pointer !== null) return;
      lower(event.pointerId);
      canvas.setPointerCapture(pointer);
      extend(event);
      show();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (event.pointerId !== pointer) return;
      const events = event.getCoalescedEvents?.() ?? [];
      (events.length ? events : [event]).forEach(extend);
      change(false);
    });
    canvas.addEventListener("pointerup", (event) => lift(event.pointerId));
    canvas.addEventListener("pointercancel", (event) => lift(event.pointerId));
    canvas.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (!(move || event.key === " ") || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      if (move) cursor = cursor.map((at, axis) => Math.min(SIDE, Math.max(0, at + STEP * move[axis])));
      else if (event.repeat) return;
      else if (pointer === KEYS) return lift(KEYS);
      else if (pointer === null) lower(KEYS);
      if (pointer !== KEYS) return show();
      strokes.at(-1).points.push(cursor);
      change(false);
    });
    canvas.addEventListener("focus", show);
    canvas.addEventListener("blur", () => pointer === KEYS ? lift(KEYS) : show());
    new ResizeObserver(show).observe(canvas);
    const idle = (action) => (...given2) => {
      if (pointer === KEYS) pointer = null;
      if (pointer !== null) return;
      action(...given2);
      change();
    };
    return {
      undo: idle(() => photo ? [strokes, photo] = [photo.under, null] : strokes.pop()),
      clear: idle(() => [strokes, photo] = [[], null]),
      load: idle((example) => [strokes, photo] = [[...example], null]),
      lay: idle((image, isOwn) => {
        const zoom = Math.min(1, LONGEST / Math.max(image.width, image.height));
        const small = canvasOf(
          Math.max(1, Math.round(image.width * zoom)),
          Math.max(1, Math.round(image.height * zoom))
        );
        const context = small.getContext("2d", { willReadFrequently: true });
        context.imageSmoothingQuality = "high";
        context.drawImage(image, 0, 0, small.width, small.height);
        const { data } = context.getImageData(0, 0, small.width, small.height);
        photo = { image: small, isOpaque: data.every((value, i) => i % 4 < 3 || value === 255), isOwn, under: strokes };
        strokes = [];
      }),
      take: (width) => pen = width,
      // Whether all of it is the user's own, and none from the page's examples.
      isOwn: () => (photo ? [photo] : strokes).every((each) => each.isOwn),
      // How many pieces stand side by side with paper between them, each at least half as high as the
      // whole: 2 for a 12, but 1 for a 5 with its bar apart.
      pieces() {
        const boxes = photo ? [] : strokes.map(({ pen: pen2, points }) => {
          const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
          return {
            left: Math.min(...xs) - pen2 / 2,
            right: Math.max(...xs) + pen2 / 2,
            top: Math.min(...ys),
            bottom: Math.max(...ys)
          };
        });
        const merged = boxes.sort((a, b) => a.left - b.left).reduce((pieces, box) => {
          const last = pieces.at(-1);
          if (!last || box.left > last.right) return [...pieces, box];
          last.right = Math.max(last.right, box.right);
          last.top = Math.min(last.top, box.top);
          last.bottom = Math.max(last.bottom, box.bottom);
          return pieces;
        }, []);
        const heights = merged.map(({ top, bottom }) => bottom - top);
        const whole = Math.max(...merged.map(({ bottom }) => bottom)) - Math.min(...merged.map(({ top }) => top));
        return heights.filter((height) => 2 * height >= whole).length;
      },
      isEmpty: () => !photo && !strokes.length,
      pixels: () => drawn().getContext("2d").getImageData(0, 0, drawn().width, drawn().height),
      // A drawing stays exact; a photo would be many times as large.
      url() {
        const isLarge = photo?.isOpaque && photo.image.width * photo.image.height > SIDE * SIDE;
        return isLarge ? drawn().toDataURL("image/jpeg", 0.92) : drawn().toDataURL("image/png");
      }
    };
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
    const text = name.split(".").reduce((table, key) => table[key], texts);
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
    const thumb = (kind, index, label) => `<button type="button" data-kind="${kind}" data-index="${index}" aria-label="${label}" title="${label}"><canvas width="280" height="280"></canvas></button>`;
    const examples = settings.examples.map(({ digit, name }, i) => thumb("example", i, say2("example", { name: say2(`examples.${name}`, { digit }) })));
    const misread = settings.misread.map((each, i) => `<span>${thumb("misread", i, say2("misread_one", each))}<small aria-hidden="true">${say2("is", each)}</small></span>`);
    const group = (title, thumbs) => thumbs.length ? `<div><p class="name">${title}</p><div class="thumbs">${thumbs.join("")}</div></div>` : "";
    place.innerHTML = group(say2("try"), examples) + group(say2("misread", { models: listOf(settings.misread_by.map((name) => say2(`models.${name}`)), language2) }), misread);
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
    const pad = makePad(find(".paper"), changed);
    function take(width) {
      pad.take(width);
      find(".pen i").style.setProperty("--width", `${width}px`);
    }
    async function openFile(file) {
      if (!file || !find("[name=upload]")) return;
      reveal();
      const [a, b, c] = new Uint8Array(await file.slice(0, 3).arrayBuffer().catch(() => []));
      const isPicture = a === 137 && b === 80 && c === 78 || a === 255 && b === 216 && c === 255;
      const url = URL.createObjectURL(file);
      const image = isPicture && await imageOf(url).catch(() => null);
      URL.revokeObjectURL(url);
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
      const action = key === "delete" ? pad.clear : isBack && pad.undo;
      if (!action || event.target.closest("input, .inside")) return;
      event.preventDefault();
      action();
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
    const small = canvasOf(DRAWN_SIDE, DRAWN_SIDE);
    const context = small.getContext("2d", { willReadFrequently: true });
    const whole = pad.pixels();
    const canvas = canvasOf(whole.width, whole.height);
    canvas.getContext("2d").putImageData(whole, 0, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(canvas, 0, 0, DRAWN_SIDE, DRAWN_SIDE);
    const { data } = context.getImageData(0, 0, DRAWN_SIDE, DRAWN_SIDE);
    return Uint8Array.from({ length: DRAWN_SIDE ** 2 }, (_, i) => Math.round((255 - data[4 * i]) / 17));
  }
  function pictureOf(shades) {
    const image = new ImageData(DRAWN_SIDE, DRAWN_SIDE);
    const colours = new Uint32Array(image.data.buffer);
    shades.forEach((shade, i) => colours[i] = 4278190080 | 65793 * (255 - 17 * shade));
    return image;
  }
  async function packDrawings(code, drawings) {
    const size = DRAWN_SIDE ** 2 / 2;
    const pairs = new Uint8Array(size * drawings.length);
    drawings.forEach(({ shades }, k) => {
      for (let i = 0; i < size; i++) pairs[k * size + i] = 16 * shades[2 * i] + shades[2 * i + 1];
    });
    const deflated = await through(pairs, new CompressionStream("deflate"), Infinity);
    const text = Array.from(deflated, (byte) => String.fromCharCode(byte)).join("");
    return JSON.stringify({ format: FORMAT, code, digits: drawings.map(({ digit }) => digit).join(""), drawings: btoa(text) });
  }
  async function openDrawings(file) {
    if (file.size > LARGEST_FILE) throw new Error("large");
    let told;
    try {
      told = JSON.parse(await file.text());
    } catch {
      throw new Error("kind");
    }
    const { format, code, digits, drawings } = told ?? {};
    if (typeof format !== "string" || typeof drawings !== "string") throw new Error("kind");
    if (format !== FORMAT) throw new Error("version");
    if (!(typeof code === "string" && CODE.test(code))) throw new Error("code");
    if (!(typeof digits === "string" && /^[0-9]+$/.test(digits) && digits.length <= MOST_DRAWINGS)) throw new Error("digits");
    const size = DRAWN_SIDE ** 2 / 2;
    const pairs = await Promise.resolve(drawings).then((text) => through(bytesOf(text), new DecompressionStream("deflate"), size * digits.length)).catch(() => null);
    if (pairs?.length !== size * digits.length) throw new Error("size");
    return Array.from(digits, (digit, k) => {
      const shades = Uint8Array.from({ length: 2 * size }, (_, i) => i % 2 ? pairs[k * size + (i >> 1)] & 15 : pairs[k * size + (i >> 1)] >> 4);
      return { writer: code, digit: Number(digit), picture: pictureOf(shades) };
    });
  }
  async function openPicture(file, path) {
    const digit = path.split("/").at(-2);
    if (!/^[0-9]$/.test(digit ?? "")) throw new Error("folder");
    if (file.size > LARGEST_FILE) throw new Error("large");
    const url = URL.createObjectURL(file);
    try {
      const image = await imageOf(url);
      const canvas = canvasOf(image.naturalWidth, image.naturalHeight);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      context.drawImage(image, 0, 0);
      return [{ writer: path, digit: Number(digit), picture: context.getImageData(0, 0, canvas.width, canvas.height) }];
    } catch {
      throw new Error("damaged");
    } finally {
      URL.revokeObjectURL(url);
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
    const canvas = canvasOf(picture.width, picture.height);
    canvas.getContext("2d").putImageData(picture, 0, 0);
    const answers = networks.map((name) => `<span class="${name}${read[name] === digit ? "" : " wrong"}">${say2(`models.${name}`)} ${read[name]}</span>`);
    figure.innerHTML = `<figcaption><b>${say2("is", { label: digit })}</b>${answers.join("")}</figcaption>`;
    figure.prepend(canvas);
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
  function makeCollector(place, networks, computer, say2) {
    const find = (selector) => place.querySelector(selector);
    const tell = (name, values) => say2(`classroom.${name}`, values);
    let [lesson, asked, pad, kept, isKept] = [null, [], null, [], true];
    function begin() {
      [lesson, kept, isKept] = [null, inStorage(keptLessons) ?? [], true];
      const button = (name, i) => `<button type="button" name="${name}" value="${i}">${tell(name)}</button>`;
      const told = ({ code, drawings }) => tell("kept", { code, count: drawings.length, all: 10 * ROUNDS });
      const offer = (each, i) => `<div class="kept"><p>${told(each)}</p>${button("resume", i)}${button("remove", i)}</div>`;
      place.innerHTML = `${kept.map(offer).join("")}<form><label>${tell("code")} <input name="code" maxlength="12" autocomplete="off" required></label> <button>${tell("begin")}</button></form><p class="trouble" role="alert"></p>`;
    }
    function open(given2) {
      lesson = given2;
      const drawn = lesson.drawings.map(({ digit }) => digit);
      const first = (k) => drawn.slice(10 * k, 10 * k + 10);
      const round = (_, k) => [.../* @__PURE__ */ new Set([...first(k), ...permutation(10, Math.random)])];
      asked = Array.from({ length: ROUNDS }, round).flat();
      if (drawn.length < asked.length) draw();
      else end();
    }
    function keep(isSaved) {
      lesson.isSaved = isSaved;
      isKept = inStorage((storage) => keepLesson(storage, lesson));
      find(".trouble").textContent = isKept || isSaved ? "" : tell("unkept");
    }
    const forget = ({ key }) => inStorage((storage) => storage.removeItem(key));
    function remove(old) {
      if (!old.isSaved && !confirm(tell("unsaved", old))) return;
      forget(old);
      begin();
      find("[name=code]").focus();
    }
    function draw() {
      place.innerHTML = `<div class="drawing"><p class="asked" role="status"></p><p class="count"></p><button type="button" name="next">${tell("next")}</button></div><p class="trouble" role="alert"></p>`;
      layPad(place.firstChild, say2);
      find("[name=upload]").closest("label").remove();
      pad = makeDesk(place.firstChild, {}, () => find("[name=next]").disabled = pad.isEmpty());
      place.firstChild.scrollIntoView({ block: "nearest" });
      ask();
    }
    function ask() {
      const done = lesson.drawings.length;
      find(".asked").textContent = tell("draw", { digit: asked[done] });
      find(".count").textContent = tell("count", { done: done + 1, all: asked.length });
      find("[name=next]").disabled = true;
      find(".paper canvas").focus({ preventScroll: true });
    }
    async function end() {
      place.replaceChildren();
      const { code, drawings } = lesson;
      const file = `digits-${code}.json`;
      const text = await packDrawings(code, drawings);
      const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      place.innerHTML = `<p role="status">${tell("ended", { count: drawings.length })}</p><p><a class="button" download="${file}" href="${url}">${tell("save", { file })}</a> <button type="button" name="anew">${tell("anew")}</button></p><p class="trouble" role="alert">${isKept ? "" : tell("unkept")}</p><p class="count"></p><div class="readings"></div>`;
      find("[download]").focus();
      const right = Object.fromEntries(networks.map((name) => [name, 0]));
      const readings = find(".readings");
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
      find(".count").textContent = networks.map((name) => tell("right", { model: say2(`models.${name}`), right: right[name], all: drawings.length })).join(" · ");
    }
    place.addEventListener("submit", (event) => {
      event.preventDefault();
      const code = find("[name=code]").value.trim();
      if (!CODE.test(code)) return find(".trouble").textContent = tell("wrong_code");
      kept.filter(({ isSaved }) => isSaved).forEach(forget);
      open({ key: `${FORMAT} ${Date.now()}`, code, drawings: [], isSaved: false });
    });
    place.addEventListener("click", ({ target }) => {
      const { name, value } = target.closest("button") ?? {};
      if (name === "resume") open(kept[value]);
      else if (name === "remove") remove(kept[value]);
      else if (name === "anew") remove(lesson);
      else if (target.closest("[download]")) keep(true);
      else if (name === "next") {
        lesson.drawings.push({ digit: asked[lesson.drawings.length], shades: shadesOf(pad) });
        keep(false);
        if (lesson.drawings.length === asked.length) return end();
        pad.clear();
        ask();
      }
    });
    addEventListener("beforeunload", (event) => isKept || lesson.isSaved || event.preventDefault());
    begin();
  }

  // scripts/confusion.js
  function makeConfusion(place, data, say2) {
    const { counts, cells } = data;
    const model = say2(`models.${data.model}`);
    const words = (name) => say2(`confusion.${name}`).split(", ");
    const mistakes = counts.map((row, digit) => row.map((count, read) => read === digit ? 0 : count));
    const most = Math.max(...mistakes.flat());
    const sprite = Object.assign(new Image(), { src: data.sprite });
    const firsts = startsOf(cells);
    function build() {
      const heads = counts.map((_, read) => `<th scope="col">${read}</th>`).join("");
      place.classList.add("confusion", data.model);
      place.innerHTML = `<div>
      <p class="asks">${say2("confusion.caption", { model })}</p>
      <table aria-label="${say2("confusion.caption", { model })}">
        <thead><tr><td></td>${heads}</tr></thead>
        <tbody>${counts.map((row, digit) => `<tr><th scope="row">${digit}</th>${row.map((_, read) => cell(digit, read)).join("")}</tr>`).join("")}</tbody>
      </table>
      <div class="shown"><p role="status"></p><ol tabindex="0"></ol><small>${say2("confusion.numbers")}</small></div>
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
      return say2(`confusion.${kind}`, { count, model, digit: words(form)[digit], read: words(`${form}_as`)[read] });
    }
    function show(button) {
      const [digit, read] = placeOf(button);
      const indices = cells[digit][read];
      const rest = counts[digit][read] > indices.length ? say2("confusion.first", { shown: indices.length }) : "";
      place.querySelector("[aria-pressed=true]")?.removeAttribute("aria-pressed");
      button.setAttribute("aria-pressed", true);
      place.querySelector(".shown p").textContent = `${sentence(digit, read)} ${rest}`.trim();
      place.querySelector("ol").innerHTML = indices.map((index) => `
      <li><div class="sheet"><canvas width="28" height="28" role="img" aria-label="${say2("confusion.digit", { index })}"></canvas></div><span aria-hidden="true">${index}</span></li>`).join("");
      place.querySelectorAll("canvas").forEach((canvas, at) => copy(canvas, firsts[digit][read] + at));
      hold(button);
    }
    async function copy(canvas, at) {
      await sprite.decode();
      const [left, top] = [28 * (at % data.wide), 28 * Math.floor(at / data.wide)];
      canvas.getContext("2d").drawImage(sprite, left, top, 28, 28, 0, 0, 28, 28);
    }
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
        ArrowUp: [digit - 1, read],
        ArrowDown: [digit + 1, read],
        ArrowLeft: [digit, read - 1],
        ArrowRight: [digit, read + 1],
        Home: [digit, 0],
        End: [digit, counts.length - 1]
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

  // scripts/preprocessing.js
  var PIPELINES = ["resize", "crop", "center"];
  var DIGIT_SIDE = 28;
  var MARGIN = 0.2;
  var MASS_CENTER = 14;
  var LONGEST_SIDE = 1024;
  var FAINTEST_INK = 12;
  var EDGE_LEVEL = 0.05;
  var SPECK = 0.02;
  var DEVIATION = 1.4826;
  function preprocess(drawing, pipeline = "center") {
    if (!PIPELINES.includes(pipeline)) {
      throw new RangeError(`unknown pipeline "${pipeline}": choose one of ${PIPELINES.join(", ")}`);
    }
    const { width, height } = drawing;
    if (!(width > 0 && height > 0)) {
      throw new RangeError("a drawing must be at least one pixel wide and one pixel high");
    }
    const steps = [];
    const step = (name, picture) => {
      steps.push({ name, ...picture });
      return picture;
    };
    const factor = Math.ceil(Math.max(width, height) / LONGEST_SIDE);
    const grey = step("grey", reduce(toGrey(drawing), factor));
    const ink = step("ink", extractInk(grey));
    const box = boundingBox(ink);
    if (!box) return { digit: new Uint8Array(DIGIT_SIDE ** 2), steps, box, blank: true };
    const square = pipeline === "resize" ? step("square", padToSquare(ink, 0)) : step("padded", padToSquare(step("cropped", crop(ink, box))));
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
    for (let y = 0; y < picture.height; y++) {
      for (let x = 0; x < picture.width; x++) {
        const block = Math.floor(y / factor) * width + Math.floor(x / factor);
        sums[block] += picture.pixels[y * picture.width + x];
        counts[block]++;
      }
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
    if (strongest < Math.max(FAINTEST_INK, 6 * noise)) {
      return { width, height, pixels: new Uint8Array(pixels.length) };
    }
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
    const rows = [[0, 0, width, 1], [0, height - 1, width, height]];
    const columns = [[0, 0, 1, height], [width - 1, 0, width, height]];
    const border = [...rows, ...columns].flatMap((box) => [...crop(grey, box).pixels]);
    const usual = median(border);
    const spread = median(border.map((value) => Math.abs(value - usual)));
    if (spread > 1) return unevenPaper(grey);
    const noise = Math.fround(spread * Math.fround(DEVIATION));
    return { level: new Float32Array(pixels.length).fill(usual), noise };
  }
  function unevenPaper({ width, height, pixels }) {
    const [xs, ys] = [coordinates(width), coordinates(height)];
    const [sample, terms] = [[], []];
    for (let row = 0; row < height; row += Math.ceil(height / 32)) {
      for (let column = 0; column < width; column += Math.ceil(width / 32)) {
        const [x, y] = [xs[column], ys[row]];
        sample.push(pixels[row * width + column]);
        terms.push([1, x, y, Math.fround(x * x), Math.fround(x * y), Math.fround(y * y)]);
      }
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
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const [x, y] = [xs[column], ys[row]];
        const plane = Math.fround(Math.fround(a + b * x) + c * y);
        const bent = Math.fround(plane + d * Math.fround(x * x));
        const twisted = Math.fround(bent + e * Math.fround(x * y));
        level[row * width + column] = twisted + f * Math.fround(y * y);
      }
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
        for (let row = Math.max(middle - width, 0); row <= bottom; row += width) {
          for (let i = row + left; i <= row + right; i++) {
            if (!isOpen[i]) continue;
            isOpen[i] = 0;
            found[end++] = i;
          }
        }
      }
      pieces.push(found.subarray(start, end));
    }
    return pieces;
  }
  function boundingBox({ width, height, pixels }) {
    let [left, top, right, bottom] = [width, height, 0, 0];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (!pixels[y * width + x]) continue;
        left = Math.min(left, x);
        top = Math.min(top, y);
        right = Math.max(right, x + 1);
        bottom = y + 1;
      }
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
  function padToSquare({ width, height, pixels }, margin = MARGIN) {
    const longest = Math.max(width, height);
    const border = margin && Math.max(1, Math.round(margin * longest));
    const side = longest + 2 * border;
    const top = Math.floor((side - height) / 2);
    const left = Math.floor((side - width) / 2);
    const square = new Uint8Array(side * side);
    for (let row = 0; row < height; row++) {
      square.set(pixels.subarray(row * width, (row + 1) * width), (top + row) * side + left);
    }
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
      const kernel = Array.from(
        { length: last - first },
        (_, i) => hamming((first + i - middle + 0.5) * (1 / support))
      );
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
    for (let row = Math.max(down, 0); row < Math.min(height + down, height); row++) {
      for (let column = Math.max(right, 0); column < Math.min(width + right, width); column++) {
        centred[row * width + column] = pixels[(row - down) * width + column - right];
      }
    }
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
  function levelsOf({ across, down, rotation, scale }) {
    return { shift: Math.max(Math.abs(across), Math.abs(down)), rotation: Math.abs(rotation), scale };
  }
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
      const points = (name) => levels.map((level, at) => pointOf(curve, level, curve[name][at]));
      return `
      <section data-change="${change}">
        <p class="head">${say2(`stage.${change}`)}<output></output></p>
        <div class="plot">
          <span>100%</span><span>50%</span><span>0%</span>
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${say2("stage.chart", { change: say2(`stage.${change}`) })}">
            <path class="grid" d="M0 0H100M0 50H100M0 100H100"/><path class="stand"/>
            ${COMPARED.map((name) => `<path class="${name}" d="M${points(name).join("L")}"/><path class="${name} measured" d="M${points(name).join("h0M")}h0"/>`).join("")}
            ${COMPARED.map((name) => `<path class="rim"/><path class="${name} dot"/><path class="hole"/>`).join("")}
          </svg>
          <p>${ends.map((level) => `<span>${amountOf(change, level, say2)}</span>`).join("")}</p>
        </div>
        <dl>${COMPARED.map((name) => `<div class="${name}"><dt>${say2(`models.${name}`)}</dt><dd></dd></div>`).join("")}</dl>
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
  function pointOf({ levels }, level, accuracy) {
    return `${100 * (level - levels[0]) / (levels.at(-1) - levels[0])} ${100 * (1 - accuracy)}`;
  }
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

  // scripts/atlas.js
  function makeAtlas(count, columns, side) {
    const gap = side > 1 && count > 1 ? 1 : 0;
    const pitch = side + gap;
    const element = Object.assign(make("canvas", ""), { width: columns * pitch, height: Math.ceil(count / columns) * pitch });
    const context = element.getContext("2d");
    const image = context.createImageData(element.width, element.height);
    const pixels = new Uint32Array(image.data.buffer);
    function paint2(colourAt) {
      for (let cell = 0; cell < count; cell++) {
        const corner = Math.floor(cell / columns) * pitch * element.width + cell % columns * pitch;
        for (let i = 0; i < side * side; i++) pixels[corner + Math.floor(i / side) * element.width + i % side] = colourAt(i, cell);
      }
      context.putImageData(image, 0, 0);
    }
    return { element, gap, paint: paint2 };
  }
  function greyOf(share) {
    return 4278190080 | 65793 * Math.round(255 * share);
  }
  function signedColourOf(share) {
    const light = Math.sqrt(Math.min(1, Math.abs(share)));
    const [red, green, blue] = share < 0 ? [250, 106, 88] : [98, 168, 250];
    return 4278190080 | blue * light << 16 | green * light << 8 | red * light;
  }

  // scripts/numbers.js
  function numberOf(value) {
    return (Number(value.toFixed(2)) || 0).toFixed(2).replace("-", "−");
  }
  function signed(value) {
    return (value >= 5e-3 ? "+" : "") + numberOf(value);
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
  function largestOf(values) {
    return values.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  }
  function rankedByValue(values) {
    return Array.from(values.keys()).sort((a, b) => values[b] - values[a]);
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
      if (shape === "rows") numbers.forEach(([label, value], i) => rows[i].set(label, value, largestOf(numbers.map(([, each]) => each))));
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

  // scripts/ways.js
  function wayOf(layers, stages, place, at) {
    const here = new Float32Array(stages[place].values.length);
    const gifts = [];
    here[at] = 1;
    let slopes = here;
    for (let stage = place; stage > 0; stage--) {
      slopes = BACKWARDS[layers[stage - 1].kind](slopes, layers[stage - 1], stages[stage - 1], stages[stage]);
      const { values } = stages[stage - 1];
      gifts[stage - 1] = slopes.map((slope, i) => slope * values[i]);
    }
    here[at] = stages[place].values[at];
    gifts[place] = here;
    for (let stage = place + 1; stage < stages.length - 1; stage++)
      gifts[stage] = FORWARDS[layers[stage - 1].kind](gifts[stage - 1], layers[stage - 1], stages[stage - 1], stages[stage]);
    return gifts;
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
    dense: (gifts, { arrays: [kernel] }) => dense({ values: gifts }, { arrays: [kernel, { values: new Float32Array(kernel.shape[1]) }] }).values,
    relu: BACKWARDS.relu,
    pooling: (gifts, { size }, input) => winnersOf(input, size).map((from) => gifts[from]),
    convolution: (gifts, { arrays: [kernel] }, { shape }) => convolution({ shape, values: gifts }, { arrays: [kernel] }).values
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
    return Array.from({ length: size * size }, (_, i) => (row * size + Math.floor(i / size)) * width + column * size + i % size);
  }

  // scripts/inside.js
  var CLEAR = 0;
  var FADED = 0.45;
  var TWILIGHT = 0.4;
  var BRIGHTER = 3;
  var REST = 60;
  var NEAR = "200px";
  var MARKED = 5;
  var made = 0;
  function makeInside(place, networks, say2) {
    const panels = Object.entries(networks).map(([name, network]) => makePanel(name, network, say2));
    const key = ["bright", "plus", "minus"].map((name) => make("span", name, say2(`inside.${name}`)));
    const tabs = makeTabs(place, Object.keys(networks), say2);
    const answers = tabs.querySelectorAll("b");
    place.classList.add("inside");
    place.replaceChildren(make("p", "how", say2("inside.hint")), tabs, make("div", "key", ...key), make("div", "networks", ...panels.map((panel) => panel.element)));
    return {
      show(digit, traces = {}, isGrowing = false) {
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
  function makePanel(name, network, say2) {
    const { layers } = network;
    const places = { pixel: 0, neuron: layers.length - 2, sum: layers.length - 1, share: layers.length };
    if (layers[0].kind === "convolution") Object.assign(places, { map: 2, pooled: 3 });
    const counts = { pixel: 1, sum: 10, share: 10, neuron: biasesOf(places.neuron).length };
    if (places.map) counts.map = counts.pooled = biasesOf(places.map).length;
    const sides = { pixel: 28, template: 28, map: 26, pooled: 13 };
    const columns = { pixel: 1, template: 16, map: 8, pooled: 8, neuron: places.map ? 20 : 16, sum: 1, share: 1 };
    const views = {};
    const lens = makeLens(say2);
    const [digitRead, sureness] = [make("b", ""), make("span", "")];
    const title = make("span", "name", say2(`models.${name}`));
    let stages = null;
    let chosen = null;
    let isOwn = false;
    let isPinned = false;
    let gifts = null;
    let waiting = 0;
    for (const kind of places.map ? ["pixel", "map", "pooled", "neuron", "sum", "share"] : ["pixel", "template", "neuron", "sum", "share"])
      views[kind] = kind === "sum" || kind === "share" ? makeRows(kind) : makePictures(kind);
    const { pixel, ...others } = views;
    if (!places.map) others.pooled = { element: make("div", "layer of-pooled none", say2("inside.unpooled")) };
    const element = make(
      "div",
      `network ${name}`,
      make("div", "title", title, digitRead, sureness),
      make("div", "lens", pixel.element, lens.element),
      ...["template", "map", "pooled", "neuron", "sum", "share"].filter((kind) => others[kind]).map((kind) => others[kind].element)
    );
    Object.assign(element, { role: "group", ariaLabel: say2(`models.${name}`) });
    element.addEventListener("keydown", (event) => event.key === "Escape" && release());
    element.addEventListener("focusin", () => lens.listen(true));
    element.addEventListener("focusout", () => lens.listen(false));
    return { name, element, show };
    function biasesOf(place) {
      return layers[place - 2].arrays[1].values;
    }
    function show(digit, trace, isGrowing) {
      stages = digit && [{ shape: [28, 28, 1], values: Float32Array.from(digit, (grey) => grey / 255) }, ...trace ?? network.trace(digit)];
      const shares = stages?.at(-1).values;
      const answer = shares && rankedByValue(shares)[0];
      setText(digitRead, stages ? answer : "–");
      setText(sureness, stages ? percentOf(shares[answer]) : "");
      if (stages && !isOwn && !isGrowing) select({ kind: "sum", cell: answer, spot: 0 });
      if (isGrowing) paintAll(null, true);
      else explain();
      return digitRead.textContent;
    }
    function makePictures(kind) {
      const of = kind === "template" ? "neuron" : kind;
      const side = sides[kind] ?? 1;
      const atlas = makeAtlas(counts[of], columns[kind], side);
      const mark = make("span", "mark");
      const grid = makeGrid(kind, of, Array.from({ length: counts[of] }, () => []), atlas.element, mark);
      const templates = kind === "template" && paintTemplates(atlas);
      function paint2() {
        if (!stages) return atlas.paint(() => CLEAR);
        const { values } = stages[places[of]];
        const given2 = gifts?.[places[of]];
        const [largest, most] = [largestOf(values), given2 && largestOf(given2)];
        if (templates) return templates(stages[0].values, given2?.map((gift) => FADED + (1 - FADED) * Math.sqrt(Math.abs(gift / most))));
        const brighter = side > 1 ? BRIGHTER : 1;
        atlas.paint((i, cell) => {
          const at = i * counts[of] + cell;
          if (!given2) return greyOf(values[at] / largest);
          if (Math.abs(given2[at]) > 1e-6 * most) return signedColourOf(brighter * given2[at] / most);
          return greyOf(FADED * values[at] / largest);
        });
      }
      function frame(cell, spot, size) {
        if (mark.hidden !== (cell === void 0)) mark.hidden = !mark.hidden;
        if (mark.hidden) return;
        const pitch = side + atlas.gap;
        const left = cell % columns[kind] * pitch + spot % side;
        const top = Math.floor(cell / columns[kind]) * pitch + Math.floor(spot / side);
        const share = (along, whole) => `${100 * along / whole}%`;
        const { width, height } = atlas.element;
        Object.assign(mark.style, { left: share(left, width), top: share(top, height), width: share(size, width), height: share(size, height) });
      }
      return { ...grid, paint: whenSeen(grid.element, NEAR, paint2), frame };
    }
    function paintTemplates(atlas) {
      const weights = layers[0].arrays[0].values;
      const heaviest = largestOf(weights) / BRIGHTER;
      atlas.paint((i, cell) => signedColourOf(weights[i * counts.neuron + cell] / heaviest));
      const { element: shown, gap } = atlas;
      const [whole, ink, light] = [canvasOf(shown.width, shown.height), canvasOf(28 + gap, 28 + gap), canvasOf(columns.template, counts.neuron / columns.template)];
      whole.getContext("2d").drawImage(shown, 0, 0);
      const context = shown.getContext("2d");
      return (seen, shares) => {
        const inkAt = (row, column) => column < 28 && row < 28 ? seen[28 * row + column] : 0;
        const lightAt = (i) => TWILIGHT + (1 - TWILIGHT) * inkAt(Math.floor(i / ink.width), i % ink.width);
        paint(ink, Array.from({ length: ink.width ** 2 }, (_, i) => Math.round(255 * lightAt(i))));
        context.globalCompositeOperation = "copy";
        context.drawImage(whole, 0, 0);
        context.globalCompositeOperation = "multiply";
        context.fillStyle = context.createPattern(ink, "repeat");
        context.fillRect(0, 0, shown.width, shown.height);
        if (shares) {
          context.imageSmoothingEnabled = false;
          context.drawImage(paint(light, shares.map((share) => Math.round(255 * share))), 0, 0, shown.width, shown.height);
        }
        context.globalCompositeOperation = "destination-in";
        context.drawImage(whole, 0, 0);
      };
    }
    function makeRows(kind) {
      const rows = Array.from({ length: 10 }, makeRow);
      const grid = makeGrid(kind, kind, rows.map((row) => [row.element]));
      function paint2() {
        const { values } = stages?.[places[kind]] ?? { values: [] };
        const given2 = kind === "sum" && gifts?.[places.sum];
        const answer = rankedByValue(values)[0];
        rows.forEach((row, i) => {
          if (kind === "sum") row.set(i, values[i], largestOf(values), given2 && !["sum", "share"].includes(chosen.kind) ? signed(given2[i]) : "");
          else row.set(i, values[i], 1, "", stages && percentOf(values[i]));
          grid.cells[i].classList.toggle("top", i === answer);
        });
      }
      return { ...grid, paint: paint2, paintSoon: whenSeen(grid.element, NEAR, paint2), frame() {
      } };
    }
    function makeGrid(kind, of, contents, ...below) {
      const side = sides[kind] ?? 1;
      const wide = columns[kind];
      const cells = contents.map((content, i) => {
        const cell = make("div", "cell", ...content);
        if (!content.length) cell.ariaLabel = say2(`inside.${of}`, { number: i + 1 });
        return Object.assign(cell, { role: "option", ariaSelected: false, tabIndex: i ? -1 : 0 });
      });
      const heading = say2(`inside.${kind}s`, { count: cells.length });
      const grid = make("div", `grid ${kind}s`, ...below, ...cells);
      Object.assign(grid, { role: "listbox", ariaLabel: heading }).style.setProperty("--columns", wide);
      function under({ target, clientX, clientY }) {
        const cell = cells.indexOf(target.closest(".cell"));
        if (cell < 0) return null;
        const { left, top, width, height } = cells[cell].getBoundingClientRect();
        const [column, row] = [(clientX - left) / width, (clientY - top) / height].map((share) => Math.max(0, Math.min(side - 1, Math.floor(share * (side + (side > 1 && cells.length > 1))))));
        return { kind: of, cell, spot: of === kind ? row * side + column : 0 };
      }
      const take = (choice) => choice && choose(choice);
      let pointed = "";
      grid.addEventListener("click", (event) => pin(under(event)));
      grid.addEventListener("focusin", ({ target }) => {
        const cell = cells.indexOf(target);
        if (!target.matches(":focus-visible") || cells[cell].ariaSelected === "true") return;
        choose({ kind: of, cell, spot: spotOf(of, cell) });
      });
      grid.addEventListener("pointerleave", () => {
        clearTimeout(waiting);
        pointed = "";
      });
      grid.addEventListener("pointermove", (event) => {
        const isStill = !event.movementX && !event.movementY;
        if (event.pointerType === "touch" || isStill || isPinned) return;
        const choice = under(event);
        if (JSON.stringify(choice) === pointed) return;
        clearTimeout(waiting);
        pointed = JSON.stringify(choice);
        waiting = setTimeout(take, chosen?.kind === of && chosen.cell === choice?.cell ? 0 : REST, choice);
      });
      grid.addEventListener("keydown", (event) => {
        const at = cells.indexOf(event.target.closest(".cell"));
        const within = side > 1 && of === kind && (event.shiftKey || cells.length === 1);
        const [from, across, end] = within ? [spotOf(kind, at), side, side * side - 1] : [at, wide, cells.length - 1];
        const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -across, ArrowDown: across, Home: -from, End: end - from, Enter: 0, " ": 0 };
        if (!(event.key in steps)) return;
        event.preventDefault();
        const to = from + steps[event.key];
        if (to < 0 || to > end) return;
        if (!within) cells[to].focus();
        choose(within ? { kind, cell: at, spot: to } : { kind: of, cell: to, spot: spotOf(of, to) });
      });
      const what = Object.assign(make("div", "what", heading), { ariaHidden: true });
      return { cells, element: make("div", `layer of-${kind}s`, what, grid) };
    }
    function spotOf(kind, cell) {
      if (chosen?.kind === kind && chosen.cell === cell) return chosen.spot;
      if (!stages || !(kind in sides)) return 0;
      return rankedByValue(everyNth(stages[places[kind]].values, cell, counts[kind]))[0];
    }
    function choose(choice) {
      clearTimeout(waiting);
      isOwn = true;
      select(choice);
      explain();
    }
    function pin(choice) {
      if (!choice) return;
      isPinned = !isPinned || JSON.stringify(choice) !== JSON.stringify(chosen);
      element.classList.toggle("pinned", isPinned);
      choose(choice);
    }
    function release() {
      isOwn = isPinned = false;
      element.classList.remove("pinned");
      if (stages) select({ kind: "sum", cell: rankedByValue(stages.at(-1).values)[0], spot: 0 });
      explain();
    }
    function select(choice) {
      if (JSON.stringify(choice) === JSON.stringify(chosen)) return;
      chosen = choice;
      for (const [kind, { cells }] of Object.entries(views)) {
        const isChosen = kind === choice.kind || kind === "template" && choice.kind === "neuron";
        cells.forEach((cell, i) => {
          cell.ariaSelected = isChosen && i === choice.cell;
          if (isChosen) cell.tabIndex = i === choice.cell && kind !== "template" ? 0 : -1;
        });
      }
    }
    function explain() {
      if (!stages) {
        paintAll(null);
        return lens.show("nothing", "");
      }
      const { kind, cell, spot } = chosen;
      const at = spot * (counts[kind] ?? 1) + cell;
      const place = { map: places.map - 1, neuron: places.neuron - 1, share: places.sum }[kind] ?? places[kind];
      paintAll(wayOf(layers, stages, place, at));
      const explained = { pixel: explainPixel, map: explainMap, pooled: explainPooled, neuron: explainNeuron, sum: explainSum, share: explainShare };
      explained[kind](place, at);
    }
    function paintAll(given2, isGrowing) {
      gifts = given2;
      for (const view of Object.values(views)) {
        if (isGrowing && view.paintSoon) view.paintSoon();
        else view.paint();
        view.frame();
      }
    }
    function explainPixel(place, at) {
      pixel.frame(0, at, 1);
      lens.show("rows", say2(`inside.pixel_chosen.${name}`, { ...placeOf(at, 28), ink: numberOf(stages[0].values[at]) }), [...gifts[places.sum].entries()]);
    }
    function explainMap(place, at) {
      const { cell, spot } = chosen;
      const [row, column] = [Math.floor(spot / 26), spot % 26];
      pixel.frame(0, row * 28 + column, 3);
      views.map.frame(cell, spot, 1);
      const inPool = Math.floor(row / 2) * 13 + Math.floor(column / 2);
      views.pooled.frame(cell, inPool, 1);
      const patch = Array.from({ length: 9 }, (_, i) => stages[0].values[(row + Math.floor(i / 3)) * 28 + column + i % 3]);
      const kernel = everyNth(layers[0].arrays[0].values, cell, counts.map);
      const end = stages[2].values[spot * counts.map + cell] > 0 ? "loses" : "closed";
      const passes = gifts[places.pooled][inPool * counts.map + cell] > 0;
      const text = say2("inside.map_chosen", { number: cell + 1, ...placeOf(spot, 26) });
      lens.show("nines", `${text} ${say2(`inside.${passes ? "wins" : end}`)}`, [patch, kernel, patch.map((ink, i) => ink * kernel[i])]);
      add(place, at, numberOf(stages[2].values[at]), say2("inside.relu"));
    }
    function explainPooled() {
      const { cell, spot } = chosen;
      const four = rivalsOf(Math.floor(spot / 13), spot % 13, 2, 26);
      const values = four.map((place) => stages[2].values[place * counts.map + cell]);
      const best = values.indexOf(Math.max(...values));
      pixel.frame(0, Math.floor(four[best] / 26) * 28 + four[best] % 26, 3);
      views.map.frame(cell, four[0], 2);
      views.pooled.frame(cell, spot, 1);
      lens.show("four", say2("inside.pooled_chosen", { number: cell + 1, ...placeOf(spot, 13) }), values, best);
    }
    function explainNeuron(place, at) {
      const value = stages[places.neuron].values[at];
      const text = say2(`inside.neuron_chosen.${name}`, { number: at + 1, count: stages[place - 1].values.length.toLocaleString("en") });
      lens.show("rows", `${text} ${say2(`inside.${value ? "open" : "closed"}`)}`, [...gifts[places.sum].entries()]);
      add(place, at, numberOf(value), say2("inside.relu"));
    }
    function explainSum(place, at) {
      const order = rankedByValue(gifts[places.neuron]);
      const marked = [...order.slice(0, MARKED), ...order.slice(-MARKED)];
      lens.show("rows", say2("inside.sum_chosen", { digit: at }), marked.map((neuron) => [`#${neuron + 1}`, gifts[places.neuron][neuron]]));
      add(place, at, percentOf(stages[places.share].values[at]), say2("inside.softmax"));
    }
    function explainShare(place, at) {
      const sums = stages[places.sum].values;
      const largest = Math.max(...sums);
      const powers = Array.from(sums, (sum) => Math.exp(sum - largest));
      const whole = sumOf(powers);
      lens.show("rows", say2("inside.share_chosen", { digit: at, largest: numberOf(largest), power: numberOf(powers[at]), whole: numberOf(whole), share: percentOf(powers[at] / whole) }), [...powers.entries()]);
    }
    function placeOf(spot, side) {
      return { row: Math.floor(spot / side) + 1, column: spot % side + 1 };
    }
    function add(place, at, result, what) {
      const bias = layers[place - 1].arrays[1].values[at % layers[place - 1].arrays[1].values.length];
      const given2 = gifts[place - 1];
      const sum = (sign) => given2.reduce((whole, gift) => whole + Math.max(0, sign * gift), 0) * sign;
      lens.add([...[sum(1), sum(-1), bias, stages[place].values[at]].map(signed), result], what);
    }
  }

  // scripts/demo.js
  var pads = 0;
  var REST2 = 4;
  function makeDemo(element, settings, computer) {
    const find = (selector) => element.querySelector(selector);
    const LANGUAGES = Object.keys(settings.strings);
    const group = `pipeline${settings.alone ? "" : ++pads}`;
    let language2 = settings.language ?? navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => LANGUAGES.includes(tag)) ?? "en";
    let pipeline = settings.pipeline;
    let answer = null;
    let question = "ask";
    let trouble = "";
    let several = false;
    let current = new AbortController();
    let asked = null;
    let last = 0;
    let waiting = 0;
    let took = 0;
    let inside = null;
    let strokes = 0;
    const say2 = (name, values) => textOf(settings.strings[language2], name, values);
    const known = (table, name) => Object.hasOwn(settings.strings[language2][table], name);
    const title = (name) => known("models", name) ? settings.strings[language2].models[name] : name;
    const escaped = (text) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt()};`);
    const listed = (names) => listOf(names.map(title), language2);
    const hint = () => several && answer?.models?.length ? say2("several") : "";
    async function read(done, isOther = true) {
      if (done && isOther) [question, trouble, several] = ["ask", "", pad.pieces() > 1];
      clearTimeout(waiting);
      const rest = last + Math.max(computer.every, took) - performance.now();
      if (!done && (asked || rest > 0)) return waiting = setTimeout(read, Math.max(rest, REST2), false);
      const mine = startOver();
      last = performance.now();
      const count = done ? ++strokes : strokes;
      const looks = find(".insides").open ? settings.inside : [];
      const reply = pad.isEmpty() ? null : await computer.answer(pad, { pipeline, language: language2, looks }, mine.signal);
      if (mine.signal.aborted) return;
      [took, asked, answer] = [performance.now() - last, null, reply];
      document.dispatchEvent(new CustomEvent("digitdrawn", { detail: answer?.digit ?? null }));
      render(!done);
      if (done) announce();
      element.dataset.answered = count;
    }
    function startOver() {
      current.abort();
      return asked = current = new AbortController();
    }
    function announce() {
      const said = `${headline()} ${hint()}`.trim();
      if (find(".spoken").textContent !== said) find(".spoken").textContent = said;
    }
    async function keep(label) {
      const reply = await computer.keep(pad.url(), pipeline, label, language2);
      [question, trouble] = [reply.detail ? question : reply, reply.detail ?? ""];
      renderQuestion();
    }
    async function forget() {
      const reply = await computer.forget(question.name, language2);
      [question, trouble] = [reply.detail ? question : "ask", reply.detail ?? ""];
      renderQuestion();
    }
    function headline() {
      if (!answer) return say2("empty");
      if (answer.detail) return answer.detail;
      const { models } = answer;
      if (!models.length) return say2("errors.blank");
      const unsure = listed(models.filter((model) => model.unsure).map(({ name }) => name));
      const digit = models[0].digit;
      if (models.every((model) => model.digit === digit))
        return say2(unsure ? "agreed_unsure" : "agreed", { digit, models: unsure });
      const answers = models.map(({ name, digit: digit2 }) => `${title(name)} ${digit2}`).join(", ");
      return say2(unsure ? "disagree_unsure" : "disagree", { answers, models: unsure });
    }
    function render(isGrowing = false) {
      const models = answer?.models ?? [];
      const apart = new Set(models.map(({ digit }) => digit)).size > 1;
      find(".headline").textContent = headline();
      find(".hint").textContent = hint();
      find(".answer").className = `answer${apart ? " apart" : ""}${answer?.detail ? " refused" : ""}`;
      find(".models").innerHTML = settings.models.map((name) => modelCard(name, models.find((model) => model.name === name))).join("");
      showInside(isGrowing);
      renderFilm();
      renderQuestion();
    }
    async function lookInside() {
      if (!find(".insides").open) return;
      const place = find(".insides > div");
      let networks = {};
      try {
        networks = await computer.networks();
      } catch {
        return place.textContent = say2("unloaded");
      }
      if (place.lang !== language2) {
        inside = makeInside(place, networks, say2);
      }
      place.lang = language2;
      showInside();
    }
    function showInside(isGrowing) {
      const traces = (answer?.models ?? []).map(({ name, trace }) => [name, trace]);
      if (find(".insides").open) inside?.show(answer?.digit ?? null, Object.fromEntries(traces), isGrowing);
    }
    function modelCard(name, model) {
      const bars = Array.from({ length: 10 }, (_, digit) => {
        const share = model?.probabilities[digit] ?? 0;
        return `<li class="${digit === model?.digit ? "best" : ""}"><span>${digit}</span><i style="--share: ${share}"></i><span>${model ? (100 * share).toFixed(0) : ""}</span></li>`;
      });
      return `
    <div role="group" class="model ${model?.unsure ? "unsure" : ""}" data-name="${escaped(name)}" aria-label="${escaped(title(name))}">
      <p class="name" aria-hidden="true">${escaped(title(name))}</p>
      <div class="reading">
        <span class="digit ${model ? "" : "none"}">${model?.digit ?? "–"}</span>
        <span class="confidence">${model ? escaped(percentOf(model.confidence)) : ""}${model?.unsure ? `<b>${say2("unsure")}</b>` : ""}</span>
      </div>
      <ol aria-label="${say2("probabilities")}">${bars.join("")}</ol>
    </div>`;
    }
    function renderFilm() {
      const box = answer?.box?.map((share) => 100 * share);
      const steps = answer?.steps ?? [];
      find(".why").textContent = say2(`pipelines.${pipeline}`);
      find(".film").toggleAttribute("data-empty", !steps.length);
      find(".steps").innerHTML = steps.map(({ name, width, height }) => {
        const outline = name === "grey" && steps.some((step) => step.name === "cropped") ? `<i class="box" style="left: ${box[0]}%; top: ${box[1]}%; width: ${box[2] - box[0]}%; height: ${box[3] - box[1]}%"></i>` : "";
        return `
      <li><div class="frame"><div style="--width: ${width}; --height: ${height}"><i data-picture></i>${outline}</div></div>${say2(`steps.${name}`)}</li>`;
      }).join("");
      element.querySelectorAll(".steps [data-picture]").forEach((place, i) => {
        const { picture } = steps[i];
        const image = typeof picture === "string" ? Object.assign(new Image(), { src: picture, alt: "" }) : picture;
        image.className = Math.max(steps[i].width, steps[i].height) <= 40 ? "pixels" : "";
        place.replaceWith(image);
      });
    }
    function renderQuestion() {
      const place = find(".choices");
      const held = place.contains(document.activeElement);
      const models = settings.keeps && pad.isOwn() ? answer?.models ?? [] : [];
      const isKept = typeof question === "object";
      const asks = models.length && !isKept;
      const confirms = question === "ask" && models.every(({ digit }) => digit === models[0].digit);
      const asked2 = asks ? say2(confirms ? "question" : "which") : "";
      const button = (digit, text) => `<button type="button" data-label-digit="${digit}">${text}</button>`;
      find(".asked").textContent = asked2;
      find(".status").textContent = trouble || (isKept ? say2("kept", { digit: question.kept }) : "");
      find(".where").textContent = asks ? say2("kept_here") : "";
      place.setAttribute("aria-label", asked2);
      if (isKept) place.innerHTML = `<button type="button" name="forget">${say2("forget")}</button>`;
      else if (!asks) place.innerHTML = "";
      else if (confirms) place.innerHTML = `${button(models[0].digit, say2("yes", models[0]))}<button type="button" name="wrong">${say2("no")}</button>`;
      else place.innerHTML = Array.from({ length: 10 }, (_, digit) => button(digit, digit)).join("");
      if (held) (place.querySelector("button") ?? find(".paper canvas")).focus();
    }
    function translate() {
      element.lang = language2;
      if (settings.alone) [document.documentElement.lang, document.title] = [language2, say2("title")];
      putWords(element, say2, { models: listed(settings.models) });
      const other = LANGUAGES.find((each) => each !== language2);
      Object.assign(find("[name=language]"), { textContent: settings.strings[other].name, lang: other });
      find(".pipelines").innerHTML = `<legend>${say2("pipeline")}</legend>` + settings.pipelines.map((name) => `
      <label><input type="radio" name="${group}" value="${name}" ${name === pipeline ? "checked" : ""}><span>${name}</span></label>`).join("");
      showThumbs(find(".examples"), settings, say2, language2);
      find(".about dl").innerHTML = settings.models.filter((name) => known("about_models", name)).map((name) => `<div><dt>${title(name)}</dt><dd>${say2(`about_models.${name}`)}</dd></div>`).join("");
      lookInside();
    }
    const pad = makeDesk(element, settings, read, refuse, settings.alone ? document : element);
    function refuse(reason) {
      startOver();
      asked = null;
      answer = { detail: say2(`errors.${reason}`) };
      render();
      announce();
    }
    element.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      if (button.name === "wrong") {
        question = "which";
        renderQuestion();
      } else if (button.name === "language") {
        language2 = button.lang;
        translate();
        if (answer) return read(true, false);
        render();
        announce();
      } else if (button.name === "forget") forget();
      else if (button.dataset.labelDigit) keep(Number(button.dataset.labelDigit));
    });
    element.addEventListener("change", ({ target }) => {
      if (target.name !== group) return;
      pipeline = target.value;
      read(true, false);
      if (!answer) renderFilm();
    });
    find(".insides").addEventListener("toggle", lookInside);
    element.dataset.answered = 0;
    find(".question").hidden = !settings.keeps;
    for (const part2 of ["header", ".about"]) find(part2).hidden = !settings.alone;
    find(".place").dataset.text = settings.elsewhere.length ? "keeps_nothing" : "here";
    find(".place").hidden = settings.keeps;
    find(".insides").hidden = !settings.inside.length;
    translate();
    render();
    announce();
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
    const rightly = (network, way2) => drawings.map(({ digit, read }) => read[network][way2] === digit);
    const counted = (key, network) => drawings.reduce((counts, { [key]: name, digit, read }) => {
      const [n, right] = counts.get(name) ?? [0, 0];
      return counts.set(name, [n + 1, right + Number(read[network][way] === digit)]);
    }, /* @__PURE__ */ new Map());
    const byNetwork = (make2) => Object.fromEntries(networks.map((network) => [network, make2(network)]));
    return {
      rates: byNetwork((network) => Object.fromEntries(ways.map((way2) => [way2, shareBy(rightly(network, way2), writers)]))),
      digits: byNetwork((network) => counted("digit", network)),
      writers: byNetwork((network) => counted("writer", network)),
      misread: drawings.filter(({ digit, read }) => networks.some((network) => read[network][way] !== digit))
    };
  }

  // scripts/evidence.js
  var MOST_IN_ALL = 5e3;
  var MOST_SHOWN = 60;
  var A_DRAWING = /(^|\/)[0-9]\/[^./][^/]*$/;
  function makeEvidence(place, networks, computer, say2) {
    const find = (selector) => place.querySelector(selector);
    const tell = (name, values) => say2(`classroom.${name}`, values);
    const percent = (share) => (rint(1e3 * share) / 10).toFixed(1);
    const title = (name) => say2(`models.${name}`);
    let [drawings, known, contents] = [[], /* @__PURE__ */ new Map(), /* @__PURE__ */ new Map()];
    let [added, waiting] = [[], []];
    let [isBusy, trouble] = [false, ""];
    place.innerHTML = `<div class="drop"><p>${tell("drop")}</p><p><label class="button">${tell("choose")}<input type="file" name="files" multiple accept=".json"></label> <label class="button">${tell("folder")}<input type="file" name="folder" webkitdirectory></label> <button type="button" name="print" hidden>${tell("print")}</button> <button type="button" name="forget" hidden>${tell("forget")}</button></p><p class="progress" role="status"></p></div><div role="alert"><ul class="remarks"></ul></div><div class="found"></div>`;
    function remark(name, values) {
      find(".remarks").append(Object.assign(document.createElement("li"), { textContent: tell(`refused.${name}`, values) }));
    }
    async function take(files) {
      waiting.push(...files);
      showProgress();
      if (isBusy) return;
      [isBusy, trouble] = [true, ""];
      find("[name=forget]").disabled = true;
      while (waiting.length) await add(waiting.shift()).catch(({ message }) => trouble = message);
      isBusy = find("[name=forget]").disabled = false;
      find(".progress").textContent = trouble;
      render();
    }
    function showProgress() {
      const done = drawings.length + added.length;
      find(".progress").textContent = tell("reading", { done, waiting: waiting.length });
    }
    async function add({ file, path }) {
      try {
        const isAlone = A_DRAWING.test(path);
        const found = isAlone ? await openPicture(file, path) : await openDrawings(file);
        const content = isAlone ? null : await file.text();
        if (contents.has(content)) return remark("same", { file: path, other: contents.get(content) });
        for (const [place2, drawing] of found.entries()) {
          if (drawings.length + added.length === MOST_IN_ALL) {
            waiting = [];
            remark("full", { file: path, most: MOST_IN_ALL });
            break;
          }
          showProgress();
          const read = await readByAll(drawing.picture);
          if (read) added.push({ ...drawing, read, isAlone });
          else remark("blank", { file: path, place: place2 + 1 });
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
      const hardest = digits.reduce((worst, digit) => wrong(digit) / told.digits[networks[0]].get(digit)[0] > wrong(worst) / told.digits[networks[0]].get(worst)[0] ? digit : worst);
      const interval = ({ rate, low, high }) => `${percent(rate)}% <small>[${percent(low)}, ${percent(high)}]</small>`;
      const head = (first, names) => `<thead><tr><th scope="col">${first}</th>${names.map((name) => `<th scope="col">${name}</th>`).join("")}</tr></thead>`;
      const row = (first, cells) => `<tr><th scope="row">${first}</th>${cells.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
      const parts = [
        `<p class="sum">${tell("sum", { drawings: drawings.length, writers: writers.size })}${alone ? ` ${tell("alone", { count: alone })}` : ""} ${wrong(hardest) ? tell("hardest", { digit: hardest, wrong: wrong(hardest), all: networks.length * told.digits[networks[0]].get(hardest)[0] }) : tell("faultless")}</p>`,
        `<table><caption>${tell("rates")}</caption>${head(tell("placement"), networks.map(title))}${PIPELINES.map((way) => row(`<code>${way}</code>`, networks.map((name) => interval(told.rates[name][way])))).join("")}</table>`,
        `<table><caption>${tell("by_digit")}</caption>${head("", digits)}${networks.map((name) => row(title(name), digits.map((digit) => told.digits[name].get(digit)[0] - told.digits[name].get(digit)[1]))).join("")}</table>`
      ];
      if (writers.size) parts.push(`<p class="caption">${tell("by_writer", { models: networks.map(title).join(" / ") })}</p><ul class="writers">${[...writers].sort().map((writer) => `<li><b>${writer}</b> ${networks.map((name) => told.writers[name].get(writer)[1]).join(" / ")} <small>${tell("of", { all: told.writers[networks[0]].get(writer)[0] })}</small></li>`).join("")}</ul>`);
      found.innerHTML = parts.join("");
      if (!told.misread.length) return;
      const shown = told.misread.slice(0, MOST_SHOWN);
      found.insertAdjacentHTML("beforeend", `<p class="caption">${tell("misread", { count: told.misread.length, shown: shown.length })}</p><div class="readings"></div>`);
      find(".readings").append(...shown.map((each) => readingOf(each, Object.fromEntries(networks.map((name) => [name, each.read[name][WAY]])), networks, say2)));
    }
    const listed = (files) => Array.from(files, (file) => ({ file, path: file.webkitRelativePath || file.name }));
    const ofFolder = ({ path }) => A_DRAWING.test(path) || /(^|\/)[^./][^/]*\.json$/.test(path);
    place.addEventListener("change", ({ target }) => {
      take(listed(target.files).filter((each) => target.name === "files" || ofFolder(each)));
      target.value = "";
    });
    place.addEventListener("dragover", (event) => event.preventDefault());
    place.addEventListener("drop", async (event) => {
      event.preventDefault();
      const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry?.());
      const files = listed(event.dataTransfer.files).filter((_, i) => !entries[i]?.isDirectory);
      try {
        for (const entry of entries) if (entry?.isDirectory) {
          for await (const each of filesBelow(entry)) if (ofFolder(each)) files.push(each);
        }
      } catch {
        remark("unopened");
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
        [drawings, known, contents] = [[], /* @__PURE__ */ new Map(), /* @__PURE__ */ new Map()];
        find(".remarks").replaceChildren();
        render();
      }
    });
    addEventListener("beforeunload", (event) => (isBusy || drawings.length) && event.preventDefault());
  }
  async function* filesBelow(entry) {
    if (entry.isFile) return yield { file: await new Promise((resolve, reject) => entry.file(resolve, reject)), path: entry.fullPath.slice(1) };
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
    const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate"));
    const packed2 = new Uint8Array(await new Response(stream).arrayBuffer());
    const digits = new Uint8Array(2 * packed2.length);
    packed2.forEach((byte, at) => {
      digits[2 * at] = 17 * (byte >> 4);
      digits[2 * at + 1] = 17 * (byte & 15);
    });
    return digits;
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
      const start = { ...settings, ...own, shown: known.shown, pictures: PICKED, unseen: unseenDigits, unseenLabels, kernels: bytesOf(kernels) };
      worker.postMessage({ start });
      return worker;
    }
    function train({ network = "mlp", digits: digits2 = 1e3, epochs = known.epochs, seed = 0, shuffled = false } = {}) {
      const wrong = mistake(network, digits2, epochs, seed);
      if (wrong) return Promise.reject(new RangeError(wrong));
      let worker = null;
      const learned = new Promise((resolve, reject) => {
        const hear = ({ done, own, unseen: unseen2, seconds }) => done && resolve({ own, unseen: unseen2, seconds });
        worker = teach({ network, count: digits2, epochs, seed, shuffled }, hear, reject);
        worker.postMessage({ run: true });
      });
      return learned.finally(() => worker?.terminate());
    }
    function mistake(network, digits2, epochs, seed) {
      const isWhole = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;
      if (!Object.keys(known.recorded).includes(network)) return `network is one of ${Object.keys(known.recorded).join(", ")}, not ${network}.`;
      if (!isWhole(digits2, 1, allLabels.length)) return `digits is a whole number from 1 to ${allLabels.length}, not ${digits2}.`;
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
      const answers = [...known.models, ...elsewhere.map((name, i) => answerOf(name, reply.probabilities[i], unsure_below))];
      return { ...known, models: models.map((name) => answers.find((each) => each.name === name)) };
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
  var TURNS = {
    // sliders of the picture: which way each can go, and its step
    rotation: { ways: [-1, 1], step: 1 },
    scale: { ways: [1], step: 0.05 }
  };
  var PUSHES = { ArrowLeft: ["across", -1], ArrowRight: ["across", 1], ArrowUp: ["down", -1], ArrowDown: ["down", 1] };
  function makeStage(place, settings, data, computer, say2) {
    const find = (selector) => place.querySelector(selector);
    const reach = Math.max(...data.curves.shift.levels);
    let setting = { ...UNCHANGED };
    let held = null;
    let current = new AbortController();
    let [waits, missed] = [false, false];
    place.innerHTML = `
    <div class="scene">
      <div class="moved">
        <div class="seen"><canvas width="28" height="28" tabindex="0" role="application" aria-label="${say2("stage.seen_label")}"></canvas></div>
        <p class="note">${say2("stage.seen")}</p>
        ${Object.keys(TURNS).map(slider).join("")}
        <p class="back"><button type="button" name="back">${say2("stage.reset")}</button></p>
      </div>
      <div class="answers" aria-hidden="true">${COMPARED.map((name) => `<p class="${name}"><span>${say2(`models.${name}`)}</span><b></b><span></span></p>`).join("")}</div>
      <div class="recorded">
        <p class="note">${say2("stage.curves", { digits: data.tested.toLocaleString("en"), seeds: data.seeds })}</p>
        <div class="charts"></div>
        <p class="note combined">${say2("stage.combined")}</p>
      </div>
    </div>
    <p class="trouble" role="alert"></p>
    <div class="examples"></div>
    <div class="layers-of-both"></div>
    <p class="spoken" role="status"></p>`;
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
    function slider(name) {
      const { ways, step } = TURNS[name];
      const ends = ways.flatMap((way) => data.curves[name].levels.map((level) => way * level));
      return `<label><span>${say2(`stage.${name}`)}</span><input type="range" name="${name}" min="${Math.min(...ends)}" max="${Math.max(...ends)}" step="${step}"><output></output></label>`;
    }
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
      inside?.show(digit, Object.fromEntries(models.map(({ name, trace }) => [name, trace])), isGrowing);
      document.dispatchEvent(new CustomEvent("digitdrawn", { detail: digit }));
      COMPARED.forEach((name) => {
        const model = models.find((each) => each.name === name);
        const [, read2, sure] = find(`.answers .${name}`).children;
        [read2.textContent, sure.textContent] = model ? [model.digit, percentOf(model.confidence)] : ["–", ""];
      });
      if (isGrowing) return;
      find(".spoken").textContent = models.map((model) => say2("stage.spoken", { ...model, model: say2(`models.${model.name}`), sure: percentOf(model.confidence) })).join(" ");
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
    place.addEventListener("input", ({ target }) => target.name in TURNS && move({ [target.name]: Number(target.value) }));
    place.addEventListener("change", ({ target }) => target.name in TURNS && read(false));
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
        if (held) read(false);
        held = null;
      });
    picture.addEventListener("keydown", (event) => {
      const [axis, way] = PUSHES[event.key] ?? [];
      if (!axis) return;
      event.preventDefault();
      move({ [axis]: setting[axis] + way }, false);
    });
    move({}, false);
    lookInside();
    if (data.first) imageOf(data.first.picture).then((image) => pad.isEmpty() && pad.lay(image, false));
  }

  // scripts/trainer.js
  var LEAD = 20;
  var BATCH_SIZE = 32;
  var WIDE = 100;
  var HIGH = 60;
  function makeTrainer(place, names, isShuffled, school, say2) {
    const find = (selector) => place.querySelector(selector);
    const percent = (share, decimals = 1) => `${(100 * share).toFixed(decimals)}%`;
    let workers = {};
    let curves = {};
    let states = {};
    let settings = null;
    let [running, failed] = [false, false];
    let going = {};
    let drawing = latestDrawing;
    function build() {
      place.classList.add("trainer");
      place.innerHTML = `
      <div class="settings" role="group" aria-label="${say2("trainer.settings")}">
        <label>${say2("trainer.digits")} <select name="digits">${school.counts.map((count) => `<option value="${count}">${count.toLocaleString("en")}</option>`).join("")}</select></label>
        <label>${say2("trainer.seed")} <input type="number" name="seed" min="0" max="9999" value="0" required></label>
        <label><input type="checkbox" name="shuffled"${isShuffled ? " checked" : ""}> ${say2("trainer.shuffled")}</label>
        <span><button type="button" name="play">${say2("trainer.play")}</button><button type="button" name="step">${say2("trainer.step")}</button><button type="button" name="reset">${say2("trainer.reset")}</button></span>
      </div>
      <p class="trouble" role="alert"></p>
      <div class="learners">${names.map(panel).join("")}</div>
      <table class="finished" hidden><caption>${say2("trainer.finished")}</caption></table>
      <p class="note">${say2("trainer.note", { epochs: school.epochs, shown: school.shown.toLocaleString("en"), unseen: school.unseenLabels.length.toLocaleString("en") })}</p>
      <p class="spoken" role="status"></p>`;
      find("[name=digits]").value = school.counts.at(-1);
    }
    function panel(name) {
      const shape = name === "cnn" ? 3 : 28;
      const pictures = Array.from({ length: PICKED }, () => `<canvas width="${shape}" height="${shape}"></canvas>`).join("");
      return `
      <div class="network ${name}" role="group" aria-label="${say2(`models.${name}`)}">
        <p class="name">${say2(`models.${name}`)} <span class="progress"></span></p>
        <div class="plot"><span>100%</span><span>50%</span><span>0%</span><svg viewBox="0 0 ${WIDE} ${HIGH}" preserveAspectRatio="none" role="img" aria-label="${say2("trainer.chart", { model: say2(`models.${name}`) })}">
          <path class="grid" d="M0 0H${WIDE}M0 ${HIGH / 2}H${WIDE}M0 ${HIGH}H${WIDE}"/><path class="gap"/><path class="own"/><path class="unseen"/>
        </svg></div>
        <dl><dt>${say2("trainer.own")}</dt><dd class="own"></dd><dt>${say2("trainer.unseen")}</dt><dd class="unseen"></dd><dt>${say2("trainer.gap")}</dt><dd class="gap"></dd><dt>${say2("trainer.drawing")}</dt><dd class="reading"></dd></dl>
        <p class="note" aria-hidden="true">${say2(`trainer.pictures.${name}`)}</p>
        <div class="pictures" role="img" aria-label="${say2(`trainer.pictures.${name}`)}">${pictures}</div>
        <div class="verdict"></div>
      </div>`;
    }
    function reset() {
      stop();
      const number = (name) => Number(find(`[name=${name}]`).value);
      settings = { count: number("digits"), seed: number("seed"), shuffled: find("[name=shuffled]").checked };
      failed = false;
      for (const name of names) {
        workers[name]?.terminate();
        curves[name] = [];
        delete states[name];
        delete going[name];
        const lesson = { ...settings, network: name, epochs: school.epochs };
        workers[name] = school.teach(lesson, (state) => show(name, state), fail);
        workers[name].postMessage({ drawing });
      }
    }
    function fail() {
      stop();
      failed = true;
      find(".trouble").textContent = say2("trainer.failed");
    }
    function run(isRunning) {
      running = isRunning;
      find(".trouble").textContent = "";
      place.querySelectorAll(".settings :is(select, input)").forEach((each) => each.disabled = running);
      find("[name=play]").textContent = say2(running ? "trainer.pause" : "trainer.play");
      pace();
    }
    function pace() {
      const stepsOf = (name) => states[name]?.done ? Infinity : states[name]?.steps ?? 0;
      const slowest = Math.min(...names.map(stepsOf));
      for (const name of names) {
        const goes = running && stepsOf(name) <= slowest + LEAD;
        if (goes !== (going[name] ?? false)) workers[name]?.postMessage({ run: goes });
        going[name] = goes;
      }
    }
    const stop = () => run(false);
    function show(name, state) {
      const section = find(`.learners > .${name}`);
      const tell = (part2, text) => section.querySelector(part2).textContent = text;
      tell("dd.reading", state.reading ? readingOf2(state.reading) : say2("trainer.nothing"));
      if (!state.pictures) return;
      if (state.passes > (states[name]?.passes ?? 0))
        find(".spoken").textContent = say2("trainer.spoken", { model: say2(`models.${name}`), passes: state.passes, right: Math.round(100 * state.unseen) });
      states[name] = state;
      const curve = curves[name];
      if (curve.at(-1)?.[0] !== state.steps) curve.push([state.steps, state.own, state.unseen]);
      tell(".progress", say2("trainer.progress", { passes: state.passes, epochs: school.epochs, steps: state.steps.toLocaleString("en") }) + (state.isFast ? "" : ` ${say2("trainer.slow")}`));
      tell("dd.own", percent(state.own));
      tell("dd.unseen", percent(state.unseen));
      tell("dd.gap", say2("trainer.points", { points: (100 * (state.own - state.unseen)).toFixed(1) }));
      draw(section, curve);
      paintPictures(section, state.pictures);
      if (state.done) finish(name, section, state);
      else section.querySelector(".verdict").replaceChildren();
      if (running) pace();
    }
    function readingOf2(shares) {
      const sure = Math.max(...shares);
      return `${shares.indexOf(sure)} (${percentOf(sure)})`;
    }
    function draw(section, curve) {
      const { count } = settings;
      const most = school.epochs * Math.ceil(count * Math.max(1, Math.ceil(school.shown / count)) / BATCH_SIZE);
      const points = (which) => curve.map((at) => `${(WIDE * at[0] / most).toFixed(2)} ${(HIGH * (1 - at[which])).toFixed(2)}`);
      const [own, unseen] = [points(1), points(2)];
      section.querySelector("path.own").setAttribute("d", `M${own.join("L")}`);
      section.querySelector("path.unseen").setAttribute("d", `M${unseen.join("L")}`);
      section.querySelector("path.gap").setAttribute("d", `M${own.join("L")}L${unseen.reverse().join("L")}Z`);
    }
    function paintPictures(section, pictures) {
      const largest = Math.max(...pictures.map((weights) => weights.reduce((most, each) => Math.max(most, Math.abs(each)), 0)));
      section.querySelectorAll(".pictures canvas").forEach((canvas, i) => paintSigned(canvas, pictures[i], largest));
    }
    function finish(name, section, state) {
      const { count, shuffled } = settings;
      const permuted = shuffled && name === "cnn";
      const recorded = school.recorded[name][permuted ? "permuted" : "given"][count] ?? [];
      const [low, high] = [Math.min(...recorded), Math.max(...recorded)];
      const values = { own: percent(state.unseen), n: recorded.length, low: percent(low), high: percent(high), chance: percent(2 / (recorded.length + 1), 0) };
      const isInside = state.unseen >= low && state.unseen <= high;
      const text = say2(`trainer.${recorded.length ? isInside ? "inside" : "outside" : "unjudged"}`, values);
      section.querySelector(".verdict").innerHTML = (recorded.length ? strip(recorded, state.unseen) : "") + `<p>${text}</p>`;
      if (!running || !names.every((each) => states[each]?.done)) return;
      run(false);
      keep();
    }
    function keep() {
      const { count, seed, shuffled } = settings;
      const row = find(".finished").insertRow();
      const title = say2("trainer.run", { count: count.toLocaleString("en"), seed }) + (shuffled ? `, ${say2("trainer.shuffled")}` : "");
      for (const text of [title, ...names.map((name) => `${say2(`models.${name}`)} ${percent(states[name].unseen)}`)]) row.insertCell().textContent = text;
      find(".finished").hidden = false;
    }
    function strip(recorded, value) {
      const all = [...recorded, value];
      const [low, high] = [Math.min(...all), Math.max(...all)];
      const x = (each) => (5 + 90 * (each - low) / (high - low || 1)).toFixed(1);
      const dots = recorded.map((each) => `<circle cx="${x(each)}" cy="5" r="1.6"/>`).join("");
      return `<svg class="strip" viewBox="0 0 100 10" aria-hidden="true">${dots}<path class="diamond" d="M${x(value)} 1.5l3 3.5l-3 3.5l-3-3.5z"/></svg>`;
    }
    place.addEventListener("change", () => {
      const seed = find("[name=seed]");
      if (seed.validity.valid) return reset();
      seed.value = settings.seed;
      find(".trouble").textContent = say2("trainer.no_seed", settings);
    });
    place.addEventListener("click", ({ target }) => {
      if (target.name === "play") {
        if (failed || names.every((name) => states[name]?.done)) reset();
        run(!running);
      } else if (target.name === "step") {
        stop();
        for (const name of names) workers[name].postMessage({ step: true });
      } else if (target.name === "reset") reset();
    });
    document.addEventListener("digitdrawn", ({ detail }) => {
      drawing = detail;
      for (const name of names) workers[name]?.postMessage({ drawing });
    });
    build();
    reset();
  }
  var latestDrawing = null;
  document.addEventListener("digitdrawn", ({ detail }) => latestDrawing = detail);
  function paintSigned(canvas, weights, largest) {
    const image = new ImageData(canvas.width, canvas.height);
    weights.forEach((weight, at) => {
      image.data.set([...weight > 0 ? [58, 130, 190] : [200, 70, 60], 255 * Math.min(1, Math.abs(weight) / largest)], 4 * at);
    });
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  // scripts/page.js
  var given = JSON.parse(document.getElementById("demo-data").textContent);
  var { strings, language } = given.settings;
  var coming = {};
  var complete = new Promise((resolve) => document.readyState === "complete" ? resolve() : addEventListener("load", resolve));
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
      const models = readDigit(networks, digit, given.unsure_below).map(({ name, digit: digit2, probabilities }) => [name, { digit: digit2, probabilities }]);
      return { digit, models: Object.fromEntries(models) };
    }
  };
  var say = (name, values) => textOf(strings[language], name, values);
  function wake(element) {
    element.replaceChildren(document.getElementById("demo-parts").content.cloneNode(true));
    makeDemo(element, { ...given.settings, pipeline: element.dataset.pipeline }, everyReader());
  }
  var opened = once(() => part(given.lessons).then(openSchool));
  if (given.lessons) window.mnistCompare.train = (settings) => opened().then(({ train }) => train(settings));
  async function makeLesson(element) {
    const tell = (name) => element.textContent = say(`trainer.${name}`);
    if (!("DecompressionStream" in window)) return tell("unsupported");
    if (!await part(given.lessons).catch(() => null)) return tell("unloaded");
    makeTrainer(element, element.dataset.networks.split(" "), "shuffled" in element.dataset, await opened(), say);
  }
  async function makeFigure(figure) {
    const data = await part(given.figures[figure.id]).catch(() => null);
    if (!data) return;
    const place = document.createElement("div");
    place.dataset.figure = figure.id;
    makeConfusion(place, data, say);
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
    for (const [name, make2] of [["collector", makeCollector], ["evidence", makeEvidence]])
      document.querySelectorAll(`.${name}`).forEach((element) => make2(element, given.settings.models, everyReader(), say));
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
