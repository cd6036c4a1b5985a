import json
import shutil

from vaelab.checkpoints import read_checkpoint


def links(app):
    return {(link.value, link.proto.query_string) for link in app.page_link}


def test_an_empty_machine_is_told_to_train(empty_home, open_page):
    app = open_page()
    assert app.page_link[0].value == "**Train your own**"
    (said,) = [text for text in app.markdown.values if "Train one" in text]
    assert "zip file below" in said
    assert str(empty_home / "checkpoints") in said
    assert "Go to Home" not in {link.value for link in app.page_link}


def test_cards_name_the_figure_its_unit_and_split(trained_home, open_page):
    app = open_page()
    text = "\n".join([*app.markdown.values, *app.caption.values])
    for name in ("tiny-vae", "tiny-cvae", "tiny-ae"):
        assert f"**{name}**" in text
        weights = read_checkpoint(trained_home / "checkpoints" / name).weights_sha256[:12]
        assert ("Sliders", f"model={name}&weights={weights}") in links(app)
    assert "nats per image" in text
    assert "ELBO on 180 test images" in text
    assert "Distortion on 180 test images" in text


def test_damaged_foreign_and_newer_folders_are_shown_with_their_reason(trained_home, open_page):
    folder = trained_home / "checkpoints"
    shutil.copytree(folder / "tiny-vae", folder / "newer")
    config = json.loads((folder / "newer" / "config.json").read_text())
    (folder / "newer" / "config.json").write_text(json.dumps({**config, "format_version": 99}))
    (folder / "foreign").mkdir()
    text = "\n".join(open_page().markdown.values)
    assert "newer was written by a newer vaelab" in text
    assert "foreign is not a vaelab checkpoint" in text


def test_a_broken_preview_breaks_nothing(trained_home, open_page):
    (trained_home / "checkpoints" / "tiny-vae" / "preview.png").write_bytes(
        b"\x89PNG\r\n\x1a\nthis is no picture"
    )
    assert "No preview" in open_page().caption.values


def test_delete_asks_first(trained_home, open_page):
    app = open_page()
    app.button(key="delete-tiny-ae").click().run()
    assert not app.exception
    assert (trained_home / "checkpoints" / "tiny-ae").exists()
    assert any("for good" in button.label for button in app.button)
