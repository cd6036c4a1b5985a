"""Drawing and uploading as their user meets them: the model's answer follows the pen."""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.canvas import PIXELS
from tests.browser.conftest import SECOND, App, frames_sent, settle, until_quiet
from tests.odd_pictures import Photo, encoded, photo

pytestmark = pytest.mark.browser
MODEL = "digits-cvae"
COPY = """async (png) => {
  const bytes = Uint8Array.from(atob(png), (character) => character.charCodeAt(0))
  const picture = new Blob([bytes], { type: "image/png" })
  await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })])
}"""


def pad(page: Page) -> Locator:
    return page.get_by_role("img", name="canvas to draw on")


def answer(page: Page) -> Locator:
    return page.get_by_role("img", name="reconstruction of the drawing")


def open_canvas(page: Page, app: App) -> None:
    page.goto(f"{app.url}/reconstruct?model={MODEL}")
    settle(page)
    page.get_by_role("radio", name="Draw", exact=True).click()
    settle(page)


def stroke(page: Page, *points: tuple[float, float], lift: bool = True) -> None:
    """Points are fractions of the canvas."""
    box = pad(page).bounding_box()
    assert box is not None
    places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    if lift:
        page.mouse.up()


def expect_other(page: Page, canvas: Locator, before: str) -> None:
    page.wait_for_function(
        f"([canvas, before]) => ({PIXELS})(canvas) !== before",
        arg=[canvas.element_handle(), before],
    )


def test_the_reconstruction_follows_the_pen_and_the_server_hears_where_it_rests(
    page: Page, app: App
) -> None:
    sent = frames_sent(page)
    open_canvas(page, app)
    here = page.get_by_text("Encoded and decoded in this page")
    expect(here).to_be_visible(timeout=120 * SECOND)  # until the graphs have been exported
    until_quiet(page, sent)
    before, held = str(answer(page).evaluate(PIXELS)), len(sent)
    stroke(page, (0.3, 0.2), (0.7, 0.2), (0.4, 0.8), lift=False)
    expect_other(page, answer(page), before)
    assert len(sent) == held
    one_finger = str(pad(page).evaluate(PIXELS))
    for event in ("pointerdown", "pointermove", "pointerup"):
        pad(page).dispatch_event(event, {"pointerId": 99, "clientX": 0, "clientY": 0})
    assert str(pad(page).evaluate(PIXELS)) == one_finger
    page.mouse.up()
    expect(page.get_by_text("Your drawing.")).to_be_visible()  # and then its measures
    expect(page.get_by_text("ELBO, nats", exact=True)).to_be_visible()

    drawn = str(pad(page).evaluate(PIXELS))
    page.get_by_role("button", name="Undo", exact=True).click()
    expect_other(page, pad(page), drawn)
    page.get_by_role("button", name="Redo", exact=True).click()
    page.wait_for_function(
        f"([canvas, drawn]) => ({PIXELS})(canvas) === drawn",
        arg=[pad(page).element_handle(), drawn],
    )
    page.get_by_role("button", name="Clear", exact=True).click()
    expect_other(page, pad(page), drawn)
    expect(page.get_by_text("When it rests, the measures appear below")).to_be_visible()


def test_without_a_worker_the_server_reconstructs_and_keys_are_enough(page: Page, app: App) -> None:
    page.add_init_script("delete window.Worker")
    open_canvas(page, app)
    expect(page.get_by_text("Encoded and decoded by the server")).to_be_visible()
    expect(page.get_by_text("cannot be loaded")).to_be_visible()
    before = str(answer(page).evaluate(PIXELS))
    pad(page).focus()
    page.keyboard.press(" ")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press(" ")
    expect_other(page, answer(page), before)


def test_a_photograph_is_prepared_and_a_changed_step_changes_it(page: Page, app: App) -> None:
    page.goto(f"{app.url}/reconstruct?model={MODEL}")
    settle(page)
    content = encoded(photo(3, Photo(shadow=0.3)), "JPEG")
    upload = {"name": "three.jpg", "mimeType": "image/jpeg", "buffer": content}
    page.locator("input[type=file]").set_input_files([upload])
    result = page.get_by_role("img", name="three.jpg, as the model sees it")
    expect(result).to_be_visible()
    last = page.get_by_role("img", name=re.compile("^the picture after step .*, centre"))
    expect(last).to_be_visible()
    before = result.get_attribute("src")
    page.get_by_test_id("stMain").get_by_role("radio", name="No", exact=True).click()
    expect(result).not_to_have_attribute("src", str(before))

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate(COPY, base64.b64encode(encoded(photo(5, Photo()), "PNG")).decode())
    page.keyboard.press("ControlOrMeta+V")
    expect(page.get_by_role("img", name="pasted picture, as the model sees it")).to_be_visible()
