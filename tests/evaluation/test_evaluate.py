import json
import math

import numpy as np
import pytest

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation import (
    BY_SECTION,
    DEFINITIONS,
    SECTIONS,
    Around,
    EvaluationSettings,
    Report,
    evaluate,
)
from vaelab.evaluation.codes import encode
from vaelab.evaluation.elbo import elbo_per_image
from vaelab.evaluation.findings import standard_error
from vaelab.models import ModelConfig, build_model

TINY = {"latent_dim": 3, "width": 8, "depth": 1}
FEW = {
    "n_importance_samples": 2,
    "n_ais": 0,
    "n_typicality": 20,
    "n_typicality_samples": 2,
    "n_samples": 50,
    "n_per_class": 5,
    "classifier_steps": 5,
}


def few(**settings):
    return EvaluationSettings(**{**FEW, **settings})


def test_the_report_reduces_over_images_and_not_over_batches(exact):
    report = evaluate(exact.model, exact.images, settings=few(batch_size=10))
    terms = elbo_per_image(encode(exact.model, exact.images), batch_size=10)
    assert report["elbo"].value == pytest.approx(terms.elbo.mean(), rel=1e-12)
    assert report["elbo"].standard_error == pytest.approx(
        np.std(terms.elbo, ddof=1) / math.sqrt(37), rel=1e-12
    )
    assert report["elbo"].n_images == 37
    total = report["distortion"].value + report["rate"].value
    assert report["elbo"].value == pytest.approx(-total, rel=1e-12)
    assert sum(report.rate_per_dimension) == pytest.approx(report["rate"].value, rel=1e-12)
    assert report["nll"].value == -report["log_px"].value
    bits = -report["elbo"].value / 64 / math.log(2)
    assert report["bits_per_dimension"].value == pytest.approx(bits)


def test_the_report_finds_the_known_log_px(exact):
    report = evaluate(exact.model, exact.images, settings=few())
    assert report["log_px"].value == pytest.approx(exact.log_px.mean(), abs=1e-8)
    assert report["log_px_shuffled"].value < report["log_px"].value
    assert report["log_px_above_shuffled"].value == 1
    assert report["active_units"].value == report["units_with_rate"].value == 2
    assert report["log_px"].name == "log p(x) (Gaussian, one learned scale, density on [0, 1])"


@pytest.mark.parametrize("prior", ["standard", "class_gaussian"])
def test_a_cvae_reports_every_figure_given_its_class(prior, labelled_images):
    model = build_model(ModelConfig(n_classes=3, prior=prior, **TINY))
    settings = few(n_importance_samples=3, n_ais=2, n_ais_chains=2, n_ais_steps=3, seed=5)
    around = Around(train=labelled_images, other=labelled_images)
    report = evaluate(model, labelled_images, around, settings=settings)
    known = {key for name, keys in BY_SECTION.items() for key in keys if name != "factors"}
    assert {figure.key for figure in report.figures} == known
    assert report["log_px"].name == "log p(x|c) (grey Bernoulli, not a density)"
    assert "p(x|c)" in report["log_px"].definition
    assert (report["log_px"].n_samples, report["log_px"].seed) == (3, 5)
    assert {figure.split for figure in report.figures} == {"test"}
    assert Report.from_dict(json.loads(json.dumps(report.to_dict()))) == report
    again = evaluate(model, labelled_images, around, settings=settings)
    assert again.figures == report.figures
    assert again.tables == report.tables


def test_every_figure_belongs_to_one_section():
    assert list(BY_SECTION) == list(SECTIONS)
    assert sum(map(len, BY_SECTION.values())) == len(DEFINITIONS)


def test_sections_that_are_there_are_taken_over(labelled_images):
    """A report that was cut short goes on where it was; other settings count as new."""
    model = build_model(ModelConfig(n_classes=3, **TINY))
    around, states = Around(train=labelled_images), []
    whole = evaluate(model, labelled_images, around, settings=few(), on_section=states.append)
    assert [len(state.sections) for state in states] == [1, 2, 3, 4, 5, 6, 7]
    cut = states[2]
    computed = []
    resumed = evaluate(
        model, labelled_images, around, settings=few(), earlier=cut, on_section=computed.append
    )
    assert [state.sections[-1].name for state in computed] == [
        *("reconstruction", "codes", "projection", "samples")
    ]
    assert resumed.figures == whole.figures
    assert resumed.rate_per_dimension == whole.rate_per_dimension
    assert resumed.sections[:3] == cut.sections
    again, more = [], few(n_importance_samples=3)
    evaluate(model, labelled_images, around, settings=more, earlier=whole, on_section=again.append)
    assert len(again) == 1
    assert again[0]["nll"] != whole["nll"]


def test_sections_that_are_not_asked_for_stay(labelled_images):
    model = build_model(ModelConfig(**TINY))
    first = evaluate(model, labelled_images, settings=few(sections=("bounds", "likelihood")))
    second = evaluate(
        model, labelled_images, settings=few(sections=("reconstruction",)), earlier=first
    )
    assert [section.name for section in second.sections] == [
        *("bounds", "likelihood", "reconstruction")
    ]
    assert second["elbo"] == first["elbo"]
    assert second.values_of("elbo") == first.values_of("elbo")


def test_single_images_values_go_with_their_figures(exact):
    report = evaluate(exact.model, exact.images, settings=few())
    for key in ("elbo", "log_px", "mse"):
        assert report.values_of(key).array.mean() == pytest.approx(report[key].value, rel=1e-5)


@pytest.mark.parametrize(
    ("binarisation", "name"),
    [
        ("dynamic", "ELBO (Bernoulli, dynamic binarisation drawn by seed 0)"),
        ("fixed", "ELBO (Bernoulli, fixed binarisation drawn by seed 0)"),
        ("threshold", "ELBO (Bernoulli, pixels binarised at half grey)"),
    ],
)
def test_how_pixels_were_binarised_is_in_the_name(binarisation, name, labelled_images):
    settings = few(binarisation=binarisation, sections=("bounds",))
    report = evaluate(build_model(ModelConfig(**TINY)), labelled_images, settings=settings)
    assert report["elbo"].name == name
    assert report["marginal_kl"].name == f"Marginal KL ({binarisation} binarisation)"
    gaussian = build_model(ModelConfig(likelihood="gaussian", **TINY))
    with pytest.raises(ValueError, match="binarisation must be none for the likelihood gaussian"):
        evaluate(gaussian, labelled_images, settings=settings)


def test_an_autoencoder_has_no_elbo_and_the_report_says_why(labelled_images):
    report = evaluate(build_model(ModelConfig(family="autoencoder", **TINY)), labelled_images)
    assert [figure.key for figure in report.figures] == [
        *("distortion", "mse", "psnr", "ssim", "trustworthiness", "continuity", "neighbour_hit")
    ]
    assert report["distortion"].n_samples is None
    assert report.rate_per_dimension == ()
    assert any("no ELBO" in note for note in report.notes)


def test_a_subset_is_named_in_the_figure(labelled_images):
    model = build_model(ModelConfig(**TINY))
    report = evaluate(model, labelled_images, settings=few(n_log_px=9))
    assert report["log_px"].n_images == 9
    assert "9 of 23 images, evenly spaced" in report["log_px"].name
    assert report["elbo"].n_images == 23


def test_binary_pixels_are_no_grey_bernoulli(labelled_images):
    binary = ImageDataset(
        "binary", (labelled_images.images > 127).astype(np.uint8) * 255, None, (), "test"
    )
    report = evaluate(build_model(ModelConfig(**TINY)), binary, settings=few())
    assert report["elbo"].name == "ELBO (Bernoulli, binary pixels)"
    assert report["rate"].name == "Rate"


def test_few_effective_samples_are_warned_of(labelled_images):
    report = evaluate(build_model(ModelConfig(**TINY)), labelled_images, settings=few())
    assert report["effective_sample_size"].value <= 2
    assert any("lower bound" in note for note in report.notes)


def test_values_that_are_not_finite_leave_a_note_and_no_figure(labelled_images):
    model = build_model(ModelConfig(**TINY))
    model.encoder.register_forward_hook(lambda module, inputs, output: output * math.nan)
    report = evaluate(model, labelled_images, settings=few())
    assert "elbo" not in report
    assert "active_units" not in report
    assert report.rate_per_dimension == ()
    assert any("not finite for 23 of 23 images" in note for note in report.notes)


def test_progress_rises_to_one(labelled_images):
    seen = []
    evaluate(
        build_model(ModelConfig(**TINY)),
        labelled_images,
        settings=few(n_log_px=9, batch_size=10),
        progress=lambda fraction, text: seen.append((fraction, text)),
    )
    fractions = [fraction for fraction, _ in seen]
    assert fractions == sorted(fractions)
    assert fractions[0] > 0
    assert fractions[-1] == 1
    assert all(text for _, text in seen)


def test_one_image_has_no_standard_error(labelled_images):
    one = labelled_images.take(np.array([0]), "test")
    report = evaluate(build_model(ModelConfig(**TINY)), one, settings=few())
    assert report["elbo"].standard_error is None
    assert standard_error(np.array([1.0, 3.0])) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"n_importance_samples": 0}, "n_importance_samples must be at least 1, got 0"),
        ({"n_log_px": 0}, "n_log_px must be at least 1"),
        ({"sections": ("all",)}, "sections must be some of bounds, likelihood"),
        ({"binarisation": "some"}, "binarisation must be one of"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        EvaluationSettings(**settings)
    with pytest.raises(ValueError, match="unknown evaluation settings: n_images"):
        EvaluationSettings.from_dict({"n_images": 3})
    assert EvaluationSettings.from_dict(few(seed=3).to_dict()) == few(seed=3)


def test_images_that_do_not_fit_are_refused(labelled_images):
    with pytest.raises(ValueError, match=r"shape \(3, 8, 8\)"):
        evaluate(build_model(ModelConfig(image_shape=(3, 8, 8), **TINY)), labelled_images)
    nothing = labelled_images.take(np.array([], dtype=np.int64), "test")
    with pytest.raises(ValueError, match="at least one image"):
        evaluate(build_model(ModelConfig(**TINY)), nothing)
