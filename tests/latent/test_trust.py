import numpy as np
import pytest
import torch

from vaelab.latent import Latents, slider_axes
from vaelab.latent.trust import FEWEST, QUANTILES, K, sample_rows, scales, typical_of_sample
from vaelab.latent.typicality import aggregate_log_density
from vaelab.models import ModelConfig, build_model

N = 300


def codes(n: int = N, log_var: bool = True, labels: int = 0) -> Latents:
    rng = np.random.default_rng(7)  # not that of the measure, whose noise would follow the codes
    return Latents(
        mean=(rng.normal(size=(n, 3)) * [3, 1, 0.5]).astype(np.float32),
        log_var=np.full((n, 3), -2, np.float32) if log_var else None,
        labels=np.arange(n) % labels if labels else None,
        split=np.zeros(n, np.uint8),
        index=np.arange(n),
    )


def model(**settings):
    config = ModelConfig(image_shape=(1, 8, 8), latent_dim=3, width=16, depth=1, **settings)
    return build_model(config, seed=0).eval()


def typical(latents: Latents, **settings):
    return typical_of_sample(model(**settings), latents, slider_axes(latents))


def test_draws_of_the_posterior_lie_anywhere_among_the_quantiles_and_far_codes_beyond():
    latents = codes()
    (quantiles,) = typical(latents).quantiles
    assert len(quantiles) == QUANTILES
    assert quantiles == sorted(quantiles)
    rng = np.random.default_rng(1)
    drawn = latents.mean + np.exp(0.5 * latents.log_var) * rng.normal(size=latents.mean.shape)
    own = -aggregate_log_density(drawn, latents.mean, latents.log_var, np.arange(N))
    assert np.median(own) == pytest.approx(quantiles[50], abs=0.5)
    far = -aggregate_log_density([[20.0, 0, 0]], latents.mean, latents.log_var)
    assert far[0] > quantiles[-1]


def test_an_autoencoder_is_measured_by_its_neighbours():
    found = typical(codes(log_var=False), family="autoencoder")
    assert found.kind == "neighbours"
    assert not found.per_class
    assert found.quantiles[0][0] > 0


def test_classes_with_priors_of_their_own_are_measured_apart_where_they_have_codes_enough():
    latents = codes(labels=3)
    few = latents.take(np.r_[0:150:3, 1 : 3 * FEWEST : 3])  # all of class 0, too few of class 1
    found = typical(few, n_classes=3, prior="class_gaussian")
    assert found.per_class
    assert [quantiles is not None for quantiles in found.quantiles] == [True, False, False]


def test_the_re_encoding_is_that_of_the_model():
    latents = codes(n=40)
    network = model()
    with torch.no_grad():
        back = network.encode(network.decode(torch.from_numpy(latents.mean), None).mean).mean
    scale = scales(slider_axes(latents))
    distance = np.sqrt(np.square((back.numpy() - latents.mean) / scale).mean(axis=1))
    found = typical_of_sample(network, latents, slider_axes(latents)).reencoding
    assert found[0] == pytest.approx(distance.min(), rel=1e-3)
    assert found[-1] == pytest.approx(distance.max(), rel=1e-3)


def test_rows_are_always_the_same_ones_in_order():
    rows = sample_rows(1000, 10)
    assert len(rows) == len(set(rows)) == 10
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, sample_rows(1000, 10))
    np.testing.assert_array_equal(sample_rows(5, 10), np.arange(5))
    assert FEWEST > K
