// What the page does beyond showing itself: contents that follow the reader, links on headings, and
// a choice of light and dark. Without this script the page is complete, but still.
"use strict";
{
  const root = document.documentElement;
  const headings = [...document.querySelectorAll("main :is(h1, h2)[id]:not(.part)")];
  const links = new Map(
    [...document.querySelectorAll("nav a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
  );
  root.classList.add("live");

  for (const heading of document.querySelectorAll("main :is(h1, h2, h3)[id]")) {
    const link = Object.assign(document.createElement("a"), { className: "here", href: `#${heading.id}`, textContent: "#" });
    const words = document.querySelector("main").dataset.link;
    link.setAttribute("aria-label", words.replace("{}", heading.textContent.trim()));
    heading.append(link);
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
  const tables = [...document.querySelectorAll("main .table > table, main > table")];
  for (const table of tables) {
    const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr"))
      [...row.cells].forEach((cell, i) => {
        cell.dataset.column = heads[i] ?? "";
        cell.classList.toggle("long", cell.textContent.length > 40);
      });
  }
  const isWide = (table) => {
    const frame = table.closest(".table") ?? table;
    return frame.scrollWidth > frame.clientWidth + 1;
  };
  const fit = () => {
    for (const table of tables) table.classList.remove("tight", "stacked");
    for (const look of ["tight", "stacked"])
      for (const table of tables.filter(isWide)) table.classList.add(look);
  };
  let width = 0;
  new ResizeObserver(() => {
    if (document.body.clientWidth === width) return;
    width = document.body.clientWidth;
    fit();
  }).observe(document.body);

  document.addEventListener("click", ({ target }) => {
    target.closest("figure > :is(img, svg)")?.parentElement.classList.toggle("large");
  });

  const button = document.querySelector("button.scheme");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const kept = () => { try { return localStorage.getItem("scheme"); } catch { return null; } };
  const show = (scheme) => {
    if (scheme) root.dataset.scheme = scheme;
    const isDark = (scheme ?? (dark.matches ? "dark" : "light")) === "dark";
    button.textContent = isDark ? button.dataset.light : button.dataset.dark;
    return isDark;
  };
  button.hidden = false;
  button.onclick = () => {
    const scheme = show(root.dataset.scheme) ? "light" : "dark";
    show(scheme);
    try { localStorage.setItem("scheme", scheme); } catch { /* a private window forgets it */ }
  };
  show(kept());
}
