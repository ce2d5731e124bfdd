// Inside the networks: what every layer makes of the drawing, and the path of the number that is chosen, back to
// the pixels and forwards to the answer, with its arithmetic. It shows what networks.js and contributions.js compute.
import { make, setText } from "./elements.js";
import { Panel } from "./panel.js";

let made = 0; // views in this page, whose radio buttons are told apart by it

export function makeInside(place, networks, say) {
  const panels = Object.entries(networks).map(([name, network]) => new Panel(name, network, say));
  const key = ["bright", "plus", "minus"].map((name) => make("span", name, say(`inside.${name}`)));
  const tabs = makeTabs(place, Object.keys(networks), say);
  const answers = tabs.querySelectorAll("b");
  const all = make("div", "networks", ...panels.map((panel) => panel.element));
  place.classList.add("inside");
  place.replaceChildren(make("p", "how", say("inside.hint")), tabs, make("div", "key", ...key), all);
  // Of the models that have a trace, that is shown, of others one that is computed here; isGrowing within a stroke.
  return {
    show(digit, models = [], isGrowing = false) {
      const traces = Object.fromEntries(models.map(({ name, trace }) => [name, trace]));
      panels.forEach((panel, i) => setText(answers[i], panel.show(digit, traces[panel.name], isGrowing)));
    },
  };
}

// On a narrow page, one network at a time.
function makeTabs(place, names, say) {
  const group = `inside-${++made}`;
  const tabs = names.map((name, i) => {
    const radio = Object.assign(make("input", ""), { type: "radio", name: group, value: name, checked: !i });
    return make("label", name, radio, say(`models.${name}`), make("b", ""));
  });
  const element = Object.assign(make("div", "tabs", ...tabs), { role: "radiogroup", ariaLabel: say("inside.tabs") });
  element.hidden = names.length < 2;
  const take = (name) => (place.dataset.network = name);
  element.addEventListener("change", ({ target }) => take(target.value));
  take(names[0]);
  return element;
}
