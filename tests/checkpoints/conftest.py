"""Small splits and models to save."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from vaelab.checkpoints import Checkpoint, save_checkpoint
from vaelab.data import DatasetSplits, load_dataset
from vaelab.latent.encode import concatenate, encode_dataset
from vaelab.latent.mixture import CodeMixture
from vaelab.models import Model, ModelConfig, build_model

PNG = b"\x89PNG\r\n\x1a\n not looked into"


@pytest.fixture(scope="session")
def splits() -> DatasetSplits:
    return load_dataset("digits")


@pytest.fixture
def save(tmp_path: Path, splits: DatasetSplits) -> Callable[..., tuple[Model, Checkpoint]]:
    def saved(name: str = "one", seed: int = 0, **settings: Any) -> tuple[Model, Checkpoint]:
        model = build_model(ModelConfig(**{"latent_dim": 3, "width": 16, **settings}), seed)
        latents = concatenate(
            [encode_dataset(model, splits.train), encode_dataset(model, splits.test)]
        )
        mixture = None
        if model.config.is_autoencoder:
            mixture = CodeMixture.fit(latents.mean, n_components=2)
        checkpoint = save_checkpoint(
            tmp_path / "checkpoints",
            name,
            model=model,
            train_config={"epochs": 2},
            splits=splits,
            latents=latents,
            history=[{"epoch": 1}, {"epoch": 2}],
            preview_png=PNG,
            mixture=mixture,
        )
        return model, checkpoint

    return saved


@pytest.fixture
def z() -> torch.Tensor:
    return torch.randn(4, 3, generator=torch.Generator().manual_seed(0))
