import numpy as np
import pytest

from vaelab.evaluation.ais import AisSettings, ais_log_px_per_image
from vaelab.evaluation.codes import encode
from vaelab.latent.annealed import schedule
from vaelab.models import ModelConfig, build_model

SETTINGS = AisSettings(n_chains=16, n_steps=300, n_leapfrog=4)


def test_it_finds_the_closed_form_without_the_encoder(stretched):
    """The linear-Gaussian model's log p(x), within 0.01 nats a dimension of the data."""
    encoded = encode(stretched.model, stretched.images).evenly_spaced(12)
    rows = np.arange(12) * len(stretched.images) // 12
    result = ais_log_px_per_image(encoded, SETTINGS)
    error = result.log_px - stretched.log_px[rows]
    assert abs(error).max() < 0.01 * 64
    assert abs(error.mean()) < 0.1
    assert ((result.acceptance > 0.7) & (result.acceptance < 0.9)).all()


def test_a_wrong_encoder_changes_nothing(exact, stretched):
    found = [
        ais_log_px_per_image(encode(m.model, m.images).evenly_spaced(3), SETTINGS, seed=2)
        for m in (exact, stretched)
    ]
    np.testing.assert_allclose(found[0].log_px, found[1].log_px, rtol=0, atol=1e-9)


def test_few_steps_are_a_looser_lower_bound(exact):
    encoded = encode(exact.model, exact.images)
    short = ais_log_px_per_image(encoded, AisSettings(2, 10, 2))
    long = ais_log_px_per_image(encoded, AisSettings(2, 100, 2))
    assert short.log_px.mean() < long.log_px.mean() < exact.log_px.mean() + 0.1


def test_the_schedule_rises_from_the_prior_to_the_posterior():
    betas = schedule(50)
    assert (betas[0], betas[-1], len(betas)) == (0, 1, 51)
    steps = np.diff(betas)
    assert (steps > 0).all()
    assert steps[0] < steps[25] / 5


def test_a_conditional_model_is_given_its_class(labelled_images):
    config = ModelConfig(latent_dim=2, width=8, n_classes=3, prior="class_gaussian")
    encoded = encode(build_model(config), labelled_images).evenly_spaced(5)
    result = ais_log_px_per_image(encoded, AisSettings(2, 5, 2))
    assert result.log_px.shape == (5,)
    assert np.isfinite(result.log_px).all()


def test_what_cannot_be_is_refused(labelled_images):
    model = build_model(ModelConfig(family="autoencoder", latent_dim=2, width=8))
    with pytest.raises(ValueError, match="no ELBO"):
        ais_log_px_per_image(encode(model, labelled_images), AisSettings(1, 1, 1))
    with pytest.raises(ValueError, match="n_steps must be at least 1, got 0"):
        AisSettings(n_steps=0)
