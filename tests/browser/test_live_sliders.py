"""Live decoding as its user meets it: the page decodes, and the server hears of it afterwards."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

import vaelab
from tests.browser.canvas import (
    PIXELS,
    best_axis,
    canvas,
    difference,
    expect_other_pixels,
    pixels,
    slider,
)
from tests.browser.conftest import App, frames_sent, settle, until_quiet

pytestmark = pytest.mark.browser
MODEL = "digits-live"


@pytest.fixture(scope="module")
def model(app: App) -> str:
    """A small CVAE of the digits, trained here: its classes and their priors are its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VAELAB_HOME", str(app.home))
        patch.setenv("VAELAB_CHECKPOINTS", str(app.checkpoints))
        vaelab.train("digits", "cvae", name=MODEL, latent_dim=4, width=64, epochs=8, progress=False)
    return MODEL


@pytest.fixture
def sliders(page: Page, app: App, model: str) -> Page:
    """The sliders page once the page decodes by itself."""
    page.goto(f"{app.url}/sliders?model={model}")
    settle(page)
    expect(page.get_by_text("Decoded in this page")).to_be_visible()
    return page


def test_a_drag_changes_the_picture_and_tells_the_server_nothing(
    page: Page, app: App, model: str
) -> None:
    sent = frames_sent(page)
    page.goto(f"{app.url}/sliders?model={model}")
    settle(page)
    expect(page.get_by_text("Decoded in this page")).to_be_visible()
    name = best_axis(page)
    box = slider(page, name).bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    until_quiet(page, sent)

    page.mouse.move(box["x"] + 0.3 * box["width"], middle)
    before, seen = len(sent), {pixels(page)}
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + (0.3 + 0.05 * step) * box["width"], middle)
        page.wait_for_timeout(60)
        seen.add(pixels(page))
    held = len(sent)
    page.mouse.up()
    assert held == before
    assert len(seen) > 6

    page.wait_for_function("location.search.includes('z=')")
    for _ in range(50):
        page.wait_for_timeout(100)
        if len(sent) > held:
            break
    assert len(sent) > held  # and then, once, where the drag has ended


def test_the_keyboard_alone_is_enough(sliders: Page) -> None:
    handle = slider(sliders, best_axis(sliders))
    handle.focus()
    before, value = pixels(sliders), handle.input_value()
    for _ in range(30):
        sliders.keyboard.press("ArrowRight")
    assert handle.input_value() != value
    expect_other_pixels(sliders, before)
    moved = pixels(sliders)
    sliders.keyboard.press("Control+z")
    expect_other_pixels(sliders, moved)
    sliders.get_by_role("radio", name="3", exact=True).focus()
    before = pixels(sliders)
    sliders.keyboard.press("ArrowRight")
    expect(sliders.get_by_role("radio", name="4", exact=True)).to_be_checked()
    expect_other_pixels(sliders, before)


def test_the_wheel_moves_the_slider_that_has_the_focus(sliders: Page) -> None:
    handle = slider(sliders, best_axis(sliders))
    value = handle.input_value()
    handle.focus()
    handle.hover()
    sliders.mouse.wheel(0, -100)
    expect(handle).not_to_have_value(value)


def test_a_class_chip_changes_the_picture_and_a_blend_does_too(sliders: Page) -> None:
    before = pixels(sliders)
    sliders.get_by_role("radio", name="7", exact=True).check()
    expect_other_pixels(sliders, before)
    before = pixels(sliders)
    sliders.get_by_role("combobox", name="blend with").select_option("1")
    expect_other_pixels(sliders, before)
    before = pixels(sliders)
    sliders.get_by_role("slider", name="blend", exact=True).fill("0.9")
    expect_other_pixels(sliders, before)
    expect(sliders.get_by_role("img", name="decoded as 3")).to_be_visible()


def test_random_undo_redo_reset_and_lock(sliders: Page) -> None:
    home = pixels(sliders)
    name = best_axis(sliders)
    value = slider(sliders, name).input_value()
    sliders.get_by_role("button", name=f"lock {name}", exact=True).click()
    sliders.get_by_role("button", name="Random", exact=True).click()
    expect_other_pixels(sliders, home)
    expect(slider(sliders, name)).to_have_value(value)
    expect(slider(sliders, name)).to_be_disabled()
    drawn = pixels(sliders)
    sliders.get_by_role("button", name="Undo", exact=True).click()
    expect_other_pixels(sliders, drawn)
    assert pixels(sliders) == home
    sliders.get_by_role("button", name="Redo", exact=True).click()
    expect_other_pixels(sliders, home)
    assert pixels(sliders) == drawn
    sliders.get_by_role("button", name="Reset", exact=True).click()
    expect_other_pixels(sliders, drawn)
    assert pixels(sliders) == home


def test_double_click_resets_one_dimension(sliders: Page) -> None:
    handle = slider(sliders, best_axis(sliders))
    value = handle.input_value()
    before = pixels(sliders)
    handle.press("End")
    expect_other_pixels(sliders, before)
    handle.dblclick()
    expect(handle).to_have_value(value)


def test_two_pictures_side_by_side(sliders: Page) -> None:
    first = pixels(sliders)
    sliders.get_by_role("button", name="Pin as B").click()
    pinned = sliders.get_by_role("img", name="pinned image")
    assert pinned.evaluate(PIXELS) == first
    sliders.get_by_role("button", name="Random", exact=True).click()
    expect_other_pixels(sliders, first)
    second = pixels(sliders)
    sliders.get_by_role("button", name="Swap A and B").click()
    expect_other_pixels(sliders, second)
    assert (pixels(sliders), pinned.evaluate(PIXELS)) == (first, second)


def test_a_link_restores_the_place(sliders: Page, app: App) -> None:
    sliders.get_by_role("radio", name="5", exact=True).check()
    sliders.get_by_role("button", name="Random", exact=True).click()
    sliders.wait_for_function("location.search.includes('class=5')")
    settle(sliders)
    wanted, link = pixels(sliders), sliders.url
    asked = parse_qs(urlsplit(link).query)
    assert asked["model"] == [MODEL]
    assert asked["class"] == ["5"]
    sliders.goto(f"{app.url}/")
    settle(sliders)
    fresh = sliders.context.browser.new_context()  # type: ignore[union-attr]
    page = fresh.new_page()
    page.goto(link)
    settle(page)
    expect(page.get_by_role("radio", name="5", exact=True)).to_be_checked()
    expect(page.get_by_text("Decoded in this page")).to_be_visible()
    numbers = [float(number) for number in asked["z"][0].split(",")]
    for dim, number in enumerate(numbers):
        value = float(slider(page, f"z{dim + 1}").input_value())
        assert value == pytest.approx(number, abs=0.05)  # a slider's step
    restored = pixels(page)
    fresh.close()
    assert difference(wanted, restored) <= 2


def test_a_place_that_cannot_be_had_is_said(page: Page, app: App, model: str) -> None:
    page.goto(f"{app.url}/sliders?model={model}&z=1,2")
    settle(page)
    expect(page.get_by_text("The address asks for a place that cannot be shown")).to_be_visible()
    expect(canvas(page)).to_be_visible()


def test_an_image_can_be_started_from(sliders: Page) -> None:
    before = pixels(sliders)
    sliders.get_by_role("button", name="Start from an image").click()
    sliders.get_by_role("button", name="Pick one at random").click()
    settle(sliders)
    expect_other_pixels(sliders, before)


def test_without_webassembly_the_server_decodes_and_the_page_says_so(
    page: Page, app: App, model: str
) -> None:
    page.add_init_script("delete window.Worker")
    page.goto(f"{app.url}/sliders?model={model}")
    settle(page)
    expect(page.get_by_text("Decoded by the server")).to_be_visible()
    expect(page.get_by_text("cannot be loaded")).to_be_visible()
    expect(page.get_by_text("std away")).to_be_visible()
    name = best_axis(page)
    strip = "canvas => canvas.getContext('2d').getImageData(0, 0, 8, 8).data.some((v) => v)"
    drawn = slider(page, name).locator("xpath=../following-sibling::canvas")
    page.wait_for_function(strip, arg=drawn.element_handle())
    before = pixels(page)
    handle = slider(page, best_axis(page))
    handle.focus()
    for _ in range(30):
        page.keyboard.press("ArrowLeft")
    expect_other_pixels(page, before)


def test_the_trust_meter_knows_when_it_leaves_the_data(sliders: Page, app: App, model: str) -> None:
    expect(sliders.get_by_text("among the data")).to_be_visible()
    expect(sliders.get_by_text("std away")).to_be_visible()
    sliders.goto(f"{app.url}/sliders?model={model}&z=9,-9,9,-9")
    settle(sliders)
    expect(sliders.get_by_text("far from the data")).to_be_visible()
