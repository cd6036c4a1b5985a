import numpy as np
import pytest
import torch

from vaelab.latent import CodeMixture
from vaelab.models import ModelConfig, build_model
from vaelab.web.decoding import BATCH, blend, decode, draw_codes, encode, source_of_codes

SMALL = {"latent_dim": 3, "width": 8, "depth": 1}
RNG = np.random.default_rng(0)


def model(**settings):
    return build_model(ModelConfig(**{**SMALL, **settings})).eval()


@pytest.mark.parametrize(
    ("settings", "has_std"),
    [
        ({}, False),
        ({"family": "autoencoder"}, False),
        ({"likelihood": "gaussian"}, True),
        ({"likelihood": "gaussian_shared"}, True),
    ],
)
def test_decoding_is_the_models_own_whatever_the_batches(settings, has_std):
    net = model(**settings)
    z = RNG.normal(size=(BATCH + 3, 3)).astype(np.float32)
    decoded = decode(net, z)
    with torch.inference_mode():
        likelihood = net.decode(torch.from_numpy(z))
    np.testing.assert_allclose(decoded.mean, likelihood.mean.numpy(), atol=1e-6)
    assert (decoded.std is not None) == has_std
    if has_std:
        assert decoded.std.shape == decoded.mean.shape


def test_labels_and_their_weights_decode_alike():
    net = model(n_classes=4)
    z = RNG.normal(size=(4, 3)).astype(np.float32)
    weights = np.eye(4, dtype=np.float32)
    np.testing.assert_allclose(
        decode(net, z, np.arange(4)).mean, decode(net, z, weights).mean, atol=1e-6
    )


def test_codes_of_another_size_are_refused():
    with pytest.raises(ValueError, match="z must be of shape"):
        decode(model(), np.zeros((1, 2)))


def test_encoding_gives_means_and_standard_deviations_or_points():
    images = RNG.integers(0, 256, (5, 1, 8, 8), np.uint8)
    encoded = encode(model(), images)
    assert encoded.mean.shape == encoded.std.shape == (5, 3)
    assert (encoded.std > 0).all()
    assert encode(model(family="autoencoder"), images).std is None


def test_a_seed_draws_the_same_codes_again():
    net = model(n_classes=3, prior="class_gaussian")
    labels = np.array([2, 2])
    first, again = draw_codes(net, None, 2, 5, labels), draw_codes(net, None, 2, 5, labels)
    np.testing.assert_array_equal(first, again)
    assert first.shape == (2, 3)
    assert not np.array_equal(first, draw_codes(net, None, 2, 6, labels))


def test_an_autoencoder_is_drawn_from_through_its_mixture():
    net = model(family="autoencoder")
    far = CodeMixture(np.ones(1), np.full((1, 3), 50.0), np.eye(3)[None])
    codes = draw_codes(net, far, 20, 0)
    assert np.abs(codes - 50).max() < 10
    assert "mixture" in source_of_codes(net)
    with pytest.raises(ValueError, match="mixture must be given"):
        draw_codes(net, None, 1, 0)


def test_the_prior_is_named():
    assert source_of_codes(model()) == "the prior N(0, I)"
    assert "p(z | c)" in source_of_codes(model(n_classes=3, prior="class_gaussian"))


def test_a_blend_starts_and_ends_pure_and_always_sums_to_one():
    weights = blend(1, 2, 5, 4)
    np.testing.assert_array_equal(weights[0], [0, 1, 0, 0])
    np.testing.assert_array_equal(weights[-1], [0, 0, 1, 0])
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    np.testing.assert_array_equal(blend(3, 3, 2, 4), [[0, 0, 0, 1]] * 2)
