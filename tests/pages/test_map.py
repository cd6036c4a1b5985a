"""The map page: live where the frontend is built, Plotly's figure where it is not."""

import pytest

from vaelab.checkpoints import load_latents, read_checkpoint
from vaelab.web.map import live_map
from vaelab.web.server import frontend_files


@pytest.fixture
def without_frontend(monkeypatch):
    monkeypatch.setattr(frontend_files, "is_built", lambda: False)


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
def test_the_live_map_takes_its_place_where_it_is_built(trained_home, open_page, model):
    app = open_page("map", model)
    assert not app.get("plotly_chart")
    assert frontend_files.is_built()


def test_without_webgl_the_page_keeps_the_figure_and_says_so(trained_home, open_page):
    app = open_page("map", "tiny-vae")
    app.session_state[live_map.NO_WEBGL] = True
    app.run()
    assert not app.exception
    assert "no WebGL" in app.info[0].value
    assert len(app.get("plotly_chart")) == 1


def texts(app):
    return "\n".join([*app.markdown.values, *app.caption.values, *app.info.values])


def choose(app, label, value):
    control = next(c for c in app.get("segmented_control") if c.label == label)
    control.set_value(value).run()
    assert not app.exception


def test_without_a_checkpoint_the_page_says_what_to_do(empty_home, open_page):
    app = open_page("map")
    assert "no trained model yet" in texts(app)
    assert not app.get("plotly_chart")


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
def test_every_family_has_a_map_of_all_its_codes(trained_home, open_page, model, without_frontend):
    app = open_page("map", model)
    n = len(load_latents(read_checkpoint(trained_home / "checkpoints" / model)))
    assert len(app.get("plotly_chart")) == 1
    assert f"{n:,} codes" in texts(app)


def test_the_split_filters(trained_home, open_page, without_frontend):
    app = open_page("map", "tiny-vae")
    choose(app, "Images", "test")
    assert "180 test codes" in texts(app)


def test_pca_says_what_the_plane_holds_of_the_variance(trained_home, open_page, without_frontend):
    app = open_page("map", "tiny-vae")
    choose(app, "Projection", "pca")
    assert "100% of the codes’ variance" in texts(app)


def test_tsne_is_not_computed_unasked(trained_home, open_page, without_frontend):
    app = open_page("map", "tiny-vae")
    choose(app, "Images", "test")
    choose(app, "Projection", "tsne")
    assert not app.get("plotly_chart")
    assert "has not been computed" in texts(app)
    ask = next(button for button in app.button if button.label == "Compute t-SNE")
    ask.click().run()
    assert not app.exception
    assert len(app.get("plotly_chart")) == 1
    assert "distances between clusters" in texts(app)


def test_damaged_codes_are_a_sentence(trained_home, open_page, without_frontend):
    (trained_home / "checkpoints" / "tiny-vae" / "latents.npz").write_bytes(b"nonsense")
    app = open_page("map", "tiny-vae")
    assert "damaged" in app.error[0].value


def select(app, *points):
    """Select on the map, as the browser would; AppTest has no setter for charts."""
    chart = app.get("plotly_chart")[0]
    places = [{"curve_number": trace, "point_index": place} for trace, place in points]
    app.session_state[chart.key] = {"selection": {"points": places}}
    app.run()
    assert not app.exception


def test_a_point_shows_its_image_and_its_neighbours(trained_home, open_page, without_frontend):
    app = open_page("map", "tiny-vae")
    select(app, (3, 0))
    assert "Nearest codes in all 2 dimensions" in texts(app)
    assert "image" in texts(app)
    assert [button.label for button in app.button].count("Open in Sliders") == 1


def test_a_group_shows_its_classes_and_means(trained_home, open_page, without_frontend):
    app = open_page("map", "tiny-cvae")
    select(app, (0, 0), (0, 1), (4, 2))
    assert "3 codes selected" in texts(app)
    assert len(app.get("plotly_chart")) == 2


def test_a_point_opens_in_the_sliders(trained_home, open_page, without_frontend):
    app = open_page("map", "tiny-cvae")
    select(app, (5, 0))
    next(button for button in app.button if button.label == "Open in Sliders").click().run()
    assert not app.exception
