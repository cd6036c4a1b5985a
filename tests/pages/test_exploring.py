import shutil

import pytest

PAGES = ("map", "sliders", "interpolate", "reconstruct")


@pytest.mark.parametrize("page", PAGES)
def test_damaged_weights_are_a_sentence(trained_home, open_page, page):
    weights = trained_home / "checkpoints" / "tiny-vae" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1] + b"\0")
    app = open_page(page, "tiny-vae")
    assert "damaged" in app.error[0].value


@pytest.mark.parametrize("page", PAGES)
def test_the_address_keeps_the_checkpoint(trained_home, open_page, page):
    app = open_page(page, "tiny-ae")
    assert app.query_params["model"] == "tiny-ae"


@pytest.mark.parametrize("page", PAGES)
def test_pages_need_no_images_of_the_data(trained_home, open_page, monkeypatch, page):
    config = trained_home / "checkpoints" / "tiny-cvae" / "config.json"
    config.write_text(config.read_text().replace('"source": "digits"', '"source": "/gone"'))
    app = open_page(page, "tiny-cvae")
    assert not app.error


def equation(app):
    """What stands below the page's title, its equation in it or after it."""
    return "".join(element.value for element in [*app.markdown[:2], *app.latex[:1]])


@pytest.mark.parametrize("page", PAGES)
def test_equations_fit_the_family(trained_home, open_page, page):
    conditional = equation(open_page(page, "tiny-cvae"))
    plain = equation(open_page(page, "tiny-vae"))
    assert ", c" in conditional
    assert ", c" not in plain


@pytest.mark.parametrize("page", PAGES)
def test_a_checkpoint_that_goes_away_is_no_error(trained_home, open_page, page):
    app = open_page(page, "tiny-ae")
    shutil.rmtree(trained_home / "checkpoints")
    app.run()
    assert not app.exception
    assert any("no trained model yet" in text for text in app.markdown.values)
