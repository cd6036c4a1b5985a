"""Checkpoints and what they hold, read once and kept for all sessions of the server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from vaelab import settings
from vaelab.checkpoints import (
    Checkpoint,
    DamagedCheckpoint,
    list_checkpoints,
    load_latents,
    load_mixture,
    load_model,
)
from vaelab.checkpoints.record import CONFIG, LATENTS, MIXTURE, REPORT
from vaelab.data import SOURCES, DataError, DatasetSplits, DataSpec, load_dataset
from vaelab.latent import CodeMixture, Latents
from vaelab.models import Model

Stamp = tuple[tuple[str, int], ...]  # (file, time of change in ns): another stamp, another content


def all_checkpoints() -> list[Checkpoint | DamagedCheckpoint]:
    """Every folder among the checkpoints, usable or not; read again when one has changed."""
    root = settings.checkpoints_dir()
    folders = sorted(root.iterdir()) if root.is_dir() else []
    files = [folder / name for folder in folders for name in ("", CONFIG, REPORT)]
    return list(_checkpoints(root, _stamp(files)))


def model_of(checkpoint: Checkpoint) -> Model:
    """The trained model, on the CPU; shared, so leave its weights alone.

    Raises:
        CheckpointError: if its weights are damaged.
    """
    return _model(checkpoint, str(checkpoint.path), checkpoint.weights_sha256)


def latents_of(checkpoint: Checkpoint) -> Latents:
    """The stored codes; shared, so leave the arrays alone.

    Raises:
        CheckpointError: if the file is damaged.
    """
    # The same weights are saved with few codes on the way and with all at the end.
    return _latents(checkpoint, checkpoint.weights_sha256, _stamp([checkpoint.path / LATENTS]))


def mixture_of(checkpoint: Checkpoint) -> CodeMixture | None:
    """The mixture that an autoencoder is sampled through; None for a VAE.

    Raises:
        CheckpointError: if the file is damaged.
    """
    if not checkpoint.model_config.is_autoencoder:
        return None
    return _mixture(checkpoint, checkpoint.weights_sha256, _stamp([checkpoint.path / MIXTURE]))


def splits_of(checkpoint: Checkpoint) -> DatasetSplits:
    """The images that the checkpoint was trained and is tested on, if they are on this machine.

    `latents.index` points into these splits. Nothing is downloaded.

    Raises:
        DataError: if they are not here, or are not the same images any more.
    """
    splits = dataset_of(checkpoint.data_spec)
    if splits.fingerprint != checkpoint.data_fingerprint:
        raise DataError(
            f"{splits.spec.source} no longer holds the images that this checkpoint was trained "
            "on, so its codes cannot be matched with pictures."
        )
    return splits


def dataset_of(spec: DataSpec) -> DatasetSplits:
    """The images of a source, if they are on this machine; shared, so leave the arrays alone.

    Raises:
        DataError: if they are not here, or cannot be used.
    """
    result = _splits(spec, settings.data_dir(), source_stamp(spec))
    if isinstance(result, str):
        raise DataError(result)
    return result


def source_stamp(spec: DataSpec) -> Stamp:
    """Changes when the files of a source do, as far as their folder tells."""
    if spec.source in SOURCES:
        folder = settings.data_dir() / spec.source
        return _stamp([folder, *(sorted(folder.iterdir()) if folder.is_dir() else [])])
    path = settings.data_dir() / spec.source  # the source itself where it is absolute
    return _stamp([path, *(sorted(path.iterdir())[:1000] if path.is_dir() else [])])


@st.cache_resource(max_entries=4, show_spinner=False)
def _checkpoints(root: Path, stamp: Stamp) -> list[Checkpoint | DamagedCheckpoint]:
    return list_checkpoints(root)


@st.cache_resource(max_entries=8, show_spinner=False)
def _model(_checkpoint: Checkpoint, path: str, sha256: str) -> Model:
    return load_model(_checkpoint)


@st.cache_resource(max_entries=8, show_spinner=False)
def _latents(_checkpoint: Checkpoint, sha256: str, stamp: Stamp) -> Latents:
    return load_latents(_checkpoint)


@st.cache_resource(max_entries=8, show_spinner=False)
def _mixture(_checkpoint: Checkpoint, sha256: str, stamp: Stamp) -> CodeMixture | None:
    return load_mixture(_checkpoint)


@st.cache_resource(max_entries=4, show_spinner=False)  # routes ask too, and have no page
def _splits(spec: DataSpec, data_dir: Path, stamp: Stamp) -> DatasetSplits | str:
    """The splits, or the sentence that says why there are none: also an answer worth keeping."""
    try:
        return load_dataset(spec, data_dir=data_dir, download=False)
    except DataError as error:
        return str(error)


def _stamp(paths: Iterable[Path]) -> Stamp:
    found = []
    for path in paths:
        try:
            found.append((str(path), path.stat().st_mtime_ns))
        except OSError:
            found.append((str(path), 0))
    return tuple(found)
