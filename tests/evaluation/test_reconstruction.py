import numpy as np
import pytest
import torch

from vaelab.data import ImageDataset
from vaelab.evaluation.codes import encode
from vaelab.evaluation.reconstruction import mse_per_image, psnr, ssim_per_image
from vaelab.models import ModelConfig, build_model


@pytest.mark.parametrize(
    "config",
    [
        ModelConfig(latent_dim=2, width=8, n_classes=3),
        ModelConfig(latent_dim=2, width=8, likelihood="gaussian"),
        ModelConfig(family="autoencoder", latent_dim=2, width=8),
    ],
    ids=lambda config: config.family_label,
)
def test_it_is_the_error_of_the_reconstruction_from_the_mean(config, labelled_images):
    model = build_model(config)
    values = mse_per_image(encode(model, labelled_images), batch_size=10)
    x = torch.from_numpy(labelled_images.images).float() / 255
    y = torch.from_numpy(labelled_images.labels) if config.is_conditional else None
    with torch.no_grad():
        mean = model.decode(model.encode(x, y).mean, y).mean
    np.testing.assert_allclose(values, ((x - mean) ** 2).mean((1, 2, 3)).numpy(), rtol=1e-5)
    assert values.shape == (23,)
    assert ((values >= 0) & (values <= 1)).all()


def test_psnr_is_ten_decibels_a_factor_of_ten():
    assert psnr(np.array([1.0, 0.1, 0.01])).tolist() == pytest.approx([0, 10, 20])
    assert psnr(np.array([0.0])).tolist() == [np.inf]


def test_a_perfect_reconstruction_has_a_similarity_of_one(exact):
    """The image that the linear model decodes from z = 0 is its own reconstruction."""
    encoded = encode(exact.model, exact.images)
    assert 0.3 < ssim_per_image(encoded).mean() < 1
    same = ImageDataset("same", np.rint(255 * pattern()).astype(np.uint8), None, (), "test")
    perfect = ssim_per_image(encode(exact.model, same))
    assert perfect == pytest.approx([1.0], abs=1e-3)


def pattern():
    """The linear model's offset, which it decodes from z = 0."""
    return (0.5 + 0.3 * np.sin(np.arange(64) / 5)).reshape(1, 1, 8, 8)
