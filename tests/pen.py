"""What somebody with a mouse does on a pad."""

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
