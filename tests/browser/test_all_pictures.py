"""Several pictures in one table, and one of them opened by a click that only a browser can make."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.conftest import App, settle

HEADER, ROW = 36, 64  # heights of the table's header and of a row


def stroke(name: str, top: int) -> dict[str, str | bytes]:
    """A PNG of one stroke, as Playwright uploads it."""
    paper = Image.new("L", (56, 56))
    ImageDraw.Draw(paper).line([(18, top), (38, 46)], fill=255, width=6)
    buffer = io.BytesIO()
    paper.save(buffer, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": buffer.getvalue()}


def test_a_click_in_the_table_opens_that_pictures_dossier(page: Page, app: App) -> None:
    page.goto(f"{app.url}/reconstruct?model=digits-vae-2d")
    settle(page)
    files = [stroke("first.png", 8), stroke("second.png", 20)]
    page.locator("input[type=file]").set_input_files(files)
    page.get_by_role("radio", name="All pictures").click()
    settle(page)
    expect(page.get_by_role("heading", name="How well the model explains it")).to_have_count(0)
    table = page.get_by_test_id("data-grid-canvas").first
    expect(table).to_be_visible()
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + ROW, box["y"] + HEADER + 1.5 * ROW)
    page.mouse.click(box["x"] + 52, box["y"] + HEADER + 1.5 * ROW)
    expect(page.get_by_role("heading", name="How well the model explains it")).to_be_visible()
    expect(page.get_by_text("second.png, as the model sees it.", exact=False)).to_be_visible()
