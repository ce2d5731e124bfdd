// The drawing pad: strokes of a pen, a mouse, a finger or keys, or one picture in their place.
// changed(done) is called whenever the drawing is another one; done is false within a stroke.
import { canvasOf, pixelsOf, resized } from "./pictures.js";

const SIDE = 280; // of the picture of strokes, in pixels, whatever the screen
const LONGEST = 1024; // side of a photo, which is made smaller before it is sent
const KEYS = "keys"; // stands for the pointer while keys draw
const STEP = 10; // pixels of the picture that a key moves the pen
const MOVES = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1],
  Home: [-1, -1], PageUp: [1, -1], End: [-1, 1], PageDown: [1, 1], // as they lie on a number pad
};

export class Pad {
  strokes = []; // each { pen, points, isOwn }, points of [x, y] in pixels of the picture
  photo = null; // { image, isOpaque, isOwn, under }, the last the strokes whose place it took
  pointer = null; // the one that is drawing
  pen = 18;
  cursor = [SIDE / 2, SIDE / 2]; // where the keys hold the pen

  constructor(paper, changed) {
    Object.assign(this, { paper, changed, canvas: paper.querySelector("canvas"), picture: canvasOf(SIDE, SIDE) });
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
      context.imageSmoothingEnabled = zoom < 4; // the pixels of a small picture may be seen
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
      const events = event.getCoalescedEvents?.() ?? []; // browsers have it on secure pages only
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
    canvas.addEventListener("blur", () => (this.pointer === KEYS ? this.lift(KEYS) : this.show()));
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
  pieces = () => (this.photo ? 0 : piecesOf(this.strokes));
  pixels = () => pixelsOf(this.drawn());

  // A drawing stays exact; a photo would be many times as large.
  url() {
    const isLarge = this.photo?.isOpaque && this.photo.image.width * this.photo.image.height > SIDE * SIDE;
    return isLarge ? this.drawn().toDataURL("image/jpeg", 0.92) : this.drawn().toDataURL("image/png");
  }
}

// How many pieces stand side by side with paper between them, each at least half as high as the whole: 2 for a 12,
// but 1 for a 5 with its bar apart.
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
  const whole = Math.max(...merged.map(({ bottom }) => bottom)) - Math.min(...merged.map(({ top }) => top));
  return merged.filter(({ top, bottom }) => 2 * (bottom - top) >= whole).length;
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
