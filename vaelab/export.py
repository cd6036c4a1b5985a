"""Encoder and decoder as ONNX files, for use outside Python."""

from __future__ import annotations

import logging
import tempfile
import warnings
from pathlib import Path

import torch
from torch import Tensor, nn

from vaelab.checkpoints import Checkpoint, load_model
from vaelab.models import Model

OPSET = 18


class DecoderGraph(nn.Module):
    """z (B, K) and class weights y (B, n_classes) to the picture's mean and, where it has one, std.

    Outputs are (B, C, H, W), in pixel units of [0, 1].
    """

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.model = model

    def forward(self, z: Tensor, y: Tensor | None = None) -> tuple[Tensor, ...]:
        likelihood = self.model.decode(z, y)
        std = likelihood.std
        return (likelihood.mean,) if std is None else (likelihood.mean, std)


class EncoderGraph(nn.Module):
    """x (B, C, H, W) in [0, 1] and class weights y to the code's mean and, for a VAE, log_var."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.model = model

    def forward(self, x: Tensor, y: Tensor | None = None) -> tuple[Tensor, ...]:
        posterior = self.model.encode(x, y)
        log_var = posterior.log_var
        return (posterior.mean,) if log_var is None else (posterior.mean, log_var)


def export_onnx(checkpoint: Checkpoint, out_dir: Path) -> list[Path]:
    """Write `decoder.onnx` and `encoder.onnx` into `out_dir`; the batch axis is dynamic.

    Raises:
        CheckpointError: if the checkpoint's weights cannot be loaded.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    return export_model(load_model(checkpoint), out_dir)


def graphs_of(checkpoint: Checkpoint) -> dict[str, bytes]:
    """`decoder` and `encoder` of a checkpoint as the content of ONNX files; see `export_onnx`.

    Raises:
        CheckpointError: if the checkpoint's weights cannot be loaded.
    """
    with tempfile.TemporaryDirectory(prefix="vaelab-onnx-") as folder:
        return {path.stem: path.read_bytes() for path in export_onnx(checkpoint, Path(folder))}


def export_model(model: Model, out_dir: Path) -> list[Path]:
    """Write the two graphs of a model on the CPU; see `export_onnx`."""
    config = model.config
    z = torch.zeros(2, config.latent_dim)
    x = torch.zeros(2, *config.image_shape)
    decoder_outputs = ["mean"] if model.decode(*_inputs(model, z)).std is None else ["mean", "std"]
    encoder_outputs = ["mean"] if config.is_autoencoder else ["mean", "log_var"]
    return [
        _write(
            DecoderGraph(model), _inputs(model, z), "z", decoder_outputs, out_dir / "decoder.onnx"
        ),
        _write(
            EncoderGraph(model), _inputs(model, x), "x", encoder_outputs, out_dir / "encoder.onnx"
        ),
    ]


def _inputs(model: Model, first: Tensor) -> tuple[Tensor, ...]:
    if not model.config.is_conditional:
        return (first,)
    weights = torch.full((len(first), model.config.n_classes), 1 / model.config.n_classes)
    return first, weights


def _write(
    graph: nn.Module, inputs: tuple[Tensor, ...], name: str, outputs: list[str], path: Path
) -> Path:
    names = [name, "y"][: len(inputs)]
    batch = torch.export.Dim("batch", min=1)
    temporary = path.with_name(f".{path.name}.part")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter's own, about its internals
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        program = torch.onnx.export(
            graph.eval(),
            inputs,
            input_names=names,
            output_names=outputs,
            dynamic_shapes=tuple({0: batch} for _ in inputs),
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    assert program is not None
    program.save(temporary, external_data=False)
    temporary.replace(path)
    return path
