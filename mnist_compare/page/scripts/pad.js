// The drawing pad: strokes of a pen, a mouse, a finger or keys, or one picture in their place.
// changed(done) is called whenever the drawing is another one; done is false within a stroke.
import { canvasOf } from "./pictures.js";

const SIDE = 280; // of the picture of strokes, in pixels, whatever the screen
const LONGEST = 1024; // side of a photo, which is made smaller before it is sent
const KEYS = "keys"; // stands for the pointer while keys draw
const STEP = 10; // pixels of the picture that a key moves the pen
const MOVES = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-1, -1], PageUp: [1, -1], End: [-1, 1], PageDown: [1, 1], // as they lie on a number pad
};

export function makePad(paper, changed) {
  const canvas = paper.querySelector("canvas");
  const picture = canvasOf(SIDE, SIDE);
  picture.getContext("2d", { willReadFrequently: true });
  let strokes = []; // each { pen, points, isOwn }, points of [x, y] in pixels of the picture
  let photo = null; // { image, isOpaque, isOwn, under }, the last the strokes whose place it took
  let pointer = null; // the one that is drawing
  let pen = 18;
  let cursor = [SIDE / 2, SIDE / 2]; // where the keys hold the pen

  function paint(target) {
    const scale = target.width / SIDE;
    const context = target.getContext("2d");
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = "white";
    context.fillRect(0, 0, SIDE, SIDE);
    if (photo) {
      const { width, height } = photo.image;
      const zoom = SIDE / Math.max(width, height);
      const [w, h] = [width * zoom, height * zoom];
      context.imageSmoothingEnabled = zoom < 4; // the pixels of a small picture may be seen
      context.drawImage(photo.image, (SIDE - w) / 2, (SIDE - h) / 2, w, h);
    }
    drawStrokes(context, strokes);
  }

  function drawn() {
    if (photo) return photo.image;
    paint(picture);
    return picture;
  }

  function show() {
    const pixels = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
    paper.toggleAttribute("data-empty", !strokes.length && !photo);
    paint(canvas);
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
      ((event.clientX - box.left) * SIDE) / box.width,
      ((event.clientY - box.top) * SIDE) / box.height,
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
    const events = event.getCoalescedEvents?.() ?? []; // browsers have it on secure pages only
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
  canvas.addEventListener("blur", () => (pointer === KEYS ? lift(KEYS) : show()));
  new ResizeObserver(show).observe(canvas);

  // A button pressed while another finger draws would take the stroke away under it.
  const idle = (action) => (...given) => {
    if (pointer === KEYS) pointer = null;
    if (pointer !== null) return;
    action(...given);
    change();
  };
  return {
    undo: idle(() => (photo ? ([strokes, photo] = [photo.under, null]) : strokes.pop())),
    clear: idle(() => ([strokes, photo] = [[], null])),
    load: idle((example) => ([strokes, photo] = [[...example], null])),
    lay: idle((image, isOwn) => {
      const zoom = Math.min(1, LONGEST / Math.max(image.width, image.height));
      const small = canvasOf(
        Math.max(1, Math.round(image.width * zoom)),
        Math.max(1, Math.round(image.height * zoom)),
      );
      const context = small.getContext("2d", { willReadFrequently: true });
      context.imageSmoothingQuality = "high";
      context.drawImage(image, 0, 0, small.width, small.height);
      const { data } = context.getImageData(0, 0, small.width, small.height);
      photo = { image: small, isOpaque: data.every((value, i) => i % 4 < 3 || value === 255), isOwn, under: strokes };
      strokes = [];
    }),
    take: (width) => (pen = width),
    // Whether all of it is the user's own, and none from the page's examples.
    isOwn: () => (photo ? [photo] : strokes).every((each) => each.isOwn),
    // How many pieces stand side by side with paper between them, each at least half as high as the
    // whole: 2 for a 12, but 1 for a 5 with its bar apart.
    pieces() {
      const boxes = photo ? [] : strokes.map(({ pen, points }) => {
        const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
        return {
          left: Math.min(...xs) - pen / 2, right: Math.max(...xs) + pen / 2,
          top: Math.min(...ys), bottom: Math.max(...ys),
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
    },
  };
}

export function drawStrokes(context, strokes) {
  context.strokeStyle = "black";
  context.lineCap = context.lineJoin = "round";
  for (const { pen, points } of strokes) {
    context.lineWidth = pen;
    context.beginPath();
    context.moveTo(...points[0]);
    // Curves through the midpoints: a fast hand gives few points, and lines would show corners.
    for (let i = 1; i < points.length; i++) {
      const [x0, y0] = points[i - 1];
      const [x1, y1] = points[i];
      context.quadraticCurveTo(x0, y0, (x0 + x1) / 2, (y0 + y1) / 2);
    }
    const [x, y] = points.at(-1);
    context.lineTo(x, y + 0.01); // for a dot, since a line without length is not drawn
    context.stroke();
  }
}
