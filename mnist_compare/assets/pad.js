// The drawing pad. After every stroke, props.value is the drawing: a PNG picture of SIDE × SIDE
// pixels as a data URL, or empty when nothing is drawn.
const SIDE = 280;
const PEN = 18;

const paper = element.querySelector(".paper");
const canvas = element.querySelector("canvas");
const picture = document.createElement("canvas"); // what is sent, whatever the screen
picture.width = picture.height = SIDE;
const strokes = []; // each a list of [x, y], in pixels of the picture
let pointer = null; // the one that is drawing

function paint(target) {
  const scale = target.width / SIDE;
  const context = target.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.fillStyle = "white";
  context.fillRect(0, 0, SIDE, SIDE);
  context.strokeStyle = "black";
  context.lineWidth = PEN;
  context.lineCap = context.lineJoin = "round";
  for (const stroke of strokes) {
    context.beginPath();
    context.moveTo(...stroke[0]);
    // Curves through the midpoints: a fast hand gives few points, and lines would show corners.
    for (let i = 1; i < stroke.length; i++) {
      const [x0, y0] = stroke[i - 1];
      const [x1, y1] = stroke[i];
      context.quadraticCurveTo(x0, y0, (x0 + x1) / 2, (y0 + y1) / 2);
    }
    const [x, y] = stroke.at(-1);
    context.lineTo(x, y + 0.01); // for a dot, since a line without length is not drawn
    context.stroke();
  }
}

function show() {
  const pixels = Math.round(canvas.clientWidth * devicePixelRatio);
  if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
  paper.toggleAttribute("data-empty", !strokes.length);
  paint(canvas);
}

function send() {
  show();
  paint(picture);
  props.value = strokes.length ? picture.toDataURL("image/png") : "";
}

function extend(event) {
  const box = canvas.getBoundingClientRect();
  strokes.at(-1).push([
    ((event.clientX - box.left) * SIDE) / box.width,
    ((event.clientY - box.top) * SIDE) / box.height,
  ]);
}

function lift(event) {
  if (event.pointerId !== pointer) return;
  pointer = null;
  send();
}

function undo() {
  strokes.pop();
  send();
}

function clear() {
  strokes.length = 0;
  send();
}

canvas.addEventListener("pointerdown", (event) => {
  if (pointer !== null || event.button !== 0) return;
  pointer = event.pointerId;
  canvas.setPointerCapture(pointer);
  strokes.push([]);
  extend(event);
  show();
});
canvas.addEventListener("pointermove", (event) => {
  if (event.pointerId !== pointer) return;
  const events = event.getCoalescedEvents();
  (events.length ? events : [event]).forEach(extend);
  show();
});
canvas.addEventListener("pointerup", lift);
canvas.addEventListener("pointercancel", lift);

// A button pressed while another finger draws would take the stroke away under it.
const idle = (action) => () => pointer === null && action();
element.querySelector("[name=undo]").addEventListener("click", idle(undo));
element.querySelector("[name=clear]").addEventListener("click", idle(clear));
element.addEventListener("keydown", (event) => {
  const key = event.key.toLowerCase();
  const action = key === "delete" ? clear : key === "z" && (event.ctrlKey || event.metaKey) && undo;
  if (!action) return;
  event.preventDefault();
  idle(action)();
});

new ResizeObserver(show).observe(canvas);
