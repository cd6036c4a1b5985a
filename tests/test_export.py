"""ONNX against torch, for every family, likelihood and network, at another batch size."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import pytest
import torch

from vaelab.export import export_model
from vaelab.models import LIKELIHOODS, ModelConfig, build_model

KINDS: list[dict[str, Any]] = [
    {},
    {"n_classes": 3, "prior": "class_gaussian"},
    {"family": "autoencoder"},
]
# every likelihood with one kind of model, every kind with one likelihood, both networks for all
CASES = [
    *itertools.product(["mlp", "conv"], LIKELIHOODS, KINDS[:1]),
    *itertools.product(["mlp", "conv"], ["gaussian"], KINDS[1:]),
]


@pytest.mark.parametrize(("network", "likelihood", "kind"), CASES)
def test_onnx_equals_torch(
    tmp_path: Path, network: str, likelihood: str, kind: dict[str, Any]
) -> None:
    config = ModelConfig(
        image_shape=(3, 9, 12),
        latent_dim=4,
        network=network,
        width=8,
        likelihood=likelihood,
        **kind,
    )
    model = build_model(config).eval().requires_grad_(False)
    decoder, encoder = export_model(model, tmp_path)
    generator = torch.Generator().manual_seed(0)
    z, x = torch.randn(5, 4, generator=generator), torch.rand(5, 3, 9, 12, generator=generator)
    y = torch.softmax(torch.randn(5, 3, generator=generator), 1) if config.n_classes else None
    classes = {} if y is None else {"y": y.numpy()}

    image, posterior = model.decode(z, y), model.encode(x, y)
    expected = {"mean": image.mean, "std": image.std}
    compare(run(decoder, {"z": z.numpy(), **classes}), expected)
    expected = {"mean": posterior.mean, "log_var": posterior.log_var}
    compare(run(encoder, {"x": x.numpy(), **classes}), expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["decoder.onnx", "encoder.onnx"]


def run(path: Path, inputs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    session = onnxruntime.InferenceSession(path)
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs), strict=True))


def compare(got: dict[str, np.ndarray], expected: dict[str, torch.Tensor | None]) -> None:
    present = {name: value for name, value in expected.items() if value is not None}
    assert set(got) == set(present)
    for name, value in present.items():
        np.testing.assert_allclose(got[name], value.numpy(), rtol=0, atol=1e-4)
