"""Residual convolutional encoder and decoder for images of 8 to 128 pixels a side."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vaelab.models.config import ModelConfig

SMALLEST_SIDE = 7  # resolutions are halved until no side is longer than this


@dataclass(frozen=True)
class Level:
    """One resolution of the pyramid."""

    channels: int
    height: int
    width: int


def pyramid(config: ModelConfig) -> list[Level]:
    """Levels from full resolution down: channels width/2, width, 2 width, then 4 width.

    Sides are halved and rounded up: 28 -> 14 -> 7; 32 -> 16 -> 8 -> 4.
    """
    _, height, width = config.image_shape
    levels = [Level(max(config.width // 2, 4), height, width)]
    while max(height, width) > SMALLEST_SIDE:
        height, width = (height + 1) // 2, (width + 1) // 2
        channels = config.width * min(2 ** (len(levels) - 1), 4)
        levels.append(Level(channels, height, width))
    return levels


def _initialise(network: nn.Module, output: nn.Conv2d | nn.Linear) -> None:
    """He initialisation with residual blocks as the identity and a smaller output layer.

    torch's default shrinks the signal at every layer, which costs whole epochs.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    for block in network.modules():
        if isinstance(block, ResidualBlock):
            block.start_as_identity()
    nn.init.xavier_uniform_(output.weight)


class ResidualBlock(nn.Module):
    """x + conv1x1(act(conv3x3(act(x))))."""

    def __init__(self, channels: int, activation: type[nn.Module]) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            activation(),
            nn.Conv2d(channels, channels, 3, padding=1),
            activation(),
            nn.Conv2d(channels, channels, 1),
        )

    def start_as_identity(self) -> None:
        for parameter in self.layers[-1].parameters():
            nn.init.zeros_(parameter)

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = x + self.layers(x)
        return out


class Upsample(nn.Module):
    """conv3x3 to four times the channels, interleaved into twice the sides, cropped to size."""

    def __init__(self, channels: int, target: Level) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, 4 * target.channels, 3, padding=1)
        self.shuffle = nn.PixelShuffle(2)
        self.target = target

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.shuffle(self.conv(x))
        return out[:, :, : self.target.height, : self.target.width]


class ConvEncoder(nn.Module):
    """x and c -> out_features; the class enters as a bias on the first feature maps."""

    def __init__(self, config: ModelConfig, out_features: int, activation: type[nn.Module]) -> None:
        super().__init__()
        levels = pyramid(config)
        self.stem = nn.Conv2d(config.image_shape[0], levels[0].channels, 3, padding=1)
        self.class_bias = (
            nn.Linear(config.n_classes, levels[0].channels, bias=False)
            if config.n_classes
            else None
        )
        layers: list[nn.Module] = []
        for above, level in itertools.pairwise(levels):
            layers += [
                activation(),
                nn.Conv2d(above.channels, level.channels, 3, stride=2, padding=1),
            ]
            layers += [ResidualBlock(level.channels, activation) for _ in range(config.depth)]
        self.levels = nn.Sequential(*layers, activation(), nn.Flatten())
        last = levels[-1]
        self.head = nn.Linear(last.channels * last.height * last.width, out_features)
        _initialise(self, self.head)

    def forward(self, x: Tensor, c: Tensor | None) -> Tensor:
        features: Tensor = self.stem(x)
        if self.class_bias is not None:
            features = features + self.class_bias(c)[:, :, None, None]
        out: Tensor = self.head(self.levels(features))
        return out


class ConvDecoder(nn.Module):
    """z and c -> (out_channels, H, W), the encoder's pyramid upwards."""

    def __init__(self, config: ModelConfig, out_channels: int, activation: type[nn.Module]) -> None:
        super().__init__()
        levels = pyramid(config)[::-1]
        self.first = levels[0]
        self.stem = nn.Linear(
            config.latent_dim + config.n_classes,
            self.first.channels * self.first.height * self.first.width,
        )
        layers: list[nn.Module] = []
        for level, above in itertools.pairwise(levels):
            layers += [ResidualBlock(level.channels, activation) for _ in range(config.depth)]
            layers += [activation(), Upsample(level.channels, above)]
        to_image = nn.Conv2d(levels[-1].channels, out_channels, 3, padding=1)
        self.levels = nn.Sequential(*layers, activation(), to_image)
        _initialise(self, to_image)

    def forward(self, z: Tensor, c: Tensor | None) -> Tensor:
        joined = z if c is None else torch.cat((z, c), 1)
        first = self.first
        features = self.stem(joined).unflatten(1, (first.channels, first.height, first.width))
        out: Tensor = self.levels(features)
        return out
