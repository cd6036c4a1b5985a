"""The live page, and the one that stands in for it where the frontend is not built."""

import pytest

from vaelab.checkpoints import read_checkpoint
from vaelab.web.server import frontend_files


@pytest.fixture
def without_frontend(monkeypatch):
    monkeypatch.setattr(frontend_files, "is_built", lambda: False)


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
def test_the_live_page_takes_its_place_where_it_is_built(trained_home, open_page, model):
    app = open_page("interpolate", model)
    assert not app.exception
    assert not app.subheader
    assert frontend_files.is_built()


def test_an_upload_becomes_a_key_frame_of_the_live_page(trained_home, open_page, png_bytes):
    app = open_page("interpolate", "tiny-cvae")
    app.file_uploader[0].upload("seven.png", png_bytes).run()
    assert not app.exception
    next(button for button in app.button if button.label == "Add as a key frame").click().run()
    assert not app.exception
    key = read_checkpoint(trained_home / "checkpoints" / "tiny-cvae").weights_sha256[:12]
    frames = app.session_state[f"{key}:key-frames"]
    assert [frame.source for frame in frames][2:] == ["your picture seven.png"]


def texts(app):
    return "\n".join([*app.markdown.values, *app.caption.values, *app.info.values])


def control(app, label, nth=0):
    return [c for c in app.get("segmented_control") if c.label == label][nth]


def strips(app):
    """Addresses of the pictures that are films or their strips."""
    return [e.proto.imgs[0].url for e in app.get("image")]


def test_without_a_checkpoint_the_page_says_what_to_do(empty_home, open_page):
    assert "no trained model yet" in texts(open_page("interpolate"))


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
def test_both_paths_are_shown_as_a_strip_and_a_gif(
    trained_home, open_page, model, without_frontend
):
    app = open_page("interpolate", model)
    assert [header.value for header in app.subheader] == ["Linear", "Spherical"]
    assert len(strips(app)) == 6  # two ends; for each path its strip and its film
    kinds = [address.split(";")[0].removeprefix("data:image/") for address in strips(app)]
    assert kinds == ["png", "png", "png", "gif", "png", "gif"]  # JPEG would blur the pixels
    labels = [button.label for button in app.get("download_button")]
    assert labels == ["GIF", "GIF"]


def test_another_image_makes_another_film(trained_home, open_page, without_frontend):
    app = open_page("interpolate", "tiny-vae")
    before = strips(app)
    next(button for button in app.button if button.label == "Another").click().run()
    assert not app.exception
    after = strips(app)
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert after[2] != before[2]


@pytest.mark.parametrize("model", ["tiny-cvae", "tiny-ae"])
def test_an_end_can_be_random(trained_home, open_page, model, without_frontend):
    app = open_page("interpolate", model)
    control(app, "Where from").set_value("Random").run()
    assert not app.exception
    assert "Drawn from the" in texts(app)


def test_an_upload_is_awaited_then_taken_and_a_bad_one_explained(
    trained_home, open_page, png_bytes, without_frontend
):
    app = open_page("interpolate", "tiny-vae")
    control(app, "Where from", 1).set_value("Upload").run()
    assert "Upload a picture" in texts(app)
    app.file_uploader[0].upload("seven.png", png_bytes).run()
    assert not app.exception
    assert "Your picture" in texts(app)
    assert len(app.subheader) == 2


def test_a_bad_upload_is_explained(trained_home, open_page, without_frontend):
    app = open_page("interpolate", "tiny-vae")
    control(app, "Where from").set_value("Upload").run()
    app.file_uploader[0].upload("text.png", b"no picture at all").run()
    assert not app.exception
    assert "not a picture" in app.error[0].value


def test_a_class_can_be_fixed_along_the_way(trained_home, open_page, without_frontend):
    app = open_page("interpolate", "tiny-cvae")
    before = strips(app)
    control(app, "Class c along the way").set_value("One for all").run()
    assert not app.exception
    assert strips(app)[2] != before[2]
    assert control(open_page("interpolate", "tiny-cvae"), "Class c along the way")
    plain = open_page("interpolate", "tiny-vae")
    assert not [c for c in plain.get("segmented_control") if c.label.startswith("Class c")]
