"""The live map as its user meets it: the page draws and decodes, the server hears what is kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SECOND, App, frames_sent, settle, until_quiet

pytestmark = pytest.mark.browser
PLANE, CONDITIONAL = "digits-vae-2d", "digits-cvae"
PIXELS = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].join()"
SHOWN = "performance.getEntriesByName('points shown').length > 0"


def open_map(page: Page, app: App, model: str = PLANE, query: str = "") -> Locator:
    """The map's surface, once its points are drawn and the page decodes by itself."""
    page.goto(f"{app.url}/map?model={model}{query}")
    settle(page)
    surface = page.get_by_role("application", name=re.compile("Map of the codes"))
    expect(surface).to_be_visible()
    page.wait_for_function(SHOWN, timeout=150 * SECOND)
    expect(page.get_by_text("Decoded in this page")).to_be_visible(timeout=150 * SECOND)
    surface.scroll_into_view_if_needed()
    return surface


def corner(surface: Locator) -> tuple[float, float, float, float]:
    box = surface.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["width"], box["height"]


def canvas(page: Page) -> Locator:
    return page.get_by_role("img", name="decoded image")


def pixels(page: Page) -> str:
    return str(canvas(page).evaluate(PIXELS))


def expect_other_pixels(page: Page, before: str) -> None:
    page.wait_for_function(
        f"([canvas, before]) => ({PIXELS})(canvas) !== before",
        arg=[canvas(page).element_handle(), before],
    )


def select_all(page: Page, surface: Locator, tool: str = "Lasso") -> None:
    """Draw around all that is in view."""
    page.get_by_role("radio", name=tool, exact=True).check()
    x, y, width, height = corner(surface)
    page.mouse.move(x + 3, y + 3)
    page.mouse.down()
    corners = [(width - 3, 3), (width - 3, height - 3), (3, height - 3)]
    for dx, dy in corners if tool == "Lasso" else corners[1:2]:
        page.mouse.move(x + dx, y + dy, steps=3)
    page.mouse.up()


def test_the_place_under_the_pointer_is_decoded_and_the_server_hears_nothing(
    page: Page, app: App
) -> None:
    sent = frames_sent(page)
    surface = open_map(page, app)
    x, y, width, height = corner(surface)
    until_quiet(page, sent)
    before, seen = len(sent), set()
    for step in range(12):
        page.mouse.move(x + (0.1 + 0.06 * step) * width, y + 0.5 * height)
        page.wait_for_timeout(60)
        seen.add(pixels(page))
    assert len(sent) == before
    assert len(seen) > 6
    expect(page.get_by_text("exact: this place is the code")).to_be_visible()


def test_a_lasso_counts_and_its_group_can_be_kept_and_deleted(page: Page, app: App) -> None:
    surface = open_map(page, app)
    select_all(page, surface)
    expect(page.get_by_role("heading", name=re.compile("codes selected"))).to_be_visible()
    counts = page.get_by_role("list", name="Codes of each class").get_by_role("listitem")
    expect(counts).to_have_count(10)
    expect(page.get_by_role("img", name="picture of the mean code")).to_be_visible()
    expect(page.get_by_role("img", name="mean of the images")).to_be_visible()
    for name in ("everything", "some"):
        page.get_by_role("textbox", name="Name of the group").fill(name)
        page.get_by_role("button", name="Save group").click()
        expect(page.get_by_text(f"Saved “{name}”")).to_be_visible()
        select_all(page, surface, "Box")
    page.get_by_role("button", name="Delete some").click()
    expect(page.get_by_text("Deleted “some”")).to_be_visible()
    expect(page.get_by_role("button", name="Delete everything")).to_be_visible()
    expect(page.get_by_role("button", name="Delete some")).to_have_count(0)


def test_the_legend_leaves_classes_out(page: Page, app: App) -> None:
    surface = open_map(page, app)
    page.get_by_role("checkbox", name="3", exact=True).uncheck()
    select_all(page, surface)
    counts = page.get_by_role("list", name="Codes of each class").get_by_role("listitem")
    expect(counts).to_have_count(9)
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("checkbox", name="3", exact=True)).to_be_checked()


def test_a_point_is_held_with_its_neighbours_and_taken_to_the_sliders(page: Page, app: App) -> None:
    surface = open_map(page, app, CONDITIONAL)
    surface.focus()
    page.keyboard.press("ArrowRight")
    before = pixels(page)
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    expect_other_pixels(page, before)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=re.compile("image .* · "))).to_be_visible()
    expect(page.get_by_text(re.compile("Nearest in all \\d+ dimensions"))).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^neighbour "))).to_have_count(8)
    page.get_by_role("button", name="Add as key frame").click()
    expect(page.get_by_text(re.compile("Key frame \\d"))).to_be_visible()
    page.get_by_role("button", name="Take to the sliders").click()
    expect(page.get_by_text(re.compile("Started from the code of"))).to_be_visible()


def test_escape_lets_go(page: Page, app: App) -> None:
    surface = open_map(page, app)
    surface.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Let go")).to_be_visible()
    surface.press("Escape")
    expect(page.get_by_role("button", name="Let go")).to_have_count(0)


def test_a_class_chip_decodes_another_class(page: Page, app: App) -> None:
    surface = open_map(page, app, CONDITIONAL)
    x, y, width, height = corner(surface)
    page.mouse.move(x + 0.5 * width, y + 0.5 * height)
    expect(page.get_by_text("of the variance exact")).to_be_visible()
    page.get_by_role("radio", name="7", exact=True).check()
    before = pixels(page)
    page.get_by_role("radio", name="1", exact=True).check()
    expect_other_pixels(page, before)


def test_values_colour_the_points_and_the_address_keeps_it(page: Page, app: App) -> None:
    open_map(page, app)
    page.get_by_role("combobox", name="Colour by").select_option("rate")
    expect(page.get_by_text("Rate, nats per image")).to_be_visible()
    page.wait_for_function("location.search.includes('rate')")
    page.reload()
    settle(page)
    expect(page.get_by_text("Rate, nats per image")).to_be_visible()


def test_a_slow_map_comes_by_itself_and_is_guessed_back(page: Page, app: App) -> None:
    surface = open_map(page, app, PLANE, "&map=dims;test;1000;0,1;class")
    page.get_by_role("radio", name="t-SNE").check()
    described = page.get_by_text(re.compile("distances between clusters"))
    expect(described).to_be_visible(timeout=240 * SECOND)
    x, y, width, height = corner(surface)
    page.mouse.move(x + 0.45 * width, y + 0.5 * height)
    page.mouse.move(x + 0.5 * width, y + 0.5 * height)
    expect(page.get_by_text("of the data’s spread")).to_be_visible()


def test_contours_and_pictures_are_drawn_over_the_points(page: Page, app: App) -> None:
    surface = open_map(page, app)
    over = surface.locator("canvas").nth(2)
    ink = "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some(v => v)"
    assert not over.evaluate(ink)
    page.get_by_role("checkbox", name="Contours").check()
    page.wait_for_function(f"c => ({ink})(c)", arg=over.element_handle())
    page.get_by_role("checkbox", name="Contours").uncheck()
    page.wait_for_function(f"c => !({ink})(c)", arg=over.element_handle())
    for _ in range(4):
        page.get_by_role("button", name="Zoom in").click()
    page.wait_for_function(f"c => ({ink})(c)", arg=over.element_handle())


def test_an_uploaded_picture_is_placed_and_held(page: Page, app: App, tmp_path: Path) -> None:
    open_map(page, app)
    seven = Image.new("RGB", (120, 100), (236, 232, 220))
    ImageDraw.Draw(seven).line([(44, 24), (76, 24), (56, 80)], fill=(40, 40, 60), width=7)
    seven.save(tmp_path / "seven.png")
    page.get_by_role("button", name="Place a picture").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "seven.png")
    expect(page.get_by_role("heading", name="seven.png")).to_be_visible()
    expect(page.get_by_role("img", name="uploaded")).to_be_visible()
    expect(page.get_by_role("img", name="picture of the held place")).to_be_visible()
