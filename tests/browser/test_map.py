"""The map without WebGL: a plain figure that answers to a box and to a click."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import SECOND, App, settle

pytestmark = pytest.mark.browser

FIRST_POINT = """
plot => {
  const trace = plot._fullData.find(trace => trace.x && trace.x.length > 5)
  const {xaxis, yaxis} = plot._fullLayout
  const place = plot.getBoundingClientRect()
  return [
    place.left + xaxis._offset + xaxis.d2p(trace.x[0]),
    place.top + yaxis._offset + yaxis.d2p(trace.y[0]),
  ]
}
"""


NO_WEBGL = """
const get = HTMLCanvasElement.prototype.getContext
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : get.call(this, kind, ...rest)
}
"""


def open_map(page: Page, app: App) -> Locator:
    page.add_init_script(NO_WEBGL)
    page.goto(f"{app.url}/map?model=digits-vae-2d")
    settle(page)
    plot = page.locator(".js-plotly-plot").first
    expect(plot).to_be_visible()
    page.wait_for_timeout(SECOND)
    return plot


def test_the_page_says_that_the_map_is_a_figure(page: Page, app: App) -> None:
    open_map(page, app)
    expect(page.get_by_text("This browser has no WebGL")).to_be_visible()
    expect(page.get_by_role("application")).to_have_count(0)


def test_a_box_around_points_counts_their_classes(page: Page, app: App) -> None:
    plot = open_map(page, app)
    page.get_by_text("Box", exact=True).first.click()
    page.wait_for_timeout(SECOND)
    settle(page)
    place = plot.locator(".nsewdrag").first.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.move(x - 60, y - 60)
    page.mouse.down()
    page.mouse.move(x, y, steps=5)
    page.mouse.move(x + 60, y + 60, steps=5)
    page.mouse.up()
    expect(page.get_by_text("codes selected")).to_be_visible()
    expect(page.get_by_text("the mean code, decoded")).to_be_visible()


def test_a_click_on_a_point_shows_its_image_and_neighbours(page: Page, app: App) -> None:
    plot = open_map(page, app)
    x, y = plot.evaluate(FIRST_POINT)
    page.mouse.move(x - 3, y)
    page.mouse.move(x, y, steps=3)
    page.wait_for_timeout(SECOND // 2)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_text("decoded from its code")).to_be_visible()
    expect(page.get_by_text("Nearest codes in all 2 dimensions")).to_be_visible()
