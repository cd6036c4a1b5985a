import shutil

import pytest

from vaelab.web.learn import latent_variables, tiny_models
from vaelab.web.learn.chapters import CHAPTERS

NEED_A_PRIOR = ["latent-variables", "reparameterisation", "elbo", "posterior"]


@pytest.fixture(autouse=True)
def brief(monkeypatch):
    monkeypatch.setattr(tiny_models, "EPOCHS", 1)
    monkeypatch.setattr(latent_variables, "CHUNK", {"mlp": 64, "conv": 64})


def texts(app):
    values = [*app.markdown.values, *app.caption.values, *app.info.values]
    return "\n".join([*values, *(element.value for element in app.get("latex"))])


def turn_to(app, chapter):
    buttons = next(c for c in app.get("segmented_control") if c.label == "Chapter")
    buttons.set_value(chapter).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_is_live_with_every_family(trained_home, open_page, chapter, model):
    app = turn_to(open_page("learn", model), chapter)
    lesson = CHAPTERS[chapter].lesson
    assert any(lesson.title in header.value for header in app.header)
    assert app.get("plotly_chart")
    first = next(iter(CHAPTERS))  # which needs no word in the address
    assert app.query_params.get("chapter", first) in (chapter, [chapter])


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_chapter_can_be_read_without_a_checkpoint(empty_home, open_page, chapter):
    app = turn_to(open_page("learn"), chapter)
    assert CHAPTERS[chapter].lesson.says in texts(app)
    live = chapter in ("autoencoder", "beta")  # those train tiny models of their own
    assert bool(app.get("plotly_chart")) == live
    assert live or "There is no trained model yet" in texts(app)


def test_an_autoencoder_asked_for_an_elbo_says_whose_is_shown(trained_home, open_page):
    app = turn_to(open_page("learn", "tiny-ae"), "elbo")
    assert "tiny-ae is an autoencoder: its codes have no prior" in texts(app)
    assert "Live on **tiny-" in texts(app)


def test_an_autoencoder_alone_is_told_what_is_missing(trained_home, open_page):
    for name in ("tiny-vae", "tiny-cvae"):
        shutil.rmtree(trained_home / "checkpoints" / name)
    app = turn_to(open_page("learn", "tiny-ae"), "elbo")
    assert "no other checkpoint has what this chapter needs" in texts(app)
    assert not app.get("plotly_chart")


def test_an_autoencoder_is_the_one_shown_in_its_chapter(trained_home, open_page):
    app = open_page("learn", "tiny-ae")
    assert "Live on **tiny-ae**" in texts(app)
    assert "tiny-ae: Autoencoder" in texts(app)


def test_a_vae_without_classes_borrows_a_conditional_one(trained_home, open_page):
    app = turn_to(open_page("learn", "tiny-vae"), "conditioning")
    assert "tiny-vae has no classes. Live on **tiny-cvae**" in texts(app)


def test_the_address_opens_a_chapter_and_an_unknown_one_the_first(trained_home, open_page):
    app = open_page("learn", "tiny-vae")
    app.query_params["chapter"] = "posterior"
    app.run()
    assert "5. One image, a region of codes" in [header.value for header in app.header]
    app.query_params["chapter"] = "no-such"
    app.run()
    assert "1. The autoencoder that copies" in [header.value for header in app.header]


def test_the_chapter_is_kept_while_another_page_is_shown(trained_home, open_page):
    app = turn_to(open_page("learn", "tiny-vae"), "elbo")
    app.switch_page("evaluate.py").run()
    app.switch_page("learn.py").run()
    assert not app.exception
    assert "4. What it costs to explain one image" in [header.value for header in app.header]


def test_numbers_on_the_page_add_up(trained_home, open_page):
    app = turn_to(open_page("learn", "tiny-vae"), "elbo")
    sums = [e.value for e in app.get("latex") if e.value.strip("$\n ").startswith(r"\underbrace{")]
    numbers = [
        float(part.split("}")[0])
        for part in "".join(sums).replace("{,}", "").split(r"\underbrace{")[1:]
    ]
    distortion, rate, minus_elbo, elbo, gap, log_px = numbers
    assert distortion + rate == pytest.approx(minus_elbo, abs=0.011)
    assert elbo == pytest.approx(-minus_elbo)
    assert elbo + gap == pytest.approx(log_px, abs=0.011)


def test_more_samples_are_drawn_when_asked_for(trained_home, open_page):
    app = turn_to(open_page("learn", "tiny-vae"), "latent-variables")
    assert "After 64 samples each" in texts(app)
    app.toggle(key="learn-keep-drawing").set_value(True).run()
    assert not app.exception
    assert "After 128 samples each" in texts(app)


def test_another_image_is_kept_from_chapter_to_chapter(trained_home, open_page):
    app = turn_to(open_page("learn", "tiny-vae"), "elbo")
    next(button for button in app.button if button.label == "Another image").click().run()
    shown = next(value for value in app.markdown.values if value.startswith("$x$:"))
    turn_to(app, "posterior")
    assert shown in app.markdown.values
