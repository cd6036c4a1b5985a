"""Sliders along directions, and what can be taken along from the page."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.canvas import (
    best_axis,
    difference,
    expect_other_pixels,
    pixels,
    slider,
)
from tests.browser.conftest import PROJECT, App, settle
from vaelab.checkpoints import read_checkpoint
from vaelab.web.groups import Group, save_group
from vaelab.web.opened import opened_from

pytestmark = pytest.mark.browser
MODEL = "digits-cvae"
FIRST_SLIDER = {"principal": "PC 1", "here": "local PC 1", "classes": "class 7"}


@pytest.fixture(scope="module", autouse=True)
def exported(app: App) -> None:
    """The bundled models are exported on first demand, which is not what is tested here."""
    with urllib.request.urlopen(f"{app.url}/checkpoints/{MODEL}/decoder.onnx", timeout=180):
        pass


def open_sliders(page: Page, address: str) -> None:
    page.goto(address)
    settle(page)
    expect(page.get_by_text("Decoded in this page")).to_be_visible()


@pytest.fixture
def sliders(page: Page, app: App) -> Page:
    """The sliders page once the page decodes by itself."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    open_sliders(page, f"{app.url}/sliders?model={MODEL}")
    return page


def modes(page: Page) -> Locator:
    return page.get_by_role("combobox", name="axes")


def random_place(page: Page) -> None:
    before = pixels(page)
    page.get_by_role("button", name="Random", exact=True).click()
    expect_other_pixels(page, before)


def copied(page: Page, button: str) -> str:
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.get_by_text("copied.")).to_be_visible()
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("mode", FIRST_SLIDER)
def test_another_mode_keeps_the_picture_and_its_sliders_change_it(sliders: Page, mode: str) -> None:
    random_place(sliders)
    before, latent = pixels(sliders), best_axis(sliders)
    value = slider(sliders, latent).input_value()
    modes(sliders).select_option(mode)
    handle = slider(sliders, FIRST_SLIDER[mode])
    expect(handle).to_be_visible()
    expect(slider(sliders, latent)).to_have_count(0)
    sliders.wait_for_timeout(500)
    assert pixels(sliders) == before

    handle.press("End")
    expect_other_pixels(sliders, before)
    sliders.get_by_role("button", name="Undo", exact=True).click()
    expect(handle).not_to_have_value(str(handle.get_attribute("max")))
    modes(sliders).select_option("latent")
    expect(slider(sliders, latent)).to_have_value(value)
    assert pixels(sliders) == before


def test_sliders_of_other_directions_follow_and_a_locked_one_stays(sliders: Page) -> None:
    modes(sliders).select_option("classes")
    moving, following, locked = (slider(sliders, f"class {c}") for c in (7, 1, 4))
    expect(moving).to_be_visible()
    sliders.get_by_role("button", name="lock class 4", exact=True).click()
    values = [handle.input_value() for handle in (following, locked)]
    moving.press("End")
    expect(following).not_to_have_value(values[0])
    expect(locked).to_have_value(values[1])
    random_place(sliders)
    step = float(str(locked.get_attribute("step")))
    assert float(locked.input_value()) == pytest.approx(float(values[1]), abs=1.01 * step)


def test_axes_around_a_picture_are_taken_again_on_demand(sliders: Page) -> None:
    modes(sliders).select_option("here")
    first = slider(sliders, "local PC 1")
    expect(first).to_have_attribute("aria-valuetext", "0.00")  # they start where they are taken
    random_place(sliders)
    before = pixels(sliders)
    first.press("End")  # a random place may lie at 0.00 of this one axis
    expect(first).not_to_have_attribute("aria-valuetext", "0.00")
    expect_other_pixels(sliders, before)
    before = pixels(sliders)
    sliders.get_by_role("button", name="Take axes here", exact=True).click()
    expect(slider(sliders, "local PC 1")).to_have_attribute("aria-valuetext", "0.00")
    assert pixels(sliders) == before


def test_two_saved_groups_are_a_direction_both_ways(
    sliders: Page, app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes(sliders).select_option("attributes")
    expect(sliders.get_by_text("There is no such axis yet")).to_be_visible()
    monkeypatch.setenv("VAELAB_HOME", str(app.home))
    opened = opened_from(read_checkpoint(app.checkpoints / MODEL))
    for name, rows in (("thin", slice(0, 40)), ("bold", slice(40, 90))):
        mean = opened.latents.mean[rows].mean(axis=0).tolist()
        save_group(opened, Group(name, 40, tuple(mean), {}))
    modes(sliders).select_option("latent")
    modes(sliders).select_option("attributes")
    expect(slider(sliders, "bold -> thin")).to_be_visible()
    before = pixels(sliders)
    slider(sliders, "thin -> bold").press("End")
    expect_other_pixels(sliders, before)


def test_a_copied_link_restores_model_place_class_and_mode(sliders: Page) -> None:
    modes(sliders).select_option("principal")
    expect(slider(sliders, "PC 1")).to_be_visible()
    sliders.get_by_role("radio", name="5", exact=True).check()
    random_place(sliders)
    wanted, value = pixels(sliders), float(slider(sliders, "PC 1").input_value())
    link = copied(sliders, "Copy link")
    asked = parse_qs(urlsplit(link).query)
    assert (asked["model"], asked["class"], asked["axes"]) == ([MODEL], ["5"], ["principal"])

    fresh = sliders.context.browser.new_context()  # type: ignore[union-attr]
    page = fresh.new_page()
    open_sliders(page, link)
    expect(page.get_by_role("radio", name="5", exact=True)).to_be_checked()
    expect(modes(page)).to_have_value("principal")
    step = float(str(slider(page, "PC 1").get_attribute("step")))
    assert float(slider(page, "PC 1").input_value()) == pytest.approx(value, abs=2 * step)
    restored = pixels(page)
    fresh.close()
    assert difference(wanted, restored) <= 2


def test_the_mode_outlives_a_visit_to_another_page(sliders: Page) -> None:
    modes(sliders).select_option("classes")
    sliders.wait_for_function("location.search.includes('axes=classes')")
    settle(sliders)
    sliders.get_by_role("link", name="Interpolate").click()
    settle(sliders)
    sliders.get_by_role("link", name="Sliders").click()
    settle(sliders)
    expect(modes(sliders)).to_have_value("classes")
    expect(slider(sliders, "class 7")).to_be_visible()


def test_copied_python_decodes_the_same_picture(sliders: Page, app: App, tmp_path: Path) -> None:
    sliders.get_by_role("radio", name="3", exact=True).check()
    sliders.get_by_role("combobox", name="blend with").select_option("8")
    random_place(sliders)
    shown = [int(value) for value in pixels(sliders).split(",")]
    script = tmp_path / "copied.py"
    script.write_text(
        copied(sliders, "Copy Python")
        + "import sys\n(picture[0] * 255).round().byte().numpy().tofile(sys.argv[1])\n"
    )
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "VAELAB_CHECKPOINTS": str(app.checkpoints),
    }
    command = [sys.executable, str(script), str(tmp_path / "picture")]
    subprocess.run(command, env=environment, cwd=tmp_path, check=True, timeout=120)
    decoded = np.fromfile(tmp_path / "picture", np.uint8).astype(int)
    np.testing.assert_allclose(decoded, np.array(shown).reshape(-1, 4)[:, 0], atol=2)


def test_the_picture_is_saved_as_a_png(sliders: Page) -> None:
    random_place(sliders)
    with sliders.expect_download() as saving:
        sliders.get_by_role("button", name="Save PNG", exact=True).click()
    assert saving.value.suggested_filename == f"{MODEL}.png"
    image = Image.open(io.BytesIO(Path(saving.value.path()).read_bytes())).convert("RGBA")
    assert image.size == (256, 256)
    shown = np.array([int(value) for value in pixels(sliders).split(",")], np.uint8)
    small = np.asarray(image)[16::32, 16::32]
    np.testing.assert_array_equal(small.ravel(), shown)


def test_modes_and_their_sliders_need_no_mouse(sliders: Page) -> None:
    modes(sliders).focus()
    sliders.keyboard.press("ArrowDown")
    handle = slider(sliders, "PC 1")
    expect(handle).to_be_visible()
    before, value = pixels(sliders), handle.input_value()
    for _ in range(20):  # to the first slider, whatever stands between
        sliders.keyboard.press("Tab")
        if handle.evaluate("input => input.getRootNode().activeElement === input"):
            break
    for _ in range(10):
        sliders.keyboard.press("ArrowRight")
    expect(handle).not_to_have_value(value)
    expect_other_pixels(sliders, before)
    for _ in range(10):
        sliders.keyboard.press("Control+z")
    expect(handle).to_have_value(value)
