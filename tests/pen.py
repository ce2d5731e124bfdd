"""What somebody with a mouse does on a pad."""

import base64

SEVEN = [(0.3, 0.25), (0.7, 0.25), (0.45, 0.8)]


def places(tab, corners, pad=".paper canvas"):
    """Return where on the screen corners lie that are given in shares of the pad."""
    paper = tab.locator(pad).first
    paper.scroll_into_view_if_needed()
    box = paper.bounding_box()
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in corners]


def press(tab, corners, pad=".paper canvas"):
    """Draw through corners, and leave the pen on the paper."""
    first, *rest = places(tab, corners, pad)
    tab.mouse.move(*first)
    tab.mouse.down()
    for place in rest:
        tab.mouse.move(*place, steps=8)


def draw(tab, corners, pad=".paper canvas"):
    """Draw one stroke through corners."""
    press(tab, corners, pad)
    tab.mouse.up()


def give(tab, kind, data, name="a.png", at=".paper"):
    """Have a file chosen, or dropped or pasted there; return whether the browser goes on with it.

    Without a name, nothing but text is dropped.
    """
    if kind == "chosen":
        file = {"name": name, "mimeType": "image/png", "buffer": data}
        return tab.locator("[name=upload]").first.set_input_files(file)
    return tab.locator(at).first.evaluate(GIVE, [kind, name, base64.b64encode(data).decode()])


GIVE = """(place, [kind, name, encoded]) => {
  const bytes = Uint8Array.from(atob(encoded), (each) => each.charCodeAt());
  const data = new DataTransfer();
  if (name) data.items.add(new File([bytes], name));
  const options = { bubbles: true, cancelable: true, dataTransfer: data, clipboardData: data };
  const event = new (kind === "paste" ? ClipboardEvent : DragEvent)(kind, options);
  return place.dispatchEvent(event);
}"""
