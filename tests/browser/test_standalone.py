"""The standalone file as who gets it opens it: from the disk, with no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.canvas import PIXELS
from tests.browser.conftest import PROJECT, SECOND
from vaelab.cli import main

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("standalone")
    checkpoint = PROJECT / "checkpoints" / "digits-cvae"
    where = ["--format", "html", "--class", "3", "--out", str(out)]
    assert main(["export", str(checkpoint), *where]) == 0
    return out / "digits-cvae.html"


@pytest.fixture(params=["light", "dark"])
def opened(chromium: Browser, file: Path, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Offline; fails its test if anything but the file itself is asked for, or an error logged."""
    size = {"width": 1280, "height": 900} if request.param == "light" else None
    context = chromium.new_context(
        viewport=size or {"width": 390, "height": 844}, color_scheme=request.param, offline=True
    )
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.on("console", lambda m: errors.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    expect(page.get_by_text("Decoded in this page").first).to_be_visible(timeout=120 * SECOND)
    yield page
    context.close()
    assert errors == []
    assert [url for url in asked if not url.startswith("blob:")] == [file.as_uri()]


def test_all_of_it_moves_without_a_network(opened: Page) -> None:
    expect(opened.get_by_role("radio", name="3", exact=True)).to_be_checked()
    width = opened.evaluate("document.documentElement.scrollWidth")
    assert width <= (opened.viewport_size or {})["width"]

    picture = of_sliders(opened)
    before = picture.evaluate(PIXELS)
    opened.get_by_role("slider", name="z1", exact=True).press("End")
    expect_other(opened, picture, before)
    before = picture.evaluate(PIXELS)
    opened.get_by_role("radio", name="8", exact=True).press(" ")
    expect_other(opened, picture, before)
    drag_a_slider(opened, opened.get_by_role("slider", name="z2", exact=True), picture)

    plane = opened.get_by_role("application", name="map of the codes")
    plane.scroll_into_view_if_needed()
    seen = opened.get_by_role("img", name="picture at the point")
    plane.press("ArrowRight")  # the pointer would have to hit a point
    expect(seen).to_be_visible()
    opened.wait_for_function(
        f"c => new Set(({PIXELS})(c).split(',')).size > 3", arg=seen.element_handle()
    )
    frames = opened.get_by_role("list", name="key frames").get_by_role("img")
    expect(frames).to_have_count(2)
    plane.press("Enter")
    expect(frames).to_have_count(3)
    drag_a_point(opened, plane, frames.nth(1))
    expect(frames).to_have_count(3)

    film = opened.locator("#journey").get_by_role("img", name="decoded image")
    position = opened.get_by_role("slider", name="position along the path")
    start = film.evaluate(PIXELS)
    opened.get_by_role("button", name="Play").click()
    expect_other(opened, film, start)
    assert float(position.input_value()) > 0
    opened.get_by_role("button", name="Pause").click()


def test_it_says_how_far_the_picture_can_be_believed(opened: Page) -> None:
    """As the Sliders page does: the place among the data, and the picture's own code."""
    trust = opened.locator("#sliders .trust-row")
    expect(trust.nth(0)).to_contain_text("among the data")
    expect(trust.nth(1)).to_contain_text("std away", timeout=60 * SECOND)
    before = trust.nth(1).inner_text()
    for name in ("z1", "z2", "z3", "z4"):
        opened.get_by_role("slider", name=name, exact=True).press("End")
    expect(trust.nth(0)).to_contain_text("far from the data")
    expect(trust.nth(1)).not_to_have_text(before)


def test_its_pictures_are_those_of_the_model(opened: Page) -> None:
    """The key frame that the sliders are taken to is decoded by both, to the same bytes."""
    opened.get_by_role("button", name="take key frame 2 to the sliders").click()
    key_frame = opened.get_by_role("img", name="key frame 2")
    opened.wait_for_function(
        f"([a, b]) => ({PIXELS})(a) === ({PIXELS})(b)",
        arg=[of_sliders(opened).element_handle(), key_frame.element_handle()],
    )


def drag_a_slider(page: Page, slider: Locator, picture: Locator) -> None:
    """Hold its thumb with the mouse; the picture follows before the button is let go."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    low, high, value = (
        float(slider.evaluate(f"s => s.{name}")) for name in ("min", "max", "value")
    )
    thumb = box["x"] + 8 + (box["width"] - 16) * (value - low) / (high - low)
    page.mouse.move(thumb, middle)
    page.mouse.down()
    seen = picture.evaluate(PIXELS)
    for share in (0.15, 0.9):
        page.mouse.move(box["x"] + share * box["width"], middle, steps=6)
        expect_other(page, picture, seen)
        seen = picture.evaluate(PIXELS)
    page.mouse.up()
    assert float(slider.input_value()) > value


def drag_a_point(page: Page, plane: Locator, key_frame: Locator) -> None:
    """Move over the map until a point's picture shows, another's, and drop that on a key frame."""
    seen = page.get_by_role("img", name="picture at the point")
    page.mouse.move(0, 0)
    expect(seen).to_be_hidden()
    box = plane.bounding_box()
    assert box
    shown: list[str] = []
    for across in (0.3, 0.4, 0.5, 0.6, 0.7):
        place = (across * box["width"], 0.5 * box["height"])
        page.mouse.move(box["x"] + place[0], box["y"] + place[1], steps=3)
        page.wait_for_timeout(200)
        if seen.is_visible() and (pixels := seen.evaluate(PIXELS)) not in shown:
            shown.append(pixels)
            at = place
    assert len(shown) > 1
    before = key_frame.evaluate(PIXELS)
    plane.drag_to(key_frame, source_position={"x": at[0], "y": at[1]})
    expect_other(page, key_frame, before)


def of_sliders(page: Page) -> Locator:
    return page.locator("#sliders").get_by_role("img", name="decoded image")


def expect_other(page: Page, canvas: Locator, before: str) -> None:
    arguments = [canvas.element_handle(), before]
    page.wait_for_function(f"([c, before]) => ({PIXELS})(c) !== before", arg=arguments)
