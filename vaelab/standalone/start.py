"""What a standalone file shows first: a code, its class, and the key frames of the path."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch

from vaelab.checkpoints import Checkpoint
from vaelab.latent import Latents, SliderAxis
from vaelab.latent.model_axes import model_axes
from vaelab.latent.ordinary import ordinary_pair
from vaelab.models import VAE, Model

LEAST_FRAMES, MOST_FRAMES = 2, 8


@dataclass(frozen=True)
class KeyCode:
    """A code that the path goes through.

    Attributes:
        z: K finite numbers.
        label: class that it is decoded under; None for a model without classes.
        source: what it is, for people.
    """

    z: tuple[float, ...]
    label: int | None = None
    source: str = "a key frame"


@dataclass(frozen=True)
class Start:
    """Where the sliders stand, and the key frames.

    Attributes:
        z: K finite numbers.
        label: class that z is decoded under; None for a model without classes.
        frames: 2 to 8 of them.
        other: class that `label` is blended with, if any.
        blend: share of `other`, 0 to 1.
    """

    z: tuple[float, ...]
    label: int | None
    frames: tuple[KeyCode, ...]
    other: int | None = None
    blend: float = 0.0

    def require_fit(self, latent_dim: int, n_classes: int) -> None:
        """Refuse what the model cannot decode.

        Raises:
            ValueError: naming what does not fit.
        """
        if not LEAST_FRAMES <= len(self.frames) <= MOST_FRAMES:
            raise ValueError(
                f"frames must be {LEAST_FRAMES} to {MOST_FRAMES}, got {len(self.frames)}."
            )
        here = KeyCode(self.z, self.label)
        for code in (here, *self.frames):
            if len(code.z) != latent_dim or not all(math.isfinite(value) for value in code.z):
                raise ValueError(f"z must be {latent_dim} finite numbers, got {len(code.z)}.")
            fits = code.label is None if not n_classes else code.label in range(n_classes)
            if not fits:
                allowed = f"0 to {n_classes - 1}" if n_classes else "None without classes"
                raise ValueError(f"the class must be {allowed}, got {code.label}.")
        if self.other is not None and self.other not in range(n_classes):
            raise ValueError(f"the blended class must be below {n_classes}, got {self.other}.")
        if not 0 <= self.blend <= 1:
            raise ValueError(f"blend must lie in 0..1, got {self.blend}.")


def axes_of_checkpoint(
    checkpoint: Checkpoint, model: Model, latents: Latents
) -> tuple[SliderAxis, ...]:
    """One axis a latent dimension, by the rates that were measured where there are any."""
    report = checkpoint.report
    return model_axes(model, latents, () if report is None else report.rate_per_dimension)


def start_of(
    checkpoint: Checkpoint, model: Model, latents: Latents, view: Mapping[str, Any]
) -> Start:
    """Where a view starts, see `read_view`.

    Raises:
        ValueError: with one sentence, for anything that does not fit the model.
    """
    axes = axes_of_checkpoint(checkpoint, model, latents)
    return read_view(checkpoint, partial(home_start, checkpoint, model, latents, axes), view)


@torch.inference_mode()
def home_start(
    checkpoint: Checkpoint,
    model: Model,
    latents: Latents,
    axes: Sequence[SliderAxis],
    label: int = 0,
) -> Start:
    """The middle of the codes, of the class `label` where its prior is its own; and a path.

    The path's key frames are two ordinary images of the data.
    """
    conditional = checkpoint.model_config.is_conditional
    z = [0.0] * latents.latent_dim
    for axis in axes:
        z[axis.dim] = axis.median
    if isinstance(model, VAE) and checkpoint.model_config.prior == "class_gaussian":
        z = model.prior(torch.tensor([label])).mean[0].tolist()
    frames = []
    for row in ordinary_pair(latents.mean, latents.labels):
        own = None if latents.labels is None else int(latents.labels[row])
        name = "an image" if own is None else checkpoint.class_names[own]
        code = tuple(float(value) for value in latents.mean[row])
        frames.append(KeyCode(code, own if conditional else None, f"{name} of the data"))
    return Start(tuple(z), label if conditional else None, tuple(frames))


def read_view(
    checkpoint: Checkpoint, home: Callable[[int], Start], asked: Mapping[str, Any]
) -> Start:
    """The `home` of a class, with the `z`, `class`, `blend` and `frames` that a view asks for.

    Classes are names. It is what a page's “Copy JSON” gives, with `frames` beside it.

    Raises:
        ValueError: with one sentence, for anything that does not fit the model.
    """
    if not isinstance(asked, Mapping):
        raise ValueError(f"a view must be a mapping, got {type(asked).__name__}.")
    unknown = set(asked) - {"model", "z", "class", "blend", "frames"}
    if unknown:
        raise ValueError(
            f"a view has z, class, blend and frames, got {', '.join(sorted(unknown))}."
        )
    label = _class(checkpoint, asked["class"]) if "class" in asked else None
    start = home(label or 0)
    frames = start.frames
    if "frames" in asked:
        if not isinstance(asked["frames"], list):
            raise ValueError(f"frames must be a list, got {type(asked['frames']).__name__}.")
        frames = tuple(_key_code(checkpoint, frame) for frame in asked["frames"])
    z = _numbers(asked["z"]) if "z" in asked else start.z
    other, blend = start.other, start.blend
    if "blend" in asked:
        if not isinstance(asked["blend"], Mapping) or set(asked["blend"]) != {"with", "share"}:
            raise ValueError('blend must be {"with": class, "share": 0 to 1}.')
        other = _class(checkpoint, asked["blend"]["with"])
        (blend,) = _numbers([asked["blend"]["share"]])
    found = Start(z, start.label, frames, other, blend)
    config = checkpoint.model_config
    found.require_fit(config.latent_dim, config.n_classes)
    return found


def _key_code(checkpoint: Checkpoint, asked: object) -> KeyCode:
    if not isinstance(asked, Mapping) or "z" not in asked:
        raise ValueError('a key frame must be {"z": [...], "class": ...}.')
    label = _class(checkpoint, asked["class"]) if "class" in asked else None
    return KeyCode(_numbers(asked["z"]), label)


def _numbers(values: object) -> tuple[float, ...]:
    try:
        array = np.asarray(values, np.float64)
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError("z must be a list of numbers.") from error
    if array.ndim != 1:
        raise ValueError("z must be a list of numbers.")
    return tuple(float(value) for value in array)


def _class(checkpoint: Checkpoint, name: object) -> int:
    if not checkpoint.model_config.is_conditional:
        raise ValueError(f"{checkpoint.id} takes no class, got {str(name)[:40]!r}.")
    if not isinstance(name, str | int):
        raise ValueError(f"the class must be a name, got {type(name).__name__}.")
    if str(name) not in checkpoint.class_names:
        known = ", ".join(checkpoint.class_names[:20])
        raise ValueError(f"the class must be one of {known}, got {str(name)[:40]!r}.")
    return checkpoint.class_names.index(str(name))
