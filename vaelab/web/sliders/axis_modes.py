"""What the sliders can move along besides the latent dimensions, as JSON for the browser."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from vaelab.latent.directions import (
    Direction,
    Range,
    between,
    class_directions,
    picture_directions,
    principal_directions,
    ranges,
)
from vaelab.standalone.component_data import BINS
from vaelab.web.groups import groups_of
from vaelab.web.opened import Opened
from vaelab.web.sliders.steering import LATENT

MOST_AXES = 40  # sliders of a mode besides the latent dimensions
MOST_MOVED = 64  # dimensions that the axes around a picture are made of: two pictures each
LEAST_SHARE = 1e-3  # of what a principal axis explains; below it, it is folded away

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Where the sliders stand when they ask for axes.

    Attributes:
        z: float64 (K,).
        y: float32 (1, n_classes) class weights; None for a model without classes.
    """

    z: npt.NDArray[np.float64]
    y: npt.NDArray[np.float32] | None


@dataclass(frozen=True)
class AxisMode:
    """A set of directions to put sliders on.

    Attributes:
        title: name for people.
        find: the directions of a model, given where the sliders stand.
        note: what they mean for this model, one or two sentences.
        is_local: whether they are those of one place, so that there are others elsewhere.
        is_there: whether the model has any.
    """

    title: str
    find: Callable[[Opened, Asked], Sequence[Direction]]
    note: Callable[[Opened], str]
    is_local: bool = False
    is_there: Callable[[Opened], bool] = lambda opened: opened.latents.latent_dim > 1


def modes_of(opened: Opened) -> list[Json]:
    """The modes of a model in the order of the page; `Mode` in types.ts."""
    return [
        {"name": name, "title": mode.title, "note": mode.note(opened), "local": mode.is_local}
        for name, mode in MODES.items()
        if mode.is_there(opened)
    ]


def axes_of_mode(opened: Opened, mode: str, asked: Asked) -> Json:
    """The sliders of a mode; `AxisSet` in types.ts.

    Raises:
        ValueError: for an unknown mode, the latent dimensions included, or a place that does not
            fit the model.
    """
    if mode not in MODES or mode == LATENT:
        known = ", ".join(name for name in MODES if name != LATENT)
        raise ValueError(f"mode must be one of {known}, got {mode!r}.")
    k, n_classes = opened.latents.latent_dim, opened.n_classes
    if asked.z.shape != (k,) or not np.isfinite(asked.z).all():
        raise ValueError(f"z must be {k} finite numbers, got shape {asked.z.shape}.")
    if (asked.y is None) != (not n_classes) or (
        asked.y is not None and asked.y.shape != (1, n_classes)
    ):
        raise ValueError(f"y must be {n_classes} class weights, or null without classes.")
    found = list(MODES[mode].find(opened, asked)) if MODES[mode].is_there(opened) else []
    shown = found[:MOST_AXES]
    spans = ranges(shown, opened.latents.mean, BINS)
    return {
        "axes": [_axis(d, span) for d, span in zip(shown, spans, strict=True)],
        "unusedReason": _unused_reason(shown),
        "left": len(found) - len(shown),
    }


def _axis(direction: Direction, span: Range) -> Json:
    return {
        "dim": None,
        "name": direction.name,
        "title": _title(direction),
        "direction": [float(f"{value:.6g}") for value in direction.unit],
        "origin": float(direction.origin @ direction.unit),
        "low": span.low,
        "high": span.high,
        "median": span.median,
        "unused": _is_unused(direction),
        "density": [round(float(share), 3) for share in span.density],
    }


def _title(direction: Direction) -> str:
    if direction.share is not None:
        return f"{direction.share:.1%}" if direction.share < 0.1 else f"{direction.share:.0%}"
    return f"there at {direction.length:.2f}"


def _is_unused(direction: Direction) -> bool:
    if direction.share is not None:
        return direction.share < LEAST_SHARE
    return not direction.length


def _unused_reason(directions: Sequence[Direction]) -> str:
    unused = [direction for direction in directions if _is_unused(direction)]
    if not unused:
        return ""
    if unused[0].share is None:
        return "Both ends are the same point, so there is no direction between them."
    return f"Each of them explains less than {LEAST_SHARE:.1%}."


def _around(opened: Opened, asked: Asked) -> Sequence[Direction]:
    used = [axis.dim for axis in opened.axes if not axis.unused][:MOST_MOVED]
    y = None if asked.y is None else torch.from_numpy(asked.y)
    return picture_directions(opened.model, asked.z, y, used or None)


def _classes(opened: Opened, asked: Asked) -> Sequence[Direction]:
    labels = opened.latents.labels
    if labels is None:
        return ()
    return class_directions(opened.latents.mean, labels, opened.class_names)


def _attributes(opened: Opened, asked: Asked) -> Sequence[Direction]:
    pairs = itertools.permutations(groups_of(opened), 2)
    return [between(f"{a.name} -> {b.name}", a.mean, b.mean) for a, b in pairs]


def _class_note(opened: Opened) -> str:
    """What a class's mean code tells depends on whether the decoder is told the class."""
    what = "From the mean of all codes (0) to the mean of one class's."
    if not opened.n_classes:
        return f"{what} Along it a picture comes to look like that class."
    if opened.model.config.prior == "class_gaussian":
        return (
            f"{what} Each class has a prior p(z | c) of its own here, so this is the way to where "
            "the codes of that class lie. The decoder goes on drawing the class chosen above: it "
            "shows how the styles usual in one class look in another."
        )
    return (
        f"{what} The decoder is told the class, so z need not hold it: what changes is only what z "
        "still knows of the class beyond that."
    )


MODES: dict[str, AxisMode] = {
    LATENT: AxisMode(
        "Latent dimensions",
        lambda opened, asked: (),
        lambda opened: "",
        is_there=lambda opened: True,
    ),
    "principal": AxisMode(
        "Principal axes of the codes",
        lambda opened, asked: principal_directions(opened.latents.mean),
        lambda opened: (
            f"Directions along which the {len(opened.latents):,} stored codes vary most, from "
            "their mean (0), with the share of their variance."
        ),
        is_there=lambda opened: opened.latents.latent_dim > 1 and len(opened.latents) > 1,
    ),
    "here": AxisMode(
        "Principal axes around this picture",
        _around,
        lambda opened: (
            "Directions along which the decoded picture changes most around where they were "
            "taken (0), with the share of that change: singular vectors of the decoder's Jacobian."
        ),
        is_local=True,
    ),
    "classes": AxisMode(
        "Class directions",
        _classes,
        _class_note,
        is_there=lambda opened: opened.latents.labels is not None and bool(opened.class_names),
    ),
    "attributes": AxisMode(
        "Attribute directions",
        _attributes,
        lambda opened: (
            "From the mean of one saved group (0) to that of another. It takes two groups: save "
            "them on the Map page, by drawing around codes."
        ),
        is_there=lambda opened: True,
    ),
}
