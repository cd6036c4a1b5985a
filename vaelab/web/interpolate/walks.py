"""The paths through the key frames, kind by kind, with what the data says about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch
from torch import Tensor

from vaelab.latent.geodesic import geodesic
from vaelab.latent.neighbour_graph import NeighbourGraph
from vaelab.latent.path import join_legs, legs_through, linear_path, spherical_path
from vaelab.latent.path_measures import class_votes, picture_steps
from vaelab.web.decoding import blend, decode
from vaelab.web.interpolate.density import percentiles
from vaelab.web.interpolate.key_frames import KeyFrame
from vaelab.web.opened import Opened
from vaelab.web.sliders.typical import sample_of

Codes = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Kind:
    """One way of going through the key frames: its name, and what it does, for people."""

    title: str
    about: str


KINDS: dict[str, Kind] = {
    "linear": Kind("Linear", "The straight line from code to code."),
    "spherical": Kind(
        "Spherical", "The arc: the direction turns evenly, and so changes the distance from 0."
    ),
    "graph": Kind(
        "Data graph",
        "The shortest way from image to image of the data, along edges between near neighbours.",
    ),
    "geodesic": Kind(
        "Geodesic",
        "The way along which the picture changes least, found from the straight line by "
        "minimising its energy in picture space.",
    ),
}
# Codes a leg (from key frame to key frame), steps measured a leg, codes that a geodesic is found
# over: fewer where there are many legs, so that the whole is answered in seconds.
FEW_LEGS, MANY_LEGS = (65, 32, 17), (33, 16, 9)
MOST_FEW = 3


@dataclass(frozen=True, eq=False)
class Walk:
    """A path through the key frames.

    Attributes:
        codes: float32 (T, K); key frame i is code i (T - 1) / (number of key frames - 1).
        votes: uint8 (T,), the class of most of each code's nearest codes; None without labels, and
            for a conditional model, whose class is part of the path.
        percentiles: float32 (T,), how dense the data is there, see `percentiles`; or None.
        note: what else there is to say, a sentence or nothing.
    """

    codes: Codes
    votes: npt.NDArray[np.uint8] | None
    percentiles: npt.NDArray[np.float32] | None
    note: str


def walk(opened: Opened, frames: Sequence[KeyFrame], kind: str) -> Walk:
    """The path of a key of `KINDS`, worked out once for each model and row of key frames."""
    points = tuple((frame.z, frame.label) for frame in frames)
    return _walk(opened.key, len(opened.latents), points, kind, opened)


def picture_length(opened: Opened, frames: Sequence[KeyFrame], kind: str) -> float:
    """sum_t |g(z_{t+1}) - g(z_t)| over some codes of the path, see `picture_steps`."""
    points = tuple((frame.z, frame.label) for frame in frames)
    return _length(opened.key, len(opened.latents), points, kind, opened)


def cross_fade(opened: Opened, frames: Sequence[KeyFrame]) -> float:
    """What the straight way in picture space measures, from each key frame's picture to the next's.

    No path through the key frames is shorter.
    """
    labels = np.asarray([frame.label or 0 for frame in frames]) if opened.n_classes else None
    pictures = decode(opened.model, [frame.z for frame in frames], labels).mean
    return float(picture_steps(pictures).sum())


def steps_measured(n_frames: int) -> int:
    """Steps a leg that `picture_length` sums over."""
    return _sizes(n_frames - 1)[1]


def class_weights(opened: Opened, labels: Sequence[int | None], n: int) -> Codes | None:
    """Class weights of every leg, evenly from one key frame's to the next's: (L n, n_classes)."""
    if not opened.n_classes:
        return None
    legs = [blend(a or 0, b or 0, n, opened.n_classes) for a, b in pairwise(labels)]
    return np.concatenate(legs)


Points = tuple[tuple[tuple[float, ...], int | None], ...]


@st.cache_data(max_entries=64, show_spinner=False)
def _walk(key: str, n_codes: int, points: Points, kind: str, _opened: Opened) -> Walk:
    stops = np.asarray([z for z, _ in points], np.float32)
    labels = [label for _, label in points]
    n, _, coarse = _sizes(len(points) - 1)
    note = ""
    if kind == "graph":
        legs, note = _over_the_data(_opened, stops, labels, n)
    elif kind == "geodesic":
        legs, note = _geodesics(_opened, stops, labels, coarse, n)
    else:
        legs = legs_through(stops, n, {"linear": linear_path, "spherical": spherical_path}[kind])
    codes = np.asarray(join_legs(legs), np.float32)
    weights = class_weights(_opened, labels, n)
    along = None if weights is None else join_legs(weights.reshape(len(legs), n, -1))
    return Walk(codes, _votes(_opened, codes), percentiles(_opened, codes, along), note)


@st.cache_data(max_entries=64, show_spinner=False)
def _length(key: str, n_codes: int, points: Points, kind: str, _opened: Opened) -> float:
    codes = _walk(key, n_codes, points, kind, _opened).codes
    n, steps, _ = _sizes(len(points) - 1)
    weights = class_weights(_opened, [label for _, label in points], n)
    along = None if weights is None else join_legs(weights.reshape(len(points) - 1, n, -1))
    some = slice(None, None, (n - 1) // steps)
    pictures = decode(_opened.model, codes[some], None if along is None else along[some]).mean
    return float(picture_steps(pictures).sum())


def _sizes(n_legs: int) -> tuple[int, int, int]:
    return FEW_LEGS if n_legs <= MOST_FEW else MANY_LEGS


def _over_the_data(
    opened: Opened, stops: Codes, labels: Sequence[int | None], n: int
) -> tuple[npt.NDArray[np.float64], str]:
    legs, passed, bridges = [], 0, 0
    for (a, b), ends in zip(pairwise(stops), pairwise(labels), strict=True):
        found = _graph(opened.key, len(opened.latents), ends, opened).path(a, b, n)
        legs.append(found.codes)
        passed += len(found.stops)
        bridges += found.bridges
    note = f"By way of {passed} images of the data" if passed != 1 else "By way of one image"
    if bridges:
        note += f", over {bridges} gap{'s' if bridges > 1 else ''} where no neighbours are"
    return np.stack(legs), f"{note}."


@st.cache_resource(max_entries=64, show_spinner=False)
def _graph(
    key: str, n_codes: int, labels: tuple[int | None, int | None], _opened: Opened
) -> NeighbourGraph:
    """Over some of the data's codes; where the class is given, over those of the two classes."""
    sample = sample_of(_opened.latents)
    if _opened.n_classes and sample.labels is not None:
        chosen = np.flatnonzero(
            np.isin(sample.labels, [label for label in labels if label is not None])
        )
        sample = sample.take(chosen) if len(chosen) else sample
    return NeighbourGraph(sample.mean)


def _geodesics(
    opened: Opened, stops: Codes, labels: Sequence[int | None], coarse: int, n: int
) -> tuple[npt.NDArray[np.float64], str]:
    """Found over `coarse` codes a leg, and laid smoothly through them with n."""
    from scipy.interpolate import CubicSpline  # a third of a second to import

    weights = class_weights(opened, labels, coarse)
    y = None if weights is None else torch.from_numpy(weights)

    def pictures(z: Tensor) -> Tensor:
        return opened.model.decode(z, y).mean

    found = geodesic(pictures, legs_through(stops, coarse))
    spline = CubicSpline(np.linspace(0, 1, coarse), found.codes, axis=1)
    legs = np.asarray(spline(np.linspace(0, 1, n)))
    legs[:, 0], legs[:, -1] = stops[:-1], stops[1:]
    saved = 1 - found.energy / found.start_energy if found.start_energy > 0 else 0.0
    return legs, f"{100 * saved:.0f}% less energy than the straight line."


def _votes(opened: Opened, codes: Codes) -> npt.NDArray[np.uint8] | None:
    sample = sample_of(opened.latents)
    if opened.n_classes or sample.labels is None:
        return None
    shares = class_votes(codes, sample.mean, sample.labels, len(opened.class_names))
    return np.asarray(shares.argmax(axis=1), np.uint8)
