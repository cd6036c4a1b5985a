"""ModelConfig: refusals name the field, the value and what is allowed; JSON round trip."""

from __future__ import annotations

import json
from typing import Any

import pytest

from vaelab.models import ModelConfig


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"family": "gan"}, "family must be one of autoencoder, vae, got 'gan'"),
        ({"network": "rnn"}, "network must be one of"),
        ({"likelihood": "poisson"}, "likelihood must be one of"),
        ({"prior": "flow"}, "prior must be one of"),
        ({"activation": "gelu"}, "activation must be one of"),
        ({"image_shape": (2, 8, 8)}, "image_shape must be"),
        ({"image_shape": (1, 7, 8)}, "image height must lie in 8..128, got 7"),
        ({"image_shape": (1, 8, 200)}, "image width must lie in 8..128, got 200"),
        ({"latent_dim": 0}, "latent_dim must lie in 1..512, got 0"),
        ({"n_classes": 1}, "n_classes must be 0 or at least 2"),
        ({"min_std": float("nan")}, "min_std must lie in"),
        ({"depth": 0, "network": "conv"}, "depth must lie in 1..8, got 0"),
        ({"prior": "class_gaussian"}, "belongs to a conditional VAE: n_classes must be"),
        ({"latent_dim": True}, "latent_dim must be a number in 1..512, got True"),
        ({"latent_dim": "3"}, "latent_dim must be a whole number, got '3'"),
        ({"min_std": "a"}, "min_std must be a number in 0.001..1.0, got 'a'"),
        ({"image_shape": None}, "image_shape must be .*, got None"),
        ({"family": "autoencoder", "n_classes": 3}, "an autoencoder has no classes"),
        ({"regulariser": "sparse"}, "regulariser belongs to the autoencoder"),
        (
            {
                "family": "autoencoder",
                "regulariser": "denoise_masking",
                "regulariser_strength": 1.0,
            },
            "must lie below 1",
        ),
    ],
)
def test_invalid_settings_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ModelConfig(**settings)


def test_json_round_trip_and_unknown_keys() -> None:
    config = ModelConfig(image_shape=(3, 32, 32), n_classes=4, prior="class_gaussian")
    assert ModelConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    with pytest.raises(ValueError, match=r"unknown model settings: widht\. Did you mean width\?"):
        ModelConfig.from_dict({"widht": 3})


def test_labels_of_the_families() -> None:
    assert ModelConfig().family_label == "VAE"
    assert ModelConfig(n_classes=2).family_label == "CVAE"
    assert ModelConfig(family="autoencoder").family_label == "Autoencoder"


@pytest.mark.parametrize(("side", "width"), [(28, 32), (32, 32), (33, 24), (64, 24), (128, 24)])
def test_large_images_get_a_narrower_network_that_a_browser_can_decode(side, width):
    assert ModelConfig(image_shape=(3, side, side), network="conv").width == width
    assert ModelConfig(image_shape=(3, 28, side), network="conv").width == width
    assert ModelConfig(image_shape=(3, side, side), network="conv", width=40).width == 40
    assert ModelConfig(image_shape=(3, side, side), network="mlp").width == 512
