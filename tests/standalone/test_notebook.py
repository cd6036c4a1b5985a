"""The notebook's own lines, run as they stand."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from vaelab.checkpoints import Checkpoint, load_model
from vaelab.standalone import KeyCode, Start
from vaelab.standalone.notebook import notebook

FRAMES = (KeyCode((0.0, 0.0, 0.0), 0), KeyCode((1.0, 1.0, 1.0), 1))


def test_its_cells_make_the_picture(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(checkpoint.path.parent))
    start = Start((0.5, -1.0, 2.0), 7, FRAMES, other=1, blend=0.25)
    book = json.loads(notebook(checkpoint, start))
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    known: dict[str, object] = {}
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            exec(cell["source"], known)
    weights = torch.zeros(1, 10)
    weights[0, [7, 1]] = torch.tensor([0.75, 0.25])
    mean = load_model(checkpoint).decode(torch.tensor([[0.5, -1.0, 2.0]]), weights).mean[0]
    np.testing.assert_array_equal(known["picture"], mean.numpy())
    assert np.shape(known["pictures"]) == (50, 1, 8, 8)
    assert np.shape(known["swapped"].pictures) == (1, 10, 1, 8, 8)


def test_other_weights_are_not_taken_for_these(
    checkpoint: Checkpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    import dataclasses

    monkeypatch.setenv("VAELAB_CHECKPOINTS", str(checkpoint.path.parent))
    other = dataclasses.replace(checkpoint, weights_sha256="0" * 64)
    book = json.loads(notebook(other, Start((0.0, 0.0, 0.0), 0, FRAMES)))
    with pytest.raises(AssertionError, match="other weights"):
        exec(book["cells"][1]["source"], {})
