import numpy as np
import pytest
import torch

from vaelab.evaluation.alternatives import shuffle_pixels
from vaelab.evaluation.codes import encode, evenly_spaced
from vaelab.evaluation.log_px import log_px_per_image
from vaelab.models import ModelConfig, build_model
from vaelab.objectives import importance_weighted_bound


def test_one_sample_of_the_exact_posterior_is_exact(exact):
    result = log_px_per_image(encode(exact.model, exact.images), n_samples=1, batch_size=10)
    np.testing.assert_allclose(result.log_px, exact.log_px, rtol=0, atol=1e-9)
    np.testing.assert_allclose(result.effective_samples, 1, rtol=1e-9)


def test_the_exact_posterior_makes_every_sample_count(exact):
    result = log_px_per_image(encode(exact.model, exact.images), n_samples=16)
    np.testing.assert_allclose(result.effective_samples, 16, rtol=1e-6)


def test_many_samples_of_a_wrong_posterior_reach_the_closed_form(stretched):
    """Within 4 standard errors: E[w^2] / E[w]^2 is 2 / sqrt(7 / 4) in each of two dimensions."""
    result = log_px_per_image(encode(stretched.model, stretched.images), n_samples=4000)
    error = np.sqrt((4 / (7 / 4) - 1) / 4000)
    np.testing.assert_allclose(result.log_px, stretched.log_px, rtol=0, atol=4 * error)
    assert abs((result.log_px - stretched.log_px).mean()) < 0.01


def test_the_bound_rises_with_samples_and_stays_below_log_px(stretched):
    """E[L_1] <= E[L_8] <= E[L_64] <= log p(x), each expectation over images and repeats."""
    means = []
    for n_samples in (1, 8, 64):
        runs = [
            log_px_per_image(
                encode(stretched.model, stretched.images), n_samples=n_samples, seed=seed
            )
            for seed in range(20)
        ]
        means.append(np.mean([run.log_px for run in runs]))
    assert means[0] < means[1] < means[2] < stretched.log_px.mean() + 0.01


def test_it_is_the_importance_weighted_bound(stretched):
    result = log_px_per_image(
        encode(stretched.model, stretched.images), n_samples=5, seed=7, batch_size=99
    )
    x = torch.from_numpy(stretched.images.images).double() / 255
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        bound = importance_weighted_bound(stretched.model, x, None, 5, generator)
    np.testing.assert_allclose(result.log_px, bound.numpy(), rtol=1e-12)


def test_structure_is_worth_more_than_the_same_pixels_shuffled(exact):
    real = log_px_per_image(encode(exact.model, exact.images), n_samples=8)
    shuffled = log_px_per_image(encode(exact.model, shuffle_pixels(exact.images)), n_samples=8)
    assert (real.log_px > shuffled.log_px).all()


def test_shuffling_keeps_every_image_s_pixels_and_its_colours_together():
    from vaelab.data.dataset import ImageDataset

    images = np.arange(5 * 64, dtype=np.int64).reshape(5, 1, 8, 8) % 251
    colour = np.concatenate([images, images, images], axis=1).astype(np.uint8)
    dataset = ImageDataset("x", colour, None, (), "test")
    shuffled = shuffle_pixels(dataset, seed=1)
    assert (np.sort(shuffled.images.reshape(15, 64)) == np.sort(colour.reshape(15, 64))).all()
    assert (shuffled.images[:, 0] == shuffled.images[:, 2]).all()
    assert (shuffled.images != colour).any(axis=(1, 2, 3)).all()
    order = [np.argsort(picture.ravel()) for picture in shuffled.images[:2, 0]]
    assert (order[0] != order[1]).any()
    assert (shuffle_pixels(dataset, seed=1).images == shuffled.images).all()
    assert shuffled.split == "test"


def test_a_subset_of_sorted_images_holds_every_class(labelled_images):
    subset = evenly_spaced(labelled_images, 9)
    assert len(subset) == 9
    assert set(subset.labels) == {0, 1, 2}
    assert evenly_spaced(labelled_images, 23) is labelled_images
    assert evenly_spaced(labelled_images, 99) is labelled_images


def test_refusals(exact, labelled_images):
    with pytest.raises(ValueError, match="n_samples"):
        log_px_per_image(encode(exact.model, exact.images), n_samples=0)
    model = build_model(ModelConfig(family="autoencoder", latent_dim=2, width=8))
    with pytest.raises(ValueError, match="no ELBO"):
        log_px_per_image(encode(model, labelled_images))


def test_the_standard_error_is_the_spread_of_repeated_estimates(stretched):
    codes = encode(stretched.model, stretched.images)
    runs = [log_px_per_image(codes, n_samples=64, seed=seed) for seed in range(60)]
    spread = np.std([run.log_px for run in runs], axis=0, ddof=1).mean()
    assert np.mean([run.standard_error for run in runs]) == pytest.approx(spread, rel=0.1)


def test_one_sample_says_nothing_of_its_error_and_equal_weights_have_none(exact):
    codes = encode(exact.model, exact.images)
    assert np.isinf(log_px_per_image(codes, n_samples=1).standard_error).all()
    equal = log_px_per_image(codes, n_samples=8).standard_error
    np.testing.assert_allclose(equal, 0, atol=1e-4)
