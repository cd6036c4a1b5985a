"""The main job from end to end, as its user does it: train, map, slide, upload."""

from __future__ import annotations

import io
import re

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import SECOND, App, settle
from vaelab.checkpoints import read_checkpoint

pytestmark = pytest.mark.browser

NAME = "browser-digits"
OFF = re.compile("PINGING_SERVER|CONNECTING|DISCONNECTED")


def start_training(page: Page, app: App, name: str, epochs: int) -> None:
    page.goto(f"{app.url}/train")
    settle(page)
    enter(page, "Epochs", str(epochs))
    enter(page, "Name", name)
    page.get_by_test_id("stMain").get_by_role("button", name="Train", exact=True).click()


def enter(page: Page, label: str, text: str) -> None:
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    field.press("Enter")
    page.wait_for_timeout(SECOND // 2)  # until the page has begun to run again
    settle(page)
    expect(field).to_have_value(text)


def heading(page: Page, name: str, state: str) -> Locator:
    """A run's heading in that state; the one before may stand beside it for a moment."""
    headings = page.get_by_test_id("stMain").get_by_role("heading", name=name)
    return headings.filter(has_text=state)


def picture(page: Page) -> str:
    """The pixels of the large decoded picture."""
    read = "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].join()"
    return str(page.get_by_role("img", name="decoded image").evaluate(read))


def steady_picture(page: Page) -> str:
    """Its pixels once they no longer change: what a slider asked for comes a moment later."""
    seen, now = "", picture(page)
    while now != seen:
        page.wait_for_timeout(SECOND)
        seen, now = now, picture(page)
    return now


def drawn_two() -> bytes:
    image = Image.new("RGB", (200, 240), "white")
    pen = ImageDraw.Draw(image)
    pen.line([(60, 80), (80, 50), (120, 50), (140, 80), (60, 190), (145, 190)], "black", 18)
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_train_watch_map_slide_and_upload(page: Page, app: App) -> None:
    start_training(page, app, NAME, epochs=2)
    expect(heading(page, NAME, "done")).to_be_visible(timeout=120 * SECOND)
    assert (app.checkpoints / NAME / "config.json").exists()

    page.goto(f"{app.url}/map?model={NAME}")
    settle(page)
    expect(page.get_by_role("img", name="decoded image")).to_be_visible()

    page.goto(f"{app.url}/sliders?model={NAME}")
    settle(page)
    expect(page.get_by_text("Decoded in this page")).to_be_visible()
    before = picture(page)
    slider = page.get_by_role("slider", name=re.compile(r"^z\d+$")).first
    slider.focus()
    for _ in range(40):
        slider.press("ArrowRight")
    expect(page.get_by_text("Decoded in this page")).to_be_visible()
    assert picture(page) != before

    page.goto(f"{app.url}/reconstruct?model={NAME}")
    settle(page)
    upload = {"name": "two.png", "mimeType": "image/png", "buffer": drawn_two()}
    page.locator("input[type=file]").set_input_files([upload])
    expect(page.get_by_text("Reconstruction").first).to_be_visible()
    expect(page.get_by_text("Absolute error").first).to_be_visible()


def test_a_broken_upload_is_one_sentence(page: Page, app: App) -> None:
    page.goto(f"{app.url}/reconstruct?model=digits-vae-2d")
    settle(page)
    upload = {"name": "notes.png", "mimeType": "image/png", "buffer": b"these are notes"}
    page.locator("input[type=file]").set_input_files([upload])
    expect(page.get_by_role("alert").filter(has_text="is not a picture")).to_be_visible()


def test_killing_the_app_loses_no_run(page: Page, app: App) -> None:
    name = "outlives-the-app"
    start_training(page, app, name, epochs=400)
    expect(heading(page, name, "running")).to_be_visible(timeout=90 * SECOND)
    page.goto("about:blank")
    app.kill()
    app.start()
    page.goto(f"{app.url}/train")
    settle(page)
    expect(heading(page, name, "running")).to_be_visible()
    page.get_by_test_id("stMain").get_by_role("button", name="Stop").first.click()
    expect(heading(page, name, "stopped")).to_be_visible(timeout=90 * SECOND)


def test_a_restart_brings_page_and_run_back(chromium: Browser, app: App) -> None:
    """The app is stopped and started while a page is open and a run at work."""
    name, epochs = "outlives-a-restart", 60
    page = chromium.new_page()  # in between it logs that nobody answers
    start_training(page, app, name, epochs)
    expect(heading(page, name, "running")).to_be_visible(timeout=90 * SECOND)
    page.goto(f"{app.url}/sliders?model=digits-cvae&class=4")
    settle(page)
    expect(page.get_by_text("Decoded in this page")).to_be_visible(timeout=180 * SECOND)
    slider = page.get_by_role("slider", name=re.compile(r"^z\d+$")).first
    slider.press("End")
    page.wait_for_url(re.compile(r"weights=.*z="))
    value, before = slider.input_value(), steady_picture(page)

    app.stop()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-connection-state", OFF)
    app.start()
    expect(page.get_by_test_id("stApp")).to_have_attribute(
        "data-test-connection-state", "CONNECTED", timeout=60 * SECOND
    )
    settle(page)
    expect(page.get_by_role("radio", name="4", exact=True)).to_be_checked()
    expect(slider).to_have_value(value)
    assert steady_picture(page) == before
    page.get_by_role("link", name="Train").first.click()
    expect(heading(page, name, "done")).to_be_visible(timeout=150 * SECOND)
    assert read_checkpoint(app.checkpoints / name).epoch == epochs
    assert page.get_by_test_id("stException").count() == 0
    page.context.close()
