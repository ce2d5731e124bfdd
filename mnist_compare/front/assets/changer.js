// A test digit to shift, rotate and scale: what the networks read in it, and where each change stands on
// the curves that were recorded of all test digits.
const CHANGE_SLIDERS = { // of each: the change it belongs to, which way it can go, its step and its unit
  across: { change: "shift", ways: [-1, 1], step: 1 },
  down: { change: "shift", ways: [-1, 1], step: 1 },
  rotation: { change: "rotation", ways: [-1, 1], step: 1 },
  scale: { change: "scale", ways: [1], step: 0.05 },
};
const CHANGE_CURVES = ["mlp", "cnn"]; // the networks whose accuracy was recorded

function makeChanger(place, data, networks, say) {
  const find = (selector) => place.querySelector(selector);
  const pixels = bytesOf(data.pixels);
  const digits = Object.values(data.groups).flat()
    .map((digit, at) => ({ ...digit, pixels: pixels.subarray(784 * at, 784 * (at + 1)) }));
  const names = Object.keys(networks);
  const unchanged = Object.fromEntries(
    Object.entries(CHANGE_SLIDERS).map(([name, { change }]) => [name, data.curves[change].neutral]),
  );
  let digit = digits[0];
  let setting = { ...unchanged };

  function build() {
    place.classList.add("changer");
    place.innerHTML = `
      <div class="choice">${Object.entries(data.groups).map(([name, those]) => `
        <div role="group" aria-label="${say(`changer.${name}`)}">
          <p aria-hidden="true">${say(`changer.${name}`)}</p>
          <div>${those.map(thumb).join("")}</div>
        </div>`).join("")}
      </div>
      <div class="trial">
        <div class="sheet"><canvas width="28" height="28" role="img"></canvas></div>
        <div class="sliders">
          ${Object.keys(CHANGE_SLIDERS).map(slider).join("")}
          <p><span class="combined">${say("changer.combined")}</span><button type="button" name="reset">${say("changer.reset")}</button></p>
        </div>
        <div class="answers">${names.map(answer).join("")}</div>
      </div>
      <div class="charts">${Object.entries(data.curves).map(chart).join("")}</div>
      <p class="caption">${say("changer.caption", { digits: data.tested.toLocaleString("en"), seeds: data.seeds })}</p>
      <p class="spoken" role="status"></p>`;
    place.querySelectorAll(".choice button").forEach((button, at) => {
      paint(button.querySelector("canvas"), digits[at].pixels);
    });
  }

  function thumb(each) {
    const name = say("changer.digit", each);
    return `<button type="button" class="sheet" data-index="${each.index}" title="${name}" aria-label="${name}"><canvas width="28" height="28"></canvas></button>`;
  }

  function slider(name) {
    const { change, ways, step } = CHANGE_SLIDERS[name];
    const ends = ways.flatMap((way) => data.curves[change].levels.map((level) => way * level));
    return `<label><span>${say(`changer.${name}`)}</span><input type="range" name="${name}" min="${Math.min(...ends)}" max="${Math.max(...ends)}" step="${step}"><output></output></label>`;
  }

  function answer(name) {
    return `<div class="${name}"><h4 role="none">${say(`models.${name}`)}</h4><b></b><span></span><em></em></div>`;
  }

  function chart([change, curve]) {
    const { levels } = curve;
    const ends = [levels[0], levels[(levels.length - 1) / 2], levels.at(-1)];
    const points = (name) => levels.map((level, at) => pointOf(curve, level, curve[name][at]));
    return `
      <section data-change="${change}">
        <h4 role="none">${say(`changer.${change}`)}<output></output></h4>
        <div class="plot">
          <span>100%</span><span>50%</span><span>0%</span>
          <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="${say("changer.chart", { change: say(`changer.${change}`) })}">
            <path class="grid" d="M0 0H100M0 50H100M0 100H100"/><path class="stand"/>
            ${CHANGE_CURVES.map((name) => `<path class="${name}" d="M${points(name).join("L")}"/><path class="${name} measured" d="M${points(name).join("h0M")}h0"/>`).join("")}
            ${CHANGE_CURVES.map((name) => `<path class="rim"/><path class="${name} dot"/><path class="hole"/>`).join("")}
          </svg>
          <p>${ends.map((level) => `<span>${amount(change, level)}</span>`).join("")}</p>
        </div>
        <dl>${CHANGE_CURVES.map((name) => `<div class="${name}"><dt>${say(`models.${name}`)}</dt><dd></dd></div>`).join("")}</dl>
      </section>`;
  }

  function show() {
    const changed = changedDigit(digit.pixels, setting);
    paint(find(".trial canvas"), changed);
    find(".trial canvas").setAttribute("aria-label", say("changer.digit", digit));
    place.querySelectorAll(".choice button").forEach((button) => {
      button.setAttribute("aria-pressed", Number(button.dataset.index) === digit.index);
    });
    showSliders();
    names.forEach((name) => showAnswer(name, networks[name].read(changed)));
    const levels = levelsOf(setting);
    Object.keys(data.curves).forEach((change) => showLevel(change, levels[change]));
    const changes = Object.keys(levels).filter((change) => levels[change] !== data.curves[change].neutral);
    place.toggleAttribute("data-combined", changes.length > 1);
  }

  function showSliders() {
    for (const [name, value] of Object.entries(setting)) {
      const input = find(`[name=${name}]`);
      const text = amount(CHANGE_SLIDERS[name].change, value);
      input.value = value;
      input.setAttribute("aria-valuetext", text);
      input.nextElementSibling.textContent = text;
    }
  }

  function showAnswer(name, probabilities) {
    const card = find(`.answers .${name}`);
    const sure = Math.max(...probabilities);
    const read = probabilities.indexOf(sure);
    const verdict = sure < data.unsureBelow ? "unsure" : read === digit.label ? "right" : "wrong";
    card.dataset.verdict = verdict;
    card.style.setProperty("--sure", sure);
    card.querySelector("b").textContent = read;
    card.querySelector("span").textContent = sure > 0.9995 ? "> 99.9%" : `${(100 * sure).toFixed(1)}%`;
    card.querySelector("em").textContent = say(`changer.${verdict}`);
  }

  function showLevel(change, level) {
    const section = find(`[data-change=${change}]`);
    const curve = data.curves[change];
    const there = CHANGE_CURVES.map((name) => accuracyAt(curve.levels, curve[name], level));
    const about = curve.levels.includes(level) ? "" : "≈ ";
    section.querySelector("output").textContent = amount(change, level);
    section.querySelector(".stand").setAttribute("d", `M${pointOf(curve, level, 1)}V100`);
    CHANGE_CURVES.forEach((name, at) => {
      section.querySelector(`dl .${name} dd`).textContent = `${about}${(100 * there[at]).toFixed(1)}%`;
      const dot = section.querySelector(`.dot.${name}`);
      const point = `M${pointOf(curve, level, there[at])}h0`;
      [dot.previousElementSibling, dot, dot.nextElementSibling].forEach((part) => part.setAttribute("d", point));
    });
  }

  function amount(change, value) {
    const text = change === "scale" ? value.toFixed(2) : `${value}`.replace("-", "−");
    return say(`changer.units.${change}`, { value: text });
  }

  // To screen readers, once the hand rests.
  function announce() {
    const answers = names.map((name) => {
      const card = find(`.answers .${name}`);
      return [...card.children].map((part) => part.textContent).join(" ");
    });
    find(".spoken").textContent = answers.join(", ");
  }

  place.addEventListener("input", ({ target }) => {
    setting[target.name] = Number(target.value);
    show();
  });
  place.addEventListener("change", announce);
  place.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    if (button.name === "reset") setting = { ...unchanged };
    else digit = digits.find(({ index }) => index === Number(button.dataset.index));
    show();
    announce();
  });
  build();
  show();
}

function levelsOf({ across, down, rotation, scale }) {
  return { shift: Math.max(Math.abs(across), Math.abs(down)), rotation: Math.abs(rotation), scale };
}

// Between two recorded levels, accuracy is taken to change evenly.
function accuracyAt(levels, accuracies, level) {
  const above = Math.max(1, levels.findIndex((each) => each >= level));
  const share = (level - levels[above - 1]) / (levels[above] - levels[above - 1]);
  return (1 - share) * accuracies[above - 1] + share * accuracies[above];
}

function pointOf({ levels }, level, accuracy) {
  return `${(100 * (level - levels[0])) / (levels.at(-1) - levels[0])} ${100 * (1 - accuracy)}`;
}

// The digit scaled, rotated clockwise and shifted, in this order but interpolated once. As in
// study/changes.py, it is about the middle, outside the picture there is nothing, and the operations
// and their roundings follow in the same order, so that the same bytes come out.
function changedDigit(digit, { across, down, rotation, scale }) {
  const middle = 13.5; // row and column between the four central pixels
  const angle = rotation * (Math.PI / 180);
  const [cosine, sine] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const top = middle - (cosine * (middle + down) - sine * (middle + across));
  const left = middle - (sine * (middle + down) + cosine * (middle + across));
  const isInside = (at) => at >= 0 && at <= 27;
  const changed = new Uint8Array(784);
  for (let row = 0; row < 28; row++)
    for (let column = 0; column < 28; column++) {
      const y = row * cosine - column * sine + top;
      const x = row * sine + column * cosine + left;
      if (isInside(y) && isInside(x)) changed[28 * row + column] = rint(between(digit, y, x));
    }
  return changed;
}

function between(digit, y, x) {
  const [row, column] = [Math.floor(y), Math.floor(x)];
  const [above, before] = [1 - (y - row), 1 - (x - column)];
  const [below, after] = [Math.min(row + 1, 27), Math.min(column + 1, 27)];
  return Math.fround(
    digit[28 * row + column] * above * before +
      digit[28 * row + after] * above * (1 - before) +
      digit[28 * below + column] * (1 - above) * before +
      digit[28 * below + after] * (1 - above) * (1 - before),
  );
}
