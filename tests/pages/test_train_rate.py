import time

import pytest

from vaelab.runs.apart import StoppedApartError
from vaelab.training import RangeTest
from vaelab.web.train import rate_search

FOUND = RangeTest((1e-5, 1e-4, 1e-3, 1e-2), (50.0, 40.0, 30.0, 20.0))


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch):
    monkeypatch.setattr(rate_search, "_found", type(rate_search._found)())


def button(app, name):
    return app.button(key=f"train_{name}")


def settled(app):
    """The page once the test has ended: its fragment's polls are what a browser would ask for."""
    deadline = time.monotonic() + 60
    while any(b.key == "train_stop_rate" for b in app.button):
        assert time.monotonic() < deadline
        app.run()
    assert not app.exception
    return app


def test_a_rate_is_found_shown_and_put_into_the_form(empty_home, open_page, monkeypatch):
    monkeypatch.setattr(rate_search, "rate_apart", lambda *_: FOUND)
    app = open_page("train")
    charts = len(app.get("plotly_chart"))
    settled(button(app, "find_rate").click().run())
    assert len(app.get("plotly_chart")) == charts + 1
    assert app.number_input(key="train_learning_rate").value == 0.003
    button(app, "use_rate").click().run()
    assert app.number_input(key="train_learning_rate").value == 0.001
    assert button(app, "use_rate").disabled
    app.number_input(key="train_batch_size").set_value(64).run()  # another test's settings
    assert button(app, "find_rate").label == "Find a learning rate"


def test_what_went_wrong_is_a_sentence(empty_home, open_page, monkeypatch):
    def fail(*_):
        raise ValueError("the images are gone.")

    monkeypatch.setattr(rate_search, "rate_apart", fail)
    app = open_page("train")
    settled(button(app, "find_rate").click().run())
    assert app.error[0].value == "The images are gone."
    monkeypatch.setattr(rate_search, "rate_apart", lambda *_: FOUND)
    settled(button(app, "find_rate").click().run())
    assert not app.error
    assert button(app, "use_rate")


def test_it_can_be_stopped(empty_home, open_page, monkeypatch):
    stops = []

    def wait(_config, _progress, stop):
        stops.append(stop)
        stop.wait(60)
        raise StoppedApartError("It was stopped.")

    monkeypatch.setattr(rate_search, "rate_apart", wait)
    app = open_page("train")
    button(app, "find_rate").click().run()
    button(app, "stop_rate").click().run()
    assert stops[0].is_set()
    assert not app.error
    assert button(app, "find_rate")
