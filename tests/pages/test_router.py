import shutil

import pytest

from vaelab.web.navigation import PAGES


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_on_an_empty_machine(page, empty_home, open_page):
    app = open_page(page)
    assert app.title
    if page not in ("home", "train", "learn"):
        assert "There is no trained model yet" in app.markdown.values[-2]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
def test_every_page_opens_with_every_family(page, model, trained_home, open_page):
    app = open_page(page, model)
    assert app.title
    assert app.selectbox(key="checkpoint_picker").value == model


def test_the_first_checkpoint_is_shown_without_an_address(trained_home, open_page):
    app = open_page()
    assert app.selectbox(key="checkpoint_picker").value == app.query_params["model"]


def test_the_choice_goes_into_the_address_and_along_to_other_pages(trained_home, open_page):
    app = open_page(model="tiny-vae")
    app.selectbox(key="checkpoint_picker").select("tiny-ae").run()
    assert app.query_params["model"] == "tiny-ae"
    app.switch_page("evaluate.py").run()
    assert not app.exception
    assert app.selectbox(key="checkpoint_picker").value == "tiny-ae"
    assert app.query_params["model"] == "tiny-ae"


def test_who_goes_back_to_a_bare_address_is_not_sent_forward_again(trained_home, open_page):
    app = open_page(model="tiny-ae")
    del app.query_params["model"]
    app.run()
    assert app.query_params["model"] == "tiny-ae"  # the first time
    del app.query_params["model"]
    app.run()
    assert "model" not in app.query_params
    assert app.selectbox(key="checkpoint_picker").value == "tiny-ae"
    app.switch_page("train.py").run()
    assert app.query_params["model"] == "tiny-ae"


def test_an_unknown_checkpoint_is_named_and_replaced(trained_home, open_page):
    app = open_page("evaluate", "no-such-thing")
    warnings = [warning.value for warning in app.warning]
    assert any("no checkpoint named “no-such-thing”. Showing" in text for text in warnings)
    assert app.query_params["model"] == app.selectbox(key="checkpoint_picker").value


def test_a_damaged_checkpoint_is_not_offered_and_its_reason_is_given(trained_home, open_page):
    folder = trained_home / "checkpoints"
    shutil.copytree(folder / "tiny-vae", folder / "bad")
    (folder / "bad" / "config.json").write_text("{")
    app = open_page(model="bad")
    assert "not valid JSON" in app.warning[0].value
    assert "bad" not in app.selectbox(key="checkpoint_picker").options


def test_a_link_to_weights_that_are_gone_is_opened_with_a_sentence(trained_home, open_page):
    app = open_page(model="tiny-vae")
    shown = app.query_params["model"]
    assert shown == "tiny-vae"
    app.query_params["weights"] = "0" * 12
    app.run()
    assert not app.exception
    assert any("trained again since this link was made" in w.value for w in app.warning)
    weights = app.query_params["weights"]
    assert weights != "0" * 12
    app.run()  # the address is right now, and the sentence is still there
    assert any("trained again" in warning.value for warning in app.warning)

    app.selectbox(key="checkpoint_picker").select("tiny-cvae").run()
    assert app.query_params["weights"] != weights
    assert not app.warning
    app.query_params["weights"] = weights  # the name of one and the weights of another
    app.run()
    assert app.selectbox(key="checkpoint_picker").value == "tiny-vae"
    assert any("tiny-cvae has other weights now; showing tiny-vae" in w.value for w in app.warning)
    app.query_params["weights"] = "<script>"
    app.run()
    assert not app.exception
    assert any("“<script>” are no SHA-256" in warning.value for warning in app.warning)
