"""Paths through key frames as their user meets them: found by the server, played in the page."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import App, frames_sent, settle, until_quiet

pytestmark = pytest.mark.browser
MODEL = "digits-cvae"
PIXELS = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].join()"


@pytest.fixture(scope="module", autouse=True)
def exported(app: App) -> None:
    """The bundled models are exported on first demand, which is not what is tested here."""
    with urllib.request.urlopen(f"{app.url}/checkpoints/{MODEL}/decoder.onnx", timeout=180):
        pass


def open_interpolate(page: Page, app: App, model: str = MODEL) -> None:
    page.goto(f"{app.url}/interpolate?model={model}")
    settle(page)
    expect(page.get_by_text("Decoded in this page")).to_be_visible()
    expect(page.get_by_text("searching")).to_have_count(0)  # the geodesic is there


@pytest.fixture
def interpolate(page: Page, app: App) -> Page:
    """The page once it decodes by itself and has all its paths."""
    open_interpolate(page, app)
    return page


def canvas(page: Page) -> Locator:
    return page.get_by_role("img", name="decoded image", exact=True)


def pixels(page: Page, name: str = "decoded image") -> str:
    return str(page.get_by_role("img", name=name, exact=True).evaluate(PIXELS))


def scrub(page: Page) -> Locator:
    return page.get_by_role("slider", name="position along the path")


def key_frames(page: Page) -> Locator:
    return page.get_by_role("img", name=re.compile(r"^key frame \d$"))


def expect_other_pixels(page: Page, before: str) -> None:
    page.wait_for_function(
        f"([canvas, before]) => ({PIXELS})(canvas) !== before",
        arg=[canvas(page).element_handle(), before],
    )


def test_a_film_plays_and_is_scrubbed_without_the_server(page: Page, app: App) -> None:
    sent = frames_sent(page)
    open_interpolate(page, app)
    until_quiet(page, sent)
    before, seen = len(sent), {pixels(page)}
    page.get_by_role("button", name="Play", exact=True).click()
    for _ in range(10):
        page.wait_for_timeout(150)
        seen.add(pixels(page))
    page.get_by_role("button", name="Pause").click()
    scrub(page).focus()
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Home")
    expect(scrub(page)).to_have_value("0")
    assert len(seen) > 5
    assert len(sent) == before


def test_the_ends_are_the_key_frames_own_pictures_on_every_path(interpolate: Page) -> None:
    ends = [pixels(interpolate, f"key frame {i}") for i in (1, 2)]
    for path in ("Linear", "Spherical", "Data graph", "Geodesic"):
        interpolate.get_by_role("radio", name=path).check()
        for key, wanted in (("Home", ends[0]), ("End", ends[1])):
            scrub(interpolate).press(key)
            interpolate.wait_for_function(
                f"([canvas, wanted]) => ({PIXELS})(canvas) === wanted",
                arg=[canvas(interpolate).element_handle(), wanted],
            )


def test_paths_differ_between_their_ends_and_say_how_long_they_are(interpolate: Page) -> None:
    scrub(interpolate).fill("0.5")
    seen = set()
    for path in ("Linear", "Data graph", "Geodesic"):
        interpolate.get_by_role("radio", name=path).check()
        interpolate.wait_for_timeout(300)
        seen.add(pixels(interpolate))
    assert len(seen) == 3
    lengths = interpolate.get_by_text("× a cross-fade").all_inner_texts()
    assert len(lengths) == 4
    assert all(float(re.search(r"([\d.]+) ×", text)[1]) >= 1 for text in lengths)  # type: ignore[index]
    expect(interpolate.get_by_text("least density").first).to_be_visible()


def test_key_frames_are_added_moved_and_removed_by_keyboard(interpolate: Page) -> None:
    expect(key_frames(interpolate)).to_have_count(2)
    expect(interpolate.get_by_role("button", name="remove key frame 1")).to_be_disabled()
    interpolate.get_by_role("button", name=re.compile("^add .*image")).nth(3).press("Enter")
    expect(key_frames(interpolate)).to_have_count(3)
    expect(scrub(interpolate)).to_have_attribute("max", "2")
    added, first = pixels(interpolate, "key frame 3"), pixels(interpolate, "key frame 1")
    interpolate.get_by_role("button", name="move key frame 3 left").press("Enter")
    interpolate.wait_for_timeout(200)
    interpolate.keyboard.press("Enter")  # the focus has moved along
    interpolate.wait_for_function(
        f"([canvas, wanted]) => ({PIXELS})(canvas) === wanted",
        arg=[
            interpolate.get_by_role("img", name="key frame 1", exact=True).element_handle(),
            added,
        ],
    )
    interpolate.get_by_role("button", name="remove key frame 1").press("Enter")
    expect(key_frames(interpolate)).to_have_count(2)
    interpolate.wait_for_timeout(500)
    assert pixels(interpolate, "key frame 1") == first


def test_key_frames_outlive_a_visit_to_another_page(interpolate: Page) -> None:
    interpolate.get_by_role("button", name=re.compile("^add .*image")).nth(5).click()
    expect(scrub(interpolate)).to_have_attribute("max", "2")
    interpolate.get_by_role("link", name="Home").first.click()
    settle(interpolate)
    interpolate.get_by_role("link", name="Interpolate").first.click()
    expect(key_frames(interpolate)).to_have_count(3)


def test_a_link_brings_the_key_frames_to_another_browser(
    interpolate: Page, chromium: Browser
) -> None:
    assert "frames=" not in interpolate.url
    interpolate.get_by_role("button", name=re.compile("^add .*image")).nth(5).click()
    expect(scrub(interpolate)).to_have_attribute("max", "2")
    interpolate.wait_for_url(re.compile(r"weights=[0-9a-f]{12}&frames=[\w-]+$"))
    interpolate.wait_for_function(
        f"c => new Set(({PIXELS})(c).split(',')).size > 3",
        arg=interpolate.get_by_role("img", name="key frame 3", exact=True).element_handle(),
    )
    wanted = [pixels(interpolate, f"key frame {i}") for i in (1, 2, 3)]
    other = chromium.new_context().new_page()
    other.goto(interpolate.url)
    expect(key_frames(other)).to_have_count(3)
    for i, pixels_of_frame in enumerate(wanted, start=1):
        other.wait_for_function(
            f"([canvas, wanted]) => ({PIXELS})(canvas) === wanted",
            arg=[
                other.get_by_role("img", name=f"key frame {i}", exact=True).element_handle(),
                pixels_of_frame,
            ],
        )
    other.context.close()


def test_a_picture_is_dragged_onto_a_key_frame_and_from_the_map(interpolate: Page) -> None:
    before = pixels(interpolate, "key frame 2")
    item = interpolate.get_by_role("button", name=re.compile("^add .*image")).nth(8)
    item.drag_to(interpolate.get_by_role("img", name="key frame 2", exact=True))
    expect(key_frames(interpolate)).to_have_count(2)
    interpolate.wait_for_function(
        f"([canvas, before]) => ({PIXELS})(canvas) !== before",
        arg=[
            interpolate.get_by_role("img", name="key frame 2", exact=True).element_handle(),
            before,
        ],
    )
    plane = interpolate.get_by_role("application", name="map of the codes")
    plane.focus()
    interpolate.keyboard.press("ArrowRight")
    expect(interpolate.get_by_role("img", name="picture at the point")).to_be_visible()
    interpolate.keyboard.press("Enter")
    expect(key_frames(interpolate)).to_have_count(3)


def test_there_is_room_for_eight(interpolate: Page) -> None:
    for n in range(3, 9):
        interpolate.get_by_role("button", name=re.compile("^add .*image")).nth(n).click()
        expect(key_frames(interpolate)).to_have_count(n)
    interpolate.get_by_role("button", name=re.compile("^add .*image")).first.click()
    interpolate.wait_for_timeout(300)
    expect(key_frames(interpolate)).to_have_count(8)
    expect(scrub(interpolate)).to_have_attribute("max", "7")


def taken(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    assert download.value.suggested_filename == f"{MODEL}-linear.{name.lower()}"
    return Path(download.value.path()).read_bytes()


def test_the_path_is_taken_away_as_a_film_and_as_numbers(interpolate: Page) -> None:
    with Image.open(io.BytesIO(taken(interpolate, "GIF"))) as film:
        assert film.format == "GIF"
        assert film.n_frames > 20  # type: ignore[attr-defined]
    assert taken(interpolate, "MP4")[4:8] == b"ftyp"
    told = json.loads(taken(interpolate, "JSON"))
    assert told["model"] == MODEL
    assert re.fullmatch("[0-9a-f]{64}", told["weights_sha256"])
    assert len(told["key_frames"]) == 2
    assert len(told["codes"]) == len(told["class_weights"]) > 30
    assert told["codes"][0] == pytest.approx(told["key_frames"][0]["z"], abs=1e-5)
    assert told["codes"][-1] == pytest.approx(told["key_frames"][1]["z"], abs=1e-5)


def test_arithmetic_shows_its_result_and_the_nearest_images(interpolate: Page) -> None:
    interpolate.get_by_text("Arithmetic: A − B + C").click()
    near = interpolate.get_by_role("group", name="nearest training images").get_by_role("button")
    expect(near).to_have_count(6)
    interpolate.get_by_role("combobox", name="B", exact=True).select_option("key frame 1")
    interpolate.get_by_role("combobox", name="C", exact=True).select_option("key frame 1")
    result = interpolate.get_by_role("img", name="decoded A − B + C")
    wanted = pixels(interpolate, "key frame 1")  # A - A + A
    interpolate.wait_for_function(
        f"([canvas, wanted]) => ({PIXELS})(canvas) === wanted",
        arg=[result.element_handle(), wanted],
    )
    interpolate.get_by_role("button", name="Add as key frame", exact=True).click()
    expect(key_frames(interpolate)).to_have_count(3)


def test_a_key_frame_is_taken_to_the_sliders(interpolate: Page) -> None:
    interpolate.get_by_role("button", name="take key frame 2 to the sliders").click()
    expect(interpolate.get_by_role("heading", name="Sliders")).to_be_visible()
    assert f"model={MODEL}" in interpolate.url
    expect(interpolate.get_by_role("slider", name="z1", exact=True)).to_be_visible()


def test_without_webassembly_the_server_decodes_and_the_page_says_so(page: Page, app: App) -> None:
    page.add_init_script("delete window.Worker")
    page.goto(f"{app.url}/interpolate?model={MODEL}")
    settle(page)
    expect(page.get_by_text("Decoded by the server")).to_be_visible()
    expect(page.get_by_text("cannot be loaded")).to_be_visible()
    before = pixels(page)
    scrub(page).press("End")
    expect_other_pixels(page, before)
