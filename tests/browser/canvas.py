"""Pictures on canvases, and the sliders that change them, as tests meet them."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

PIXELS = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].join()"


def canvas(page: Page) -> Locator:
    return page.get_by_role("img", name="decoded image")


def pixels(page: Page) -> str:
    """The decoded picture's RGBA bytes, joined by commas."""
    return str(canvas(page).evaluate(PIXELS))


def difference(one: str, other: str) -> int:
    """The largest of two pictures' bytes, as `pixels` gives them."""
    pairs = zip(one.split(","), other.split(","), strict=True)
    return max(abs(int(a) - int(b)) for a, b in pairs)


def expect_other_pixels(page: Page, before: str) -> None:
    expect(canvas(page)).to_be_visible()
    page.wait_for_function(
        f"([canvas, before]) => ({PIXELS})(canvas) !== before",
        arg=[canvas(page).element_handle(), before],
    )


def slider(page: Page, name: str) -> Locator:
    return page.get_by_role("slider", name=name, exact=True)


def best_axis(page: Page) -> str:
    """Name of the latent dimension that carries most."""
    first = page.get_by_role("slider", name=re.compile(r"^z\d+$")).first
    return str(first.get_attribute("aria-label"))
