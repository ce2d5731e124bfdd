// Has the server of the demo read what is drawn.

const SERVER = {
  every: 70,

  async answer(pad, { pipeline, language }, signal) {
    const reply = await post("demo/answer", { drawing: pad.url(), pipeline }, language, signal);
    return reply && { ...reply, digit: reply.digit && bytesOf(reply.digit) };
  },

  async networks() {
    if (this.opened) return this.opened;
    const response = await fetch("demo/networks");
    if (!response.ok) throw new Error(response.statusText);
    return (this.opened = openNetworks(await response.json()));
  },

  keep: (drawing, pipeline, label, language) => post("demo/keep", { drawing, pipeline, label }, language),
  forget: (name, language) => post("demo/forget", { name }, language),
};

// What the server sends back, or null if the question was taken back before it did.
async function post(path, body, language, signal) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": language },
      body: JSON.stringify(body),
      signal,
    });
    return await response.json();
  } catch {
    return signal?.aborted ? null : { detail: props.settings.strings[language].unreachable };
  }
}

makeDemo(element, props.settings, SERVER);

// A notebook that shows the page in a frame makes the frame as high: as much is free below as above.
function tellHeight() {
  const { top, height } = element.getBoundingClientRect();
  parent.postMessage({ demoHeight: Math.ceil(height + 2 * (top + scrollY)) }, "*");
}
if (parent !== window) new ResizeObserver(tellHeight).observe(element);
