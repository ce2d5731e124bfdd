// What the page does beyond showing itself: contents that follow the reader, links on headings and captions,
// figures that open alone, and a choice of all code and of light and dark. Without it the page is complete, but still.
"use strict";
{
  const root = document.documentElement;
  const headings = [...document.querySelectorAll("main :is(h1, h2)[id]")];
  const links = new Map(
    [...document.querySelectorAll("nav a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
  );
  const words = document.querySelector("main").dataset;
  const make = (tag, about) => Object.assign(document.createElement(tag), about);

  for (const named of document.querySelectorAll("main :is(h1, h2, h3)[id], figure[id] > figcaption")) {
    const text = (named.querySelector("strong") ?? named).textContent.trim().replace(/\.$/, "");
    const { id } = named.closest("[id^=fig-], [id^=tbl-]") ?? named;
    const ariaLabel = words.link.replace("{}", text);
    named.append(make("a", { className: "here", href: `#${id}`, textContent: "#", ariaLabel }));
    const picture = named.parentElement.querySelector(":scope > .frame > :is(img, svg)");
    if (!picture) continue;
    const open = () => enlarge(picture, text);
    const button = make("button", { className: "here", type: "button", textContent: "⤢", onclick: open });
    named.append(Object.assign(button, { ariaLabel: words.enlarge.replace("{}", text) }));
    picture.onclick = open;
  }

  // A figure alone, as large as the window; Escape or a click puts it back.
  function enlarge(picture, text) {
    const alone = make("dialog", { ariaLabel: text, onclick: () => alone.close(), onclose: () => alone.remove() });
    alone.append(picture.cloneNode(true), make("button", { type: "button", textContent: words.close }));
    document.body.append(alone);
    alone.showModal();
  }

  // The section that is read is the last one whose heading has passed the upper third.
  let current = null;
  const follow = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
    const link = links.get(passed.at(-1)?.id);
    if (link === current) return;
    current?.removeAttribute("aria-current");
    document.querySelectorAll("nav .open").forEach((item) => item.classList.remove("open"));
    current = link;
    if (!link) return;
    link.setAttribute("aria-current", "true");
    link.closest("nav > ul > li")?.classList.add("open");
    const list = document.querySelector("nav");
    if (getComputedStyle(list).position !== "fixed") return;
    const { top, bottom } = link.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) list.scrollBy(0, top - innerHeight / 2);
  };
  let waiting = false;
  const soon = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow(); });
  };
  addEventListener("scroll", soon, { passive: true });
  addEventListener("resize", soon);
  follow();

  // A table that is wider than the text is set tighter or, if that is not enough, shows its rows one
  // below the other, each cell beside the head of its column.
  const tables = [...document.querySelectorAll("main .frame > table, main > table")];
  for (const table of tables) {
    const heads = [...table.querySelectorAll("thead tr > *")].map((head) => head.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr"))
      [...row.cells].forEach((cell, i) => {
        cell.dataset.column = heads[i] ?? "";
        cell.classList.toggle("long", cell.textContent.length > 40);
      });
  }
  const frameOf = (table) => table.closest(".frame") ?? table;
  const isWide = (table) => frameOf(table).scrollWidth > frameOf(table).clientWidth + 1;
  const fit = () => {
    for (const table of tables) table.classList.remove("tight", "stacked");
    for (const look of ["tight", "stacked"])
      for (const table of tables.filter(isWide)) table.classList.add(look);
    for (const frame of document.querySelectorAll(".frame")) // what scrolls can be reached by keys
      if (frame.scrollWidth > frame.clientWidth) frame.tabIndex = 0;
      else frame.removeAttribute("tabindex");
  };
  let width = 0;
  new ResizeObserver(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    fit();
  }).observe(document.body);
  document.fonts.addEventListener("loadingdone", fit); // with another font, the widths are others

  const keep = (storage, key, value) => {
    try { window[storage].setItem(key, value); } catch { /* it is forgotten */ }
  };
  const code = document.querySelector("button.code");
  const say = (shown) => code.setAttribute("aria-pressed", shown);
  code.hidden = !document.querySelector(".plumbing");
  code.onclick = () => {
    const shown = root.classList.toggle("all-code");
    say(shown);
    keep("sessionStorage", "code", shown);
  };
  say(root.classList.contains("all-code"));

  const button = document.querySelector("button.scheme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const show = (scheme) => {
    if (scheme) root.dataset.scheme = scheme;
    const isDark = (scheme || (dark.matches ? "dark" : "light")) === "dark";
    button.textContent = isDark ? button.dataset.light : button.dataset.dark;
    return isDark;
  };
  button.onclick = () => {
    const scheme = show(root.dataset.scheme) ? "light" : "dark";
    show(scheme);
    keep("localStorage", "scheme", scheme);
  };
  show(root.dataset.scheme);
}
