"""Pictures of stored codes: the data's own images where they are at hand, else decoded codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.data import DataError, DatasetSplits, Preparation, guess_preparation
from vaelab.latent import Latents
from vaelab.latent.encode import SPLITS
from vaelab.models import Model
from vaelab.pictures import to_uint8
from vaelab.web.decoding import decode
from vaelab.web.loaders import latents_of, model_of, splits_of

SPLIT_TITLES = {"train": "training", "validation": "validation", "test": "test"}
MEASURED_IMAGES = 256


@dataclass(frozen=True, eq=False)
class Pictures:
    """Images of some stored codes.

    Attributes:
        images: uint8 (M, C, H, W).
        are_data: True for the data's own images, False for what the decoder makes of the codes.
    """

    images: npt.NDArray[np.uint8]
    are_data: bool

    @property
    def kind(self) -> str:
        """What they are, for people."""
        return "data" if self.are_data else "decoded from its code"

    @property
    def sentence(self) -> str:
        """The same of several images, as a sentence."""
        if self.are_data:
            return "The data’s own images."
        return "Decoded from their codes: the data’s own images are not on this machine."


def data_at_hand(checkpoint: Checkpoint) -> DatasetSplits | None:
    """The checkpoint's own images if they are on this machine, else None."""
    try:
        return splits_of(checkpoint)
    except DataError:
        return None


def pictures_of(checkpoint: Checkpoint, rows: npt.ArrayLike) -> Pictures:
    """Pictures of the stored codes at `rows` (M,), positions in the checkpoint's latents.

    Raises:
        CheckpointError: if the checkpoint's files are damaged.
    """
    latents, chosen = latents_of(checkpoint), np.asarray(rows, np.int64)
    splits = data_at_hand(checkpoint)
    if splits is not None and _fits(latents, splits):
        return Pictures(_data_images(latents.take(chosen), splits), True)
    return Pictures(reconstructions(model_of(checkpoint), latents.take(chosen)), False)


def reconstructions(model: Model, latents: Latents) -> npt.NDArray[np.uint8]:
    """What the decoder makes of codes, each under its own class: uint8 (N, C, H, W)."""
    labels = latents.labels if model.config.is_conditional else None
    return to_uint8(decode(model, latents.mean, labels).mean)


def preparation_of(checkpoint: Checkpoint) -> Preparation:
    """What makes a picture look like the checkpoint's data, measured on its images.

    Measured on decoded codes where the images are not on this machine.
    """
    at_hand = data_at_hand(checkpoint) is not None
    return _preparation(checkpoint.weights_sha256, at_hand, checkpoint)


def place_name(latents: Latents, row: int) -> str:
    """Which image a stored code belongs to, such as `test image 17`."""
    titles = {code: SPLIT_TITLES[name] for name, code in SPLITS.items()}
    return f"{titles[int(latents.split[row])]} image {int(latents.index[row]):,}"


def image_name(latents: Latents, class_names: Sequence[str], row: int) -> str:
    """The same with its class, where it has one: `test image 17 (class 4)`."""
    place = place_name(latents, row)
    if latents.labels is None:
        return place
    return f"{place} (class {class_names[int(latents.labels[row])]})"


@st.cache_data(max_entries=64, show_spinner=False)
def _preparation(weights: str, at_hand: bool, _checkpoint: Checkpoint) -> Preparation:
    splits = data_at_hand(_checkpoint) if at_hand else None
    if splits is not None:
        return guess_preparation(splits.train.images)
    latents = latents_of(_checkpoint)
    rows = np.unique(np.linspace(0, len(latents) - 1, MEASURED_IMAGES).astype(np.int64))
    return guess_preparation(reconstructions(model_of(_checkpoint), latents.take(rows)))


def _fits(latents: Latents, splits: DatasetSplits) -> bool:
    """Whether every stored position exists in the images at hand."""
    parts = (splits.train, splits.validation, splits.test)
    return all(
        latents.index[latents.split == code].max(initial=-1) < len(part)
        for code, part in enumerate(parts)
    )


def _data_images(latents: Latents, splits: DatasetSplits) -> npt.NDArray[np.uint8]:
    parts = (splits.train, splits.validation, splits.test)
    images = np.empty((len(latents), *splits.image_shape), np.uint8)
    for code, part in enumerate(parts):
        here = latents.split == code
        images[here] = part.images[latents.index[here]]
    return images
