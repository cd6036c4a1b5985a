"""The sliders page with Streamlit's own sliders, as it is where the frontend is not built."""

import json

import numpy as np
import pytest

from vaelab.checkpoints import load_latents, read_checkpoint
from vaelab.web.server import frontend_files


@pytest.fixture
def without_frontend(monkeypatch):
    monkeypatch.setattr(frontend_files, "is_built", lambda: False)


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
def test_the_live_sliders_take_their_place_where_it_is_built(trained_home, open_page, model):
    app = open_page("sliders", model)
    assert not app.exception
    assert not app.slider
    assert frontend_files.is_built()


def press(app, label):
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception


def code(app):
    """The code that Copy z offers, and its class."""
    values = json.loads(app.code[0].value)
    return np.array(values["z"]), values.get("class")


def picture(app):
    return app.get("image")[0].proto.imgs[0].url


def test_without_a_checkpoint_the_page_says_what_to_do(empty_home, open_page):
    app = open_page("sliders")
    assert any("no trained model yet" in text for text in app.markdown.values)
    assert not app.slider


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
def test_there_is_a_slider_a_dimension_over_the_range_of_the_data(
    trained_home, open_page, model, without_frontend
):
    app = open_page("sliders", model)
    latents = load_latents(read_checkpoint(trained_home / "checkpoints" / model))
    assert sorted(slider.label[:2] for slider in app.slider) == ["z1", "z2"]
    for slider in app.slider:
        codes = latents.mean[:, int(slider.label[1]) - 1]
        assert slider.min <= np.quantile(codes, 0.01)
        assert slider.max >= np.quantile(codes, 0.99)


def test_dimensions_come_in_the_order_of_their_rate(trained_home, open_page, without_frontend):
    app = open_page("sliders", "tiny-vae")
    rates = [float(slider.label.split(" ")[2]) for slider in app.slider]
    assert rates == sorted(rates, reverse=True)


def test_a_moved_slider_changes_the_picture_and_reset_brings_it_back(
    trained_home, open_page, without_frontend
):
    app = open_page("sliders", "tiny-vae")
    before, start = picture(app), code(app)[0]
    slider = app.slider[0]
    slider.set_value(slider.max).run()
    assert not app.exception
    assert picture(app) != before
    assert code(app)[0][int(slider.label[1]) - 1] == pytest.approx(slider.max, abs=1e-4)
    press(app, "Reset")
    assert picture(app) == before
    np.testing.assert_allclose(code(app)[0], start, atol=1e-4)


@pytest.mark.parametrize(
    ("model", "source"), [("tiny-vae", "prior N(0, I)"), ("tiny-ae", "Gaussian mixture")]
)
def test_random_draws_and_says_from_what(trained_home, open_page, model, source, without_frontend):
    app = open_page("sliders", model)
    for _ in range(3):
        before = code(app)[0]
        press(app, "Random")
        assert not np.allclose(code(app)[0], before)
        by_dim = {int(slider.label[1]) - 1: slider.value for slider in app.slider}
        np.testing.assert_allclose([by_dim[0], by_dim[1]], code(app)[0], atol=1e-4)
    assert any(source in text for text in app.caption.values)


def test_an_images_code_can_be_the_start(trained_home, open_page, without_frontend):
    app = open_page("sliders", "tiny-cvae")
    choice = next(box for box in app.selectbox if box.label == "Class of the image")
    choice.select(7).run()
    press(app, "Pick one at random")
    z, name = code(app)
    assert name == "7"
    latents = load_latents(read_checkpoint(trained_home / "checkpoints" / "tiny-cvae"))
    sevens = latents.mean[latents.labels == 7]
    assert np.abs(sevens - z).max(axis=1).min() < 1e-4
    assert any("Started from the code of" in text for text in app.caption.values)


def test_a_class_changes_the_picture_and_not_the_code(trained_home, open_page, without_frontend):
    app = open_page("sliders", "tiny-cvae")
    before, z = picture(app), code(app)[0]
    classes = next(pills for pills in app.get("pills") if pills.label == "Class c")
    classes.set_value(4).run()
    assert not app.exception
    assert picture(app) != before
    assert code(app)[1] == "4"
    np.testing.assert_allclose(code(app)[0], z)
    assert len(app.get("image")) >= 11  # the picture, and every class at this style


def test_the_place_outlives_a_visit_to_another_page(trained_home, open_page, without_frontend):
    app = open_page("sliders", "tiny-vae")
    press(app, "Random")
    z = code(app)[0]
    app.switch_page("evaluate.py").run()
    app.switch_page("sliders.py").run()
    assert not app.exception
    np.testing.assert_allclose(code(app)[0], z)


def test_each_checkpoint_keeps_its_own_place(trained_home, open_page, without_frontend):
    app = open_page("sliders", "tiny-vae")
    press(app, "Random")
    z = code(app)[0]
    picker = next(box for box in app.selectbox if box.label == "Checkpoint")
    picker.select("tiny-ae").run()
    assert json.loads(app.code[0].value)["model"] == "tiny-ae"
    next(box for box in app.selectbox if box.label == "Checkpoint").select("tiny-vae").run()
    np.testing.assert_allclose(code(app)[0], z)
