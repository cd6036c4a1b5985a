"""One small conditional model of the digits for all tests of the room."""

from __future__ import annotations

import pytest

from vaelab.checkpoints import Checkpoint, save_checkpoint
from vaelab.data import load_dataset
from vaelab.latent.encode import encode_dataset
from vaelab.models import ModelConfig, build_model


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Checkpoint:
    splits = load_dataset("digits")
    config = ModelConfig(latent_dim=3, width=16, n_classes=10, prior="class_gaussian")
    model = build_model(config)
    return save_checkpoint(
        tmp_path_factory.mktemp("checkpoints"),
        "small",
        model=model,
        train_config={"epochs": 1},
        splits=splits,
        latents=encode_dataset(model, splits.test),
        history=[{"epoch": 1}],
        preview_png=b"\x89PNG\r\n\x1a\n",
    )
