import numpy as np
import pytest
import torch

from vaelab.evaluation.codes import encode
from vaelab.evaluation.elbo import distortion_at_mean, elbo_per_image
from vaelab.models import ModelConfig, build_model


def test_the_exact_posterior_makes_the_elbo_log_px_on_average(exact):
    terms = elbo_per_image(encode(exact.model, exact.images), n_samples=400, batch_size=10)
    assert terms.elbo.mean() == pytest.approx(exact.log_px.mean(), abs=0.05)


def test_a_wrong_posterior_lowers_the_elbo_by_its_divergence(stretched):
    """KL[N(m, 4v) || N(m, v)] = (4 - 1 - log 4) / 2 for each of the two dimensions."""
    terms = elbo_per_image(encode(stretched.model, stretched.images), n_samples=400)
    gap = 2 * 0.5 * (3 - np.log(4))
    assert (stretched.log_px - terms.elbo).mean() == pytest.approx(gap, abs=0.05)


def test_every_image_counts_once_with_a_ragged_last_batch(exact):
    whole = elbo_per_image(encode(exact.model, exact.images), batch_size=1000)
    ragged = elbo_per_image(encode(exact.model, exact.images), batch_size=10)  # 37 = 3 * 10 + 7
    assert ragged.distortion.shape == ragged.rate.shape == (37,)
    np.testing.assert_allclose(ragged.rate, whole.rate, rtol=1e-12)
    np.testing.assert_allclose(ragged.rate_per_dimension.sum(1), ragged.rate, rtol=1e-12)


def test_the_same_seed_gives_the_same_numbers_and_torch_is_left_alone(exact):
    before = torch.random.get_rng_state()
    first = elbo_per_image(encode(exact.model, exact.images), seed=3)
    second = elbo_per_image(encode(exact.model, exact.images), seed=3)
    other = elbo_per_image(encode(exact.model, exact.images), seed=4)
    assert (first.elbo == second.elbo).all()
    assert (first.elbo != other.elbo).any()
    assert torch.equal(torch.random.get_rng_state(), before)


def test_an_autoencoder_is_told_why_it_has_no_elbo(labelled_images):
    model = build_model(ModelConfig(family="autoencoder", latent_dim=2, width=8))
    with pytest.raises(ValueError, match="no ELBO"):
        elbo_per_image(encode(model, labelled_images))
    values = distortion_at_mean(encode(model, labelled_images), batch_size=5)
    x = torch.from_numpy(labelled_images.images).float() / 255
    with torch.no_grad():
        expected = -model.decode(model.encode(x).mean).log_prob(x)
    np.testing.assert_allclose(values, expected.numpy(), rtol=1e-5)


def test_wrong_arguments_are_named(exact, labelled_images):
    with pytest.raises(ValueError, match="n_samples"):
        elbo_per_image(encode(exact.model, exact.images), n_samples=0)
    with pytest.raises(ValueError, match="batch_size"):
        elbo_per_image(encode(exact.model, exact.images), batch_size=0)
    model = build_model(ModelConfig(latent_dim=2, width=8, n_classes=3))
    with pytest.raises(ValueError, match="needs labels"):
        encode(model, exact.images)
