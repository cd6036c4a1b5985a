"""Encoder and decoder networks: image and class weights to features, code to image maps.

Every encoder maps x (B, C, H, W) and c (B, n_classes) or None to (B, out_features); every
decoder maps z (B, K) and c to (B, out_channels, H, W).
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vaelab.models.config import ModelConfig
from vaelab.models.convolutional import ConvDecoder, ConvEncoder

ACTIVATIONS: dict[str, type[nn.Module]] = {"silu": nn.SiLU, "relu": nn.ReLU, "tanh": nn.Tanh}


def _perceptron(sizes: list[int], activation: type[nn.Module]) -> nn.Sequential:
    layers: list[nn.Module] = []
    for n_in, n_out in itertools.pairwise(sizes):
        linear = nn.Linear(n_in, n_out)
        # keeps the signal's scale from layer to layer; torch's default shrinks it by sqrt(6)
        nn.init.kaiming_normal_(linear.weight, nonlinearity="relu")
        nn.init.zeros_(linear.bias)
        layers += [linear, activation()]
    nn.init.xavier_uniform_(layers[-2].get_parameter("weight"))
    return nn.Sequential(*layers[:-1])  # the last layer is linear


class MlpEncoder(nn.Module):
    """[x, c] -> `depth` hidden layers of `width` -> out_features."""

    def __init__(self, config: ModelConfig, out_features: int) -> None:
        super().__init__()
        hidden = [config.width] * config.depth
        self.layers = _perceptron(
            [config.data_dim + config.n_classes, *hidden, out_features],
            ACTIVATIONS[config.activation],
        )

    def forward(self, x: Tensor, c: Tensor | None) -> Tensor:
        flat = x.flatten(1)  # (B, D)
        out: Tensor = self.layers(flat if c is None else torch.cat((flat, c), 1))
        return out


class MlpDecoder(nn.Module):
    """[z, c] -> `depth` hidden layers of `width` -> (out_channels, H, W)."""

    def __init__(self, config: ModelConfig, out_channels: int) -> None:
        super().__init__()
        _, height, width = config.image_shape
        self.shape = (out_channels, height, width)
        hidden = [config.width] * config.depth
        self.layers = _perceptron(
            [config.latent_dim + config.n_classes, *hidden, out_channels * height * width],
            ACTIVATIONS[config.activation],
        )

    def forward(self, z: Tensor, c: Tensor | None) -> Tensor:
        flat: Tensor = self.layers(z if c is None else torch.cat((z, c), 1))
        maps: Tensor = flat.unflatten(1, self.shape)
        return maps


@dataclass(frozen=True)
class Network:
    """A pair of builders: encoder(config, out_features) and decoder(config, out_channels)."""

    encoder: Callable[[ModelConfig, int], nn.Module]
    decoder: Callable[[ModelConfig, int], nn.Module]


NETWORKS = {
    "mlp": Network(MlpEncoder, MlpDecoder),
    "conv": Network(
        lambda config, n: ConvEncoder(config, n, ACTIVATIONS[config.activation]),
        lambda config, n: ConvDecoder(config, n, ACTIVATIONS[config.activation]),
    ),
}
