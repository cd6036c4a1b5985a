import io
import json

import pytest
from PIL import Image

LATER = ("tables", "values", "sections")  # what reports of version 1 lack


def texts(app):
    return "\n".join([*app.markdown.values, *app.caption.values, *app.info.values])


def source(app, value):
    next(c for c in app.get("segmented_control") if c.label == "Image").set_value(value).run()
    assert not app.exception


def metrics(app):
    return {metric.label: metric.value for metric in app.metric}


def test_without_a_checkpoint_the_page_says_what_to_do(empty_home, open_page):
    assert "no trained model yet" in texts(open_page("reconstruct"))


def test_without_a_picture_the_page_says_what_to_do(trained_home, open_page):
    app = open_page("reconstruct", "tiny-vae")
    assert "Drawn by the model" in texts(app)
    assert not app.metric


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae"])
def test_an_upload_is_prepared_reconstructed_and_measured(
    trained_home, open_page, png_bytes, model
):
    app = open_page("reconstruct", model)
    app.file_uploader[0].upload("seven.png", png_bytes).run()
    assert not app.exception
    shown = texts(app)
    for step in ("read", "invert", "crop", "centre"):
        assert f". {step}**" in shown
    assert set(metrics(app)) >= {"ELBO, nats", "Distortion, nats", "Rate, nats"}
    px = "p(x | c)" if model == "tiny-cvae" else "p(x)"
    assert set(metrics(app)) >= {f"log {px}, nats", "Standard error, nats", "Percentile"}
    effective = float(metrics(app)["Effective samples"])  # as many as its quick report has
    assert 1 <= effective <= 64
    assert any(f"180 test images with a lower log {px}" in text for text in app.caption.values)
    assert "**Stranger than " in shown or "**More probable than " in shown
    alts = [element.proto.alt for element in app.get("plotly_chart")]
    assert any("Absolute error" in alt for alt in alts)
    assert any("this image’s place" in alt for alt in alts)
    assert any("Standard deviation of each pixel: between codes" in alt for alt in alts)
    conditional = model == "tiny-cvae"
    assert any("ELBO of the image under every class" in a for a in alts) == conditional
    assert any(" with probability " in alt and "; next " in alt for alt in alts) == conditional
    nearest = next(text for text in app.caption.values if text.startswith("Beneath each"))
    assert ("Codes of one class" in nearest) == conditional
    assert "The data’s own images." in nearest


def test_another_eight_are_other_codes_and_all_classes_other_neighbours(trained_home, open_page):
    app = open_page("reconstruct", "tiny-cvae")
    source(app, "Test image")

    def samples():
        shown = [image.proto.imgs[0] for image in app.image]
        return [image.url for image in shown if image.caption.startswith("sample")]

    before = samples()
    assert len(before) == 8
    next(b for b in app.button if b.label == "Another eight").click().run()
    assert not app.exception
    assert len(set(samples()) - set(before)) > 0
    control(app, "Nearest training images").set_value("Of all classes").run()
    assert not app.exception
    assert "among 1,455 stored training codes" in texts(app)
    control(app, "Prior p(c)").set_value("Uniform").run()
    assert not app.exception
    assert "By 1,000 importance samples under each class; p(c) is uniform" in texts(app)
    next(b for b in app.button if b.label == "Four times the samples").click().run()
    assert not app.exception
    assert "By 4,000 importance samples under each class; p(c) is uniform" in texts(app)


def control(app, label):
    return next(c for c in app.get("segmented_control") if c.label.startswith(label))


def test_each_step_can_be_changed_and_put_back(trained_home, open_page, png_bytes):
    app = open_page("reconstruct", "tiny-vae")
    app.file_uploader[0].upload("seven.png", png_bytes).run()
    before = texts(app)
    assert "Measured on the model’s own data" in before
    control(app, "Crop to the content").set_value("none").run()
    assert not app.exception
    assert ". crop**" not in texts(app)
    control(app, "Invert").set_value("no").run()
    assert not app.exception
    assert ". invert**" not in texts(app)
    control(app, "Threshold").set_value("fixed").run()
    assert not app.exception
    next(b for b in app.button if b.label == "As guessed").click().run()
    assert texts(app) == before


def test_several_pictures_at_once_and_a_bad_one_among_them(trained_home, open_page, png_bytes):
    app = open_page("reconstruct", "tiny-vae")
    files = [
        (name, content, "image/png")
        for name, content in (
            ("one.png", png_bytes),
            ("bad.png", b"text"),
            ("two.png", big_png()),
            ("three.png", png_bytes),
        )
    ]
    app.file_uploader[0].set_value(files).run()
    assert not app.exception
    assert [error.value.split()[0] for error in app.error] == ["bad.png", "two.png"]
    look = next(box for box in app.selectbox if box.label == "Look at")
    assert look.options == ["1. one.png", "2. three.png"]
    assert "Distortion, nats" in metrics(app)
    control(app, "View").set_value("All pictures").run()
    assert not app.exception
    assert not metrics(app)
    assert app.dataframe[0].value["name"].tolist() == ["one.png", "three.png"]
    assert "log_px" not in app.dataframe[0].value
    next(b for b in app.button if b.label == "Measure log p(x)").click().run()
    assert not app.exception
    table = app.dataframe[0].value
    assert (table["log_px"] > table["elbo"] - 1).all()
    assert table["percentile"].between(0, 100).all()


@pytest.mark.parametrize(
    ("button", "page"), [("To the sliders", "sliders"), ("Onto the map", "map")]
)
def test_a_picture_goes_elsewhere_with_one_click(trained_home, open_page, button, page):
    app = open_page("reconstruct", "tiny-cvae")
    source(app, "Test image")
    next(b for b in app.button if b.label == button).click().run()
    assert not app.exception


def test_a_picture_becomes_a_key_frame(trained_home, open_page):
    app = open_page("reconstruct", "tiny-cvae")
    source(app, "Test image")
    for n in range(3, 9):
        next(b for b in app.button if b.label == "As a key frame").click().run()
        assert not app.exception
        assert app.toast[0].value == f"Key frame {n} of at most 8."
    app.run()
    assert next(b for b in app.button if b.label == "As a key frame").disabled


@pytest.mark.parametrize("model", ["tiny-vae", "tiny-cvae", "tiny-ae"])
@pytest.mark.parametrize("kind", ["Test image", "Drawn by the model"])
def test_no_picture_at_hand_is_needed(trained_home, open_page, model, kind):
    app = open_page("reconstruct", model)
    source(app, kind)
    assert "Distortion, nats" in metrics(app)
    next(button for button in app.button if button.label == "Another").click().run()
    assert not app.exception


def test_an_autoencoder_has_a_distortion_only_and_says_why(trained_home, open_page):
    app = open_page("reconstruct", "tiny-ae")
    source(app, "Test image")
    assert set(metrics(app)) == {"Distortion, nats"}
    assert "point without a prior" in texts(app)


def test_a_report_without_single_images_values_says_how_to_measure_them(trained_home, open_page):
    path = trained_home / "checkpoints" / "tiny-vae" / "report.json"
    older = {**json.loads(path.read_text()), "version": 1}
    path.write_text(json.dumps({k: v for k, v in older.items() if k not in LATER}))
    app = open_page("reconstruct", "tiny-vae")
    source(app, "Test image")
    assert "log p(x), nats" in metrics(app)
    assert "Percentile" not in metrics(app)
    assert "`python -m vaelab evaluate tiny-vae --save`" in texts(app)


def test_a_test_image_is_told_its_own_class_until_another_is_picked(trained_home, open_page):
    app = open_page("reconstruct", "tiny-cvae")
    source(app, "Test image")
    name = next(text for text in app.caption.values if text.startswith("Test image"))
    own = int(name.rstrip(".").split(", class ")[-1])
    pills = next(p for p in app.get("pills") if p.label.startswith("Class c"))
    assert pills.value == own
    before = metrics(app)
    pills.set_value((own + 1) % 10).run()
    assert not app.exception
    assert metrics(app) != before


def big_png():
    """A header that claims 50,000 x 50,000 pixels."""
    buffer = io.BytesIO()
    Image.new("L", (8, 8)).save(buffer, "PNG")
    data = bytearray(buffer.getvalue())
    data[16:24] = (50_000).to_bytes(4, "big") * 2
    return bytes(data)


@pytest.mark.parametrize("content", [b"", b"just text", b"\x89PNG\r\n\x1a\n broken", big_png()])
def test_hostile_files_get_a_sentence(trained_home, open_page, content):
    app = open_page("reconstruct", "tiny-vae")
    app.file_uploader[0].upload("picture.png", content).run()
    assert not app.exception
    assert app.error[0].value.endswith(".")
    assert not app.metric


def every_class(app):
    view = next(c for c in app.get("segmented_control") if c.label == "View")
    view.set_value("Every class").run()
    assert not app.exception


def test_a_picture_and_a_batch_are_shown_with_every_class(trained_home, open_page, png_bytes):
    app = open_page("reconstruct", "tiny-cvae")
    source(app, "Test image")
    every_class(app)
    shown = texts(app)
    alts = [image.proto.imgs[0].alt for image in app.get("image")]
    assert sum(alt.startswith("its style as ") for alt in alts) == 10
    assert sum(alt.endswith("the class it was encoded with") for alt in alts) == 1
    assert "8 images, each as 0, 1, 2, 3, 4, 5, 6, 7, 8, 9" in alts
    assert "tiny-cvae --save` measures its leakage" in shown
    assert "--sections samples` trains it" in shown
    next(b for b in app.button if b.label == "Another B").click().run()
    assert not app.exception
    assert texts(app) != shown

    source(app, "Upload")
    files = [(name, png_bytes, "image/png") for name in ("one.png", "two.png", "three.png")]
    app.file_uploader[0].set_value(files).run()
    assert not app.exception
    alts = [image.proto.imgs[0].alt for image in app.get("image")]
    assert any(alt.startswith("3 images, each as 0, 1") for alt in alts)
    b = next(box for box in app.selectbox if box.label == "B")
    assert [option[:10] for option in b.options] == ["2. two.png", "3. three.p", "An image o"]


def test_without_classes_there_is_none_to_swap(trained_home, open_page):
    app = open_page("reconstruct", "tiny-vae")
    source(app, "Test image")
    views = [c for c in app.get("segmented_control") if c.label == "View"]
    assert all("Every class" not in view.options for view in views)
