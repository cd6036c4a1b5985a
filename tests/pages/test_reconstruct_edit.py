"""Reconstruct's views of other codes: a better one, and what hidden pixels may hold."""

import base64

import pytest

from tests.pages.test_reconstruct import control, metrics, source, texts
from vaelab.web.reconstruct import fill_in


def view(open_page, model, name):
    app = open_page("reconstruct", model)
    source(app, "Test image")
    control(app, "View").set_value(name).run()
    assert not app.exception
    return app


def press(app, name):
    next(b for b in app.button if b.key and b.key.endswith(name)).click().run()
    assert not app.exception


def tiles(app):
    return [menu for menu in app.menu_button if menu.key.startswith("fill-")]


def test_a_better_code_says_what_the_encoders_shortcut_costs(trained_home, open_page):
    app = view(open_page, "tiny-cvae", "Better code")
    assert not app.metric
    control(app, "Gradient steps").set_value(50).run()
    press(app, "better-go")
    shown = metrics(app)
    gap = float(shown["Amortisation gap, nats"].split(" ± ")[0])
    before, after = (
        float(shown[f"ELBO, {which}, nats"].replace("−", "-")) for which in ("encoder’s", "better")
    )
    assert gap == pytest.approx(after - before, abs=0.02)
    assert gap >= 0
    assert "approximation gap" in texts(app)
    alts = [element.proto.alt for element in app.get("plotly_chart")]
    assert any("ELBO over the steps" in alt for alt in alts)
    press(app, "better-frame")
    assert "Key frame 3 of at most 8." in [toast.value for toast in app.toast]
    assert metrics(app) == shown  # what was found stays
    next(b for b in app.button if b.label == "Another").click().run()
    assert "Amortisation gap, nats" not in metrics(app)  # of the other picture


def test_an_autoencoders_better_code_is_one_of_less_distortion(trained_home, open_page):
    app = view(open_page, "tiny-ae", "Better code")
    assert "Fill in" not in control(app, "View").options
    press(app, "point-go")
    shown = {name: float(value.replace("−", "-")) for name, value in metrics(app).items()}
    assert shown["Distortion, better, nats"] <= shown["Distortion, encoder’s, nats"]
    assert "without a prior" in texts(app)


def test_hidden_pixels_are_filled_in_under_the_class_told_and_under_every_class(
    trained_home, open_page, monkeypatch
):
    short = fill_in.InpaintSettings(8, 8, 5, 2, 1)
    monkeypatch.setitem(fill_in.CHAINS, "mlp", short)
    monkeypatch.setitem(fill_in.CHAINS_OF_EACH, "mlp", fill_in.InpaintSettings(1, 2, 5, 2, 1))
    app = view(open_page, "tiny-cvae", "Fill in")
    control(app, "Hide").set_value("A box").run()
    assert not app.exception
    press(app, "fill-go")
    assert [menu.label for menu in tiles(app)] == [f"Take {n}" for n in range(1, 9)]
    assert "8 chains began as draws from the prior" in texts(app)
    app.toggle[-1].set_value(True).run()
    assert not app.exception
    control(app, "Under").set_value("Every class").run()
    assert not tiles(app)  # not yet asked
    press(app, "fill-go")
    assert sorted(menu.label for menu in tiles(app)) == [f"Take {c}" for c in range(10)]
    assert "Shares are p(c | visible pixels)" in texts(app)
    tiles(app)[9].click("As a key frame").run()
    assert app.toast[0].value == "Key frame 3 of at most 8."
    tiles(app)[0].click("Onto the map").run()
    assert not app.exception


def test_what_is_painted_over_is_filled_in_by_itself(trained_home, open_page, monkeypatch):
    monkeypatch.setitem(fill_in.CHAINS, "mlp", fill_in.InpaintSettings(8, 8, 5, 2, 1))
    app = view(open_page, "tiny-vae", "Fill in")
    hide = control(app, "Hide")
    painted = hide.key.removesuffix("what") + "painted"
    hide.set_value("Painted").run()
    assert "Paint over a part of the picture" in texts(app)
    app.session_state[painted] = base64.b64encode(bytes([255] * 24 + [0] * 40)).decode()
    app.run()
    assert not app.exception
    assert len(tiles(app)) == 8
    next(b for b in app.button if b.label == "Another").click().run()
    assert len(tiles(app)) == 8  # the mask stays
    app.session_state[painted] = base64.b64encode(bytes([255] * 64)).decode()
    app.run()
    assert "nothing is left to go by" in texts(app)
    assert not tiles(app)
