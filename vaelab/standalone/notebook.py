"""A notebook that decodes one picture and draws others: a few lines to go on from."""

from __future__ import annotations

import json

from vaelab.checkpoints import Checkpoint
from vaelab.standalone.start import Start

DIGITS = 4


def notebook(checkpoint: Checkpoint, start: Start) -> bytes:
    """The `.ipynb` file (nbformat 4.5); its first picture is the one of `start`."""
    cells = [
        _markdown("about", _about(checkpoint)),
        _code("load", _load(checkpoint)),
        _code("decode", _decode(checkpoint, start)),
        _markdown("more", "Others, from the prior; the temperature scales its spread."),
        _code("draw", _draw(checkpoint)),
    ]
    if start.label is not None:
        about = "The style of the first picture with every class; `swap_images` takes images."
        cells += [_markdown("classes", about), _code("swap", _swap(checkpoint, start.label))]
    book = {
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "cells": cells,
    }
    return (json.dumps(book, indent=1, ensure_ascii=False) + "\n").encode()


def _about(checkpoint: Checkpoint) -> str:
    return (
        f"# {checkpoint.id}\n\nRun it in the folder of vaelab, with this checkpoint among its own "
        f"(weights SHA-256 `{checkpoint.weights_sha256[:16]}…`)."
    )


def _load(checkpoint: Checkpoint) -> str:
    return (
        "import torch\n"
        "from vaelab import load_checkpoint, load_model\n"
        "from vaelab.checkpoints import load_mixture\n"
        "from vaelab.latent.draw import draw_codes\n"
        "from vaelab.pictures import enlarge, grid, to_picture\n\n"
        f"checkpoint = load_checkpoint({checkpoint.id!r})\n"
        f"assert checkpoint.weights_sha256 == {checkpoint.weights_sha256!r}, 'other weights'\n"
        "model = load_model(checkpoint)"
    )


def _decode(checkpoint: Checkpoint, start: Start) -> str:
    z = [round(value, DIGITS) for value in start.z]
    lines = [f"z = torch.tensor([{z}])"]
    if start.label is not None:
        lines.append(f"y = torch.zeros(1, {checkpoint.model_config.n_classes})")
        share = 0.0 if start.other is None else start.blend
        lines.append(f"y[0, {start.label}] = {1 - share:g}  # {_name(checkpoint, start.label)}")
        if start.other is not None:
            lines.append(f"y[0, {start.other}] += {share:g}  # {_name(checkpoint, start.other)}")
    inputs = "z" if start.label is None else "z, y"
    lines.append(f"picture = model.decode({inputs}).mean[0].numpy()  # (C, H, W) in [0, 1]")
    lines.append("enlarge(to_picture(picture), 256)")
    return "\n".join(lines)


def _draw(checkpoint: Checkpoint) -> str:
    n = checkpoint.model_config.n_classes
    labels = f"torch.arange({n}).repeat_interleave(5)" if n else "None"
    return (
        f"labels = {labels}\n"
        f"n = {'len(labels)' if n else '25'}\n"
        "codes = draw_codes(model, load_mixture(checkpoint), n, seed=0, classes=labels, "
        "temperature=0.8)\n"
        "pictures = model.decode(torch.from_numpy(codes), labels).mean.numpy()\n"
        "grid(pictures, columns=5)"
    )


def _swap(checkpoint: Checkpoint, label: int) -> str:
    return (
        "from vaelab.latent.class_swap import swap_classes\n\n"
        f"swapped = swap_classes(model, z, [{label}])  # pictures (1, classes, C, H, W)\n"
        f"grid(swapped.pictures[0], columns={min(checkpoint.model_config.n_classes, 10)})"
    )


def _name(checkpoint: Checkpoint, label: int) -> str:
    return " ".join(checkpoint.class_names[label].split())


def _markdown(name: str, text: str) -> dict[str, object]:
    return {"id": name, "cell_type": "markdown", "metadata": {}, "source": text}


def _code(name: str, text: str) -> dict[str, object]:
    cell = {"id": name, "cell_type": "code", "metadata": {}, "source": text}
    return {**cell, "execution_count": None, "outputs": []}
