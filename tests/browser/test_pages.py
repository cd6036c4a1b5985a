"""Every page, on every bundled model: no error in the console, no red box, something to see."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, settle
from vaelab.checkpoints import BUNDLED
from vaelab.web.learn.chapters import CHAPTERS

pytestmark = pytest.mark.browser

HEADINGS = {
    "": "A laboratory for latent spaces",
    "train": "Train",
    "map": "Map",
    "sliders": "Sliders",
    "interpolate": "Interpolate",
    "reconstruct": "Reconstruct",
    "evaluate": "Evaluate",
    "learn": "Learn",
}
MAIN = "document.querySelector('[data-testid=stMain]')"
WIDER_THAN_ITS_WINDOW = f"{MAIN}.scrollWidth - {MAIN}.clientWidth"  # pixels


EVERY_PAGE = "mnist-cvae"  # the others are shown where models differ most
OPENED = [(address, EVERY_PAGE) for address in HEADINGS] + [
    (address, model)
    for address in ("map", "sliders", "evaluate")
    for model in BUNDLED
    if model != EVERY_PAGE
]


@pytest.mark.parametrize(("address", "model"), OPENED)
def test_the_page_opens_without_an_error_and_fits_a_narrow_window(
    page: Page, app: App, address: str, model: str
) -> None:
    page.goto(f"{app.url}/{address}?model={model}")
    settle(page)
    expect(page.get_by_role("heading", name=HEADINGS[address], level=1)).to_be_visible()
    expect(page.locator(".katex").first).to_be_visible()  # its equation
    shown = {
        "map": page.get_by_role("img", name="decoded image"),
        "sliders": page.get_by_role("slider").first,
        "evaluate": page.get_by_text("ELBO").first,
    }
    if address in shown:
        expect(shown[address]).to_be_visible()
    assert f"model={model}" in page.url
    page.set_viewport_size({"width": 900, "height": 900})
    page.wait_for_function(f"() => {WIDER_THAN_ITS_WINDOW} <= 1")


def test_home_shows_the_bundled_models(page: Page, app: App) -> None:
    page.goto(app.url)
    settle(page)
    for name in BUNDLED:
        expect(page.get_by_test_id("stMain").get_by_text(name, exact=True)).to_be_visible()


def test_an_unknown_model_in_the_address_is_said_and_survived(page: Page, app: App) -> None:
    page.goto(f"{app.url}/sliders?model=../../etc/passwd")
    settle(page)
    expect(page.get_by_role("alert").first).to_contain_text("etc/passwd")
    expect(page.get_by_role("slider").first).to_be_visible()


def test_the_model_stays_chosen_from_page_to_page(page: Page, app: App) -> None:
    page.goto(f"{app.url}/sliders?model=digits-cvae")
    settle(page)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Map").click()
    expect(page.get_by_role("heading", name="Map", level=1)).to_be_visible()
    settle(page)
    assert "model=digits-cvae" in page.url


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_is_live_and_fits_a_narrow_window(page: Page, app: App, chapter: str) -> None:
    page.set_viewport_size({"width": 900, "height": 900})
    page.goto(f"{app.url}/learn?model=digits-cvae&chapter={chapter}")
    settle(page)
    expect(page.get_by_role("heading", name=CHAPTERS[chapter].lesson.title)).to_be_visible()
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    assert page.evaluate(WIDER_THAN_ITS_WINDOW) <= 1
    assert f"chapter={chapter}" in page.url
