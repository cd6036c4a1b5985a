import numpy as np
import pytest
import torch

from vaelab.evaluation.codes import encode
from vaelab.evaluation.reconstruction import mse_per_image
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
