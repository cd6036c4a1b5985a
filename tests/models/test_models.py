"""Every family, network and likelihood for every image size: shapes, classes, determinism."""

from __future__ import annotations

import pytest
import torch

from vaelab.models import VAE, Autoencoder, ModelConfig, build_model, count_parameters
from vaelab.models.convolutional import pyramid

SHAPES = [(1, 8, 8), (1, 28, 28), (3, 32, 32), (3, 17, 9), (1, 100, 33), (3, 128, 128)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("network", ["mlp", "conv"])
@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_encode_and_decode_shapes(
    shape: tuple[int, int, int], network: str, likelihood: str
) -> None:
    config = ModelConfig(
        image_shape=shape, latent_dim=5, network=network, width=8, likelihood=likelihood
    )
    model = build_model(config)
    posterior = model.encode(torch.rand(2, *shape))
    assert posterior.mean.shape == (2, 5)
    likelihood_ = model.decode(posterior.rsample())
    assert likelihood_.mean.shape == (2, *shape)
    assert 0 <= likelihood_.mean.min() <= likelihood_.mean.max() <= 1
    assert (likelihood_.std is not None) == (likelihood == "gaussian")
    if likelihood_.std is not None:
        assert likelihood_.std.shape == (2, *shape)


def test_the_pyramid_halves_until_no_side_is_longer_than_seven() -> None:
    levels = pyramid(ModelConfig(image_shape=(1, 28, 28), network="conv", width=32))
    assert [(level.channels, level.height) for level in levels] == [(16, 28), (32, 14), (64, 7)]


def test_auto_is_a_perceptron_for_small_images_and_convolutional_for_large() -> None:
    assert ModelConfig(image_shape=(1, 28, 28)).network == "mlp"
    assert ModelConfig(image_shape=(3, 32, 32)).network == "conv"
    assert ModelConfig(image_shape=(3, 32, 32)).width == 32
    assert ModelConfig(network="mlp").width == 512


def test_weights_follow_from_the_seed_and_leave_torchs_own_alone() -> None:
    before = torch.random.get_rng_state()
    config = ModelConfig(network="conv", width=8)
    first, again, other = (build_model(config, seed).state_dict() for seed in (1, 1, 2))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert any(not torch.equal(first[name], other[name]) for name in first)
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_the_class_reaches_posterior_likelihood_and_prior(network: str) -> None:
    config = ModelConfig(
        n_classes=3, latent_dim=4, network=network, width=16, prior="class_gaussian"
    )
    model = build_model(config)
    assert isinstance(model, VAE)
    x, z = torch.rand(1, 1, 8, 8).expand(3, -1, -1, -1), torch.randn(1, 4).expand(3, -1)
    y = torch.arange(3)
    for values in (
        model.encode(x, y).mean,
        model.decode(z, y).mean.flatten(1),
        model.prior(y).mean,
    ):
        assert not torch.allclose(values[0], values[1])
        assert not torch.allclose(values[1], values[2])


def test_one_hot_weights_are_labels_and_blends_lie_between() -> None:
    model = build_model(ModelConfig(n_classes=2, latent_dim=2, prior="class_gaussian"))
    assert isinstance(model, VAE)
    z = torch.randn(2, 2)
    labelled = model.decode(z, torch.tensor([0, 1])).mean
    torch.testing.assert_close(model.decode(z, torch.eye(2)).mean, labelled)
    half = model.prior(torch.full((1, 2), 0.5)).mean
    torch.testing.assert_close(half, model.prior(torch.tensor([0, 1])).mean.mean(0, keepdim=True))


@pytest.mark.parametrize(
    "y",
    [
        None,
        torch.tensor([0, 3]),
        torch.tensor([-1, 0]),
        torch.tensor([0]),
        torch.tensor([0.0, 1.0]),
    ],
)
def test_a_conditional_model_refuses_wrong_labels(y: torch.Tensor | None) -> None:
    model = build_model(ModelConfig(n_classes=3))
    with pytest.raises(ValueError, match="y must"):
        model.encode(torch.rand(2, 1, 8, 8), y)


@pytest.mark.parametrize("family", ["vae", "autoencoder"])
def test_a_model_without_classes_refuses_labels(family: str) -> None:
    model = build_model(ModelConfig(family=family))
    with pytest.raises(ValueError, match="y must be None"):
        model.decode(torch.randn(1, 16), torch.tensor([0]))


def test_sampling_is_an_argument_not_a_mode() -> None:
    model = build_model(ModelConfig())
    x = torch.rand(3, 1, 8, 8)
    trained, evaluated = model.train().encode(x), model.eval().encode(x)
    assert torch.equal(trained.mean, evaluated.mean)
    noise = [
        posterior.rsample(torch.Generator().manual_seed(0)) for posterior in (trained, evaluated)
    ]
    assert torch.equal(*noise)


def test_latents_are_drawn_from_the_prior_and_shrink_with_the_temperature() -> None:
    model = build_model(ModelConfig(n_classes=2, prior="class_gaussian", latent_dim=3))
    assert isinstance(model, VAE)
    y = torch.tensor([1]).expand(20_000)
    z = model.sample_latents(len(y), y, torch.Generator().manual_seed(0), temperature=0.5)
    prior = model.prior(y[:1])
    torch.testing.assert_close(z.mean(0), prior.mean[0], rtol=0, atol=0.02)
    torch.testing.assert_close(z.std(0), 0.5 * prior.std[0], rtol=0.03, atol=0)
    assert torch.equal(model.sample_latents(5, y[:5], temperature=0), prior.mean.expand(5, -1))


def test_denoising_corrupts_by_its_strength_and_stays_in_range() -> None:
    x = torch.full((50, 1, 8, 8), 0.5)
    noisy = ModelConfig(
        family="autoencoder", regulariser="denoise_masking", regulariser_strength=0.25
    )
    masked = build_model(noisy)
    assert isinstance(masked, Autoencoder)
    share = (masked.corrupt(x, torch.Generator().manual_seed(0)) == 0).float().mean()
    assert abs(share - 0.25) < 0.03
    gaussian = build_model(
        ModelConfig(family="autoencoder", regulariser="denoise_gaussian", regulariser_strength=0.1)
    )
    assert isinstance(gaussian, Autoencoder)
    noise = gaussian.corrupt(x, torch.Generator().manual_seed(0)) - x
    assert abs(noise.std() - 0.1) < 0.005
    plain = build_model(ModelConfig(family="autoencoder"))
    assert isinstance(plain, Autoencoder)
    assert plain.corrupt(x, None) is x


def test_a_linear_network_has_no_hidden_layer() -> None:
    config = ModelConfig(network="mlp", depth=0, latent_dim=2)
    assert count_parameters(build_model(config)) == (64 * 4 + 4) + (2 * 64 + 64)


@pytest.mark.parametrize("family", ["autoencoder", "vae"])
@pytest.mark.parametrize("network", ["mlp", "conv"])
def test_wrong_shapes_are_named_before_any_layer_sees_them(family: str, network: str) -> None:
    model = build_model(ModelConfig(family=family, latent_dim=3, network=network, width=8))
    for x in (torch.rand(2, 1, 9, 9), torch.rand(1, 8, 8), torch.ones(2, 1, 8, 8).byte()):
        with pytest.raises(ValueError, match=r"x must be float \(B, 1, 8, 8\) in \[0, 1\], got"):
            model.encode(x)
    for z in (torch.rand(2, 5), torch.rand(3)):
        with pytest.raises(ValueError, match=r"z must be float \(B, 3\), got"):
            model.decode(z)
