// The drawing pad: strokes of a pen, a mouse or a finger, or one picture in their place.
// changed(done) is called whenever the drawing is another one; done is false within a stroke.
const SIDE = 280; // of the picture of strokes, in pixels, whatever the screen
const LONGEST = 1024; // side of a photo, which is made smaller before it is sent

function makePad(paper, changed) {
  const canvas = paper.querySelector("canvas");
  const picture = canvasOf(SIDE, SIDE);
  let strokes = []; // each { pen, points }, points of [x, y] in pixels of the picture
  let photo = null; // { image, url } in place of strokes
  let pointer = null; // the one that is drawing
  let pen = 18;

  function canvasOf(width, height) {
    return Object.assign(document.createElement("canvas"), { width, height });
  }

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

  function show() {
    const pixels = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== pixels) canvas.width = canvas.height = pixels;
    paper.toggleAttribute("data-empty", !strokes.length && !photo);
    paint(canvas);
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

  function lift(event) {
    if (event.pointerId !== pointer) return;
    pointer = null;
    change();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    photo = null;
    strokes.push({ pen, points: [] });
    extend(event);
    show();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const events = event.getCoalescedEvents();
    (events.length ? events : [event]).forEach(extend);
    change(false);
  });
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  new ResizeObserver(show).observe(canvas);

  // A button pressed while another finger draws would take the stroke away under it.
  const idle = (action) => (argument) => {
    if (pointer !== null) return;
    action(argument);
    change();
  };
  return {
    undo: idle(() => (photo ? (photo = null) : strokes.pop())),
    clear: idle(() => ([strokes, photo] = [[], null])),
    load: idle((other) => ([strokes, photo] = [structuredClone(other), null])),
    lay: idle((image) => {
      const zoom = Math.min(1, LONGEST / Math.max(image.width, image.height));
      const small = canvasOf(
        Math.max(1, Math.round(image.width * zoom)),
        Math.max(1, Math.round(image.height * zoom)),
      );
      const context = small.getContext("2d");
      context.fillStyle = "white";
      context.fillRect(0, 0, small.width, small.height);
      context.imageSmoothingQuality = "high";
      context.drawImage(image, 0, 0, small.width, small.height);
      // A drawing stays exact; a photo would be many times as large.
      const exact = small.width * small.height <= SIDE * SIDE;
      photo = { image: small, url: small.toDataURL(exact ? "image/png" : "image/jpeg", 0.92) };
      strokes = [];
    }),
    take: (width) => (pen = width),
    isDrawing: () => pointer !== null,
    drawing() {
      if (photo) return photo.url;
      if (!strokes.length) return "";
      paint(picture);
      return picture.toDataURL("image/png");
    },
  };
}

function drawStrokes(context, strokes) {
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
