// The words of a page.

// What a text of that name says, with its values.
export function textOf(texts, name, values = {}) {
  const text = name.split(".").reduce((table, key) => table[key], texts);
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key]).replace(/\b(a)(?= 8\b)/gi, "$1n");
}

// Names in a row. Browsers would join two Korean ones by a word that nobody says.
export function listOf(names, language) {
  return language === "ko" ? names.join(", ") : new Intl.ListFormat(language).format(names);
}

// Fills what stays of an element with words.
export function putWords(element, say, values) {
  element.querySelectorAll("[data-text]").forEach((each) => (each.textContent = say(each.dataset.text, values)));
  element.querySelectorAll("[data-label]").forEach((each) => each.setAttribute("aria-label", say(each.dataset.label)));
}
