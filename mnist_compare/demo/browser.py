"""Pictures of the page in use."""

import io

from PIL import Image

from mnist_compare.files import atomically
from mnist_compare.records.place import here
from mnist_compare.report.book import chromium

DESK = {"viewport": {"width": 1280, "height": 1800}, "device_scale_factor": 1.5}
SHOWN = 1130  # pixels of the stage, as far as the networks' pooled maps


def save_screenshots():
    """Write figures/stage_light.png and, in Korean, stage_light_ko.png; return their paths.

    They show the report's page as it is built, with the way of one number lit in each network.
    """
    paths = []
    with chromium.opened() as browser:
        for ending in ("", "_ko"):
            tab = browser.new_page(**DESK)
            tab.goto((here().records / f"report{ending}.html").as_uri())
            stage = tab.locator(".stage")
            stage.scroll_into_view_if_needed()
            tab.locator(".network.cnn .maps .cell").nth(9).click()
            tab.locator(".network.mlp .neurons .cell").nth(11).click()
            tab.mouse.move(0, 0)
            box = stage.bounding_box()
            image = Image.open(io.BytesIO(tab.screenshot(clip=box | {"height": SHOWN})))
            paths.append(here().figures / f"stage_light{ending}.png")
            with atomically(paths[-1]) as temporary:
                image.convert("P", palette=Image.Palette.ADAPTIVE).save(temporary, optimize=True)
            tab.close()
    return paths
