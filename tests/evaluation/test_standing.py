import numpy as np
import pytest

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation import EvaluationSettings, evaluate
from vaelab.evaluation.standing import Reference, reference_of
from vaelab.models import ModelConfig, build_model


def reference(values, split="test"):
    return Reference(np.sort(np.asarray(values, float)), split, 64, 0, "none")


@pytest.mark.parametrize(
    ("log_px", "sentence"),
    [
        (-1.0, "Stranger than every one of 1,000 test images."),
        (0.5, "Stranger than 999 of 1,000 test images."),
        (9.5, "Stranger than 99 of 100 test images."),
        (299.5, "Stranger than 70 of 100 test images."),
        (500.0, "More probable than 50 of 100 test images."),
        (899.5, "More probable than 90 of 100 test images."),
        (998.5, "More probable than 999 of 1,000 test images."),
        (2000.0, "More probable than every one of 1,000 test images."),
    ],
)
def test_the_percentile_in_words(log_px, sentence):
    assert reference(range(1_000)).sentence(log_px) == sentence


def test_ties_count_half():
    assert reference([1, 2, 2, 3]).percentile(2) == 50


def test_a_report_keeps_what_an_image_is_compared_with(labelled_images):
    model = build_model(ModelConfig(latent_dim=3, width=8, depth=1))
    few = {"n_ais": 0, "n_importance_samples": 3, "n_typicality": 9, "n_typicality_samples": 2}
    settings = EvaluationSettings(
        sections=("likelihood", "typicality"), seed=5, binarisation="fixed", **few
    )
    report = evaluate(model, labelled_images, settings=settings)
    found = reference_of(report)
    assert (found.n_samples, found.seed, found.binarisation) == (3, 5, "fixed")
    assert found.values.mean() == pytest.approx(report["log_px"].value, abs=1e-4)
    assert (np.diff(found.values) >= 0).all()
    typical = EvaluationSettings(sections=("typicality",), **few)
    found = reference_of(evaluate(model, labelled_images, settings=typical))
    assert (found.n_samples, len(found.values)) == (2, 9)


def test_without_single_images_values_there_is_nothing_to_compare_with(labelled_images):
    model = build_model(ModelConfig(family="autoencoder", latent_dim=3, width=8, depth=1))
    images = ImageDataset("few", labelled_images.images[:4], split="test")
    settings = EvaluationSettings(sections=("bounds",))
    assert reference_of(evaluate(model, images, settings=settings)) is None
    assert reference_of(None) is None
