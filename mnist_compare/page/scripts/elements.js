// Elements of a page: how they are made, and when they change.

export function make(tag, name, ...children) {
  const element = Object.assign(document.createElement(tag), { className: name });
  element.append(...children);
  return element;
}

// Text that stays costs a browser as much as another.
export function setText(element, text) {
  if (element.textContent !== `${text}`) element.textContent = text;
}

// Asks for act(), which is at once where an element is on screen or near, else as soon as it is.
export function whenSeen(element, near, act) {
  let [isSeen, isAsked] = [false, false];
  new IntersectionObserver((entries) => {
    isSeen = entries.at(-1).isIntersecting;
    if (isSeen && isAsked) act();
    isAsked &&= !isSeen;
  }, { rootMargin: near }).observe(element);
  return () => (isSeen ? act() : (isAsked = true));
}
