"""How often a classifier trained on the real images names a conditional VAE's samples as asked.

    python -m benchmarks.class_agreement checkpoints/mnist-cvae --data DIR

Prints the classifier's accuracy on the real test images beside it: the agreement cannot be read
without it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import ImageDataset, load_dataset
from vaelab.models import VAE


def classifier(channels: int, n_classes: int) -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(channels, 24, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(24, 48, 4, 2, 1),
        nn.ReLU(),
        nn.Conv2d(48, 64, 4, 2, 1),
        nn.ReLU(),
        nn.Flatten(),
        nn.LazyLinear(128),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Linear(128, n_classes),
    )


def pixels(dataset: ImageDataset) -> Tensor:
    return torch.from_numpy(dataset.images).float() / 255


def train(network: nn.Module, dataset: ImageDataset, epochs: int) -> None:
    x, y = torch.from_numpy(dataset.images), torch.from_numpy(np.asarray(dataset.labels))
    network(x[:2].float())
    optimiser = torch.optim.AdamW(network.parameters(), 1e-3)
    steps = epochs * -(-len(x) // 128)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    for epoch in range(epochs):
        for part in torch.randperm(len(x)).split(128):
            loss = F.cross_entropy(network(x[part].float() / 255), y[part])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
        print(f"classifier: epoch {epoch + 1}/{epochs}", flush=True)


@torch.no_grad()
def named(network: nn.Module, x: Tensor) -> Tensor:
    return torch.cat([network(part).argmax(1) for part in x.split(500)])


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)
    checkpoint = read_checkpoint(chosen.checkpoint)
    model = load_model(checkpoint)
    if not (isinstance(model, VAE) and model.config.is_conditional):
        parser.error(f"{checkpoint.id} is not a conditional VAE.")
    splits = load_dataset(checkpoint.data_spec, data_dir=chosen.data)
    network = classifier(model.config.image_shape[0], model.config.n_classes)
    with torch.enable_grad():
        train(network, splits.train, chosen.epochs)
    network.eval()
    real = named(network, pixels(splits.test)) == torch.from_numpy(np.asarray(splits.test.labels))
    y = torch.arange(chosen.samples) % model.config.n_classes
    z = model.sample_latents(len(y), y, torch.Generator().manual_seed(chosen.seed))
    drawn = named(network, model.decode(z, y).mean) == y
    print(f"accuracy on {len(real):,} real test images: {real.float().mean():.1%}")
    error = (drawn.float().mean() * (1 - drawn.float().mean()) / len(drawn)).sqrt()
    print(f"{len(drawn):,} samples named as asked: {drawn.float().mean():.1%} ± {error:.1%}")
    for label, name in enumerate(checkpoint.class_names):
        print(f"  {name}: {drawn[y == label].float().mean():.1%}")


if __name__ == "__main__":
    main()
