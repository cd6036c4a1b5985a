import numpy as np
import pytest

from vaelab.data.dataset import ImageDataset
from vaelab.evaluation import EvaluationSettings, evaluate
from vaelab.evaluation.standing import reference_of
from vaelab.models import ModelConfig, build_model
from vaelab.web.reconstruct.measure import (
    SAMPLES,
    elbo_of_classes,
    log_px_of_image,
    measure_image,
    scored,
)

SMALL = {"latent_dim": 3, "width": 8, "depth": 1}
IMAGE = np.random.default_rng(0).integers(0, 256, (1, 8, 8), np.uint8)


def test_the_elbo_is_minus_distortion_and_rate():
    terms = measure_image(build_model(ModelConfig(**SMALL)), IMAGE)
    assert terms.elbo == pytest.approx(-(terms.distortion + terms.rate))
    assert terms.rate >= 0
    assert terms.n_samples == SAMPLES


def test_an_autoencoder_has_a_distortion_alone():
    terms = measure_image(build_model(ModelConfig(family="autoencoder", **SMALL)), IMAGE)
    assert terms.rate is None
    assert terms.elbo is None
    assert terms.n_samples == 0


def test_the_elbo_under_a_class_is_the_one_of_the_image_with_that_label():
    model = build_model(ModelConfig(n_classes=3, **SMALL))
    values = elbo_of_classes(model, IMAGE)
    assert values.shape == (3,)
    assert values[1] == pytest.approx(measure_image(model, IMAGE, 1).elbo, abs=1.0)


def test_a_model_without_classes_has_no_elbo_of_classes():
    with pytest.raises(ValueError, match="conditional"):
        elbo_of_classes(build_model(ModelConfig(**SMALL)), IMAGE)


@pytest.mark.parametrize("n_classes", [0, 3])
def test_an_images_log_px_is_the_one_that_its_report_would_keep(n_classes):
    model = build_model(ModelConfig(n_classes=n_classes, **SMALL))
    labels = np.array([1]) if n_classes else None
    images = ImageDataset("one", IMAGE[None], labels, ("a", "b", "c")[:n_classes], "test")
    settings = EvaluationSettings(
        sections=("likelihood",), n_importance_samples=7, n_ais=0, seed=3, binarisation="fixed"
    )
    reference = reference_of(evaluate(model, images, settings=settings))
    seen = scored(IMAGE, reference.binarisation, reference.seed)
    label = 1 if n_classes else None
    found = log_px_of_image(model, seen, label, n_samples=7, seed=3)
    assert found.log_px == pytest.approx(reference.values[0], abs=1e-4)
    assert 1 <= found.effective_samples <= found.n_samples == 7
    assert found.standard_error > 0


def test_an_autoencoder_has_no_log_px():
    model = build_model(ModelConfig(family="autoencoder", **SMALL))
    with pytest.raises(ValueError, match="no log p"):
        log_px_of_image(model, IMAGE, n_samples=2)
