"""A part of a picture is painted over, and filled in as soon as the pen is lifted."""

from __future__ import annotations

import base64

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import App, settle
from tests.browser.test_draw import COPY
from tests.odd_pictures import Photo, encoded, photo

pytestmark = pytest.mark.browser
MODEL = "digits-cvae"


def pad(page: Page) -> Locator:
    return page.get_by_role("img", name="picture to hide a part of")


def choose(page: Page, name: str) -> None:
    page.get_by_role("radio", name=name, exact=True).click()
    settle(page)


def test_a_painted_mask_is_filled_in_and_outlives_its_picture(page: Page, app: App) -> None:
    page.goto(f"{app.url}/reconstruct?model={MODEL}")
    settle(page)
    for name in ("Drawn by the model", "Fill in", "Painted"):
        choose(page, name)
    expect(page.get_by_text("0 of 64 pixels hidden")).to_be_visible()
    expect(page.get_by_text("Paint over a part of the picture")).to_be_visible()
    pad(page).focus()
    for key in (" ", "ArrowDown", "ArrowDown", " "):
        page.keyboard.press(key)
    eighth = page.get_by_role("button", name="Take 8")
    expect(eighth).to_be_visible()
    hidden = page.get_by_text("of 64 pixels hidden").inner_text()
    assert not hidden.startswith("0 ")

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(COPY, base64.b64encode(encoded(photo(5, Photo()), "PNG")).decode())
    page.keyboard.press("ControlOrMeta+V")  # wherever the picture came from
    pasted = page.get_by_role("img", name="pasted picture, as the model sees it")
    expect(pasted).to_be_visible()
    expect(page.get_by_role("radio", name="Upload", exact=True)).to_be_checked()
    expect(page.get_by_text(hidden, exact=True)).to_be_visible()
    expect(eighth).to_be_visible()

    page.get_by_role("button", name="Show", exact=True).click()
    pad(page).scroll_into_view_if_needed()
    box = pad(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + box["height"] / 2)
    page.mouse.down()
    for share in (0.25, 0.5, 0.75, 1):
        page.mouse.move(box["x"] + share * box["width"] - 1, box["y"] + box["height"] * 0.55)
    page.mouse.up()
    expect(page.get_by_text(hidden, exact=True)).to_be_hidden()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_text("Paint over a part of the picture")).to_be_visible()
