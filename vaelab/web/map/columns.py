"""A map as the browser gets it: a JSON header, and behind it plain little-endian columns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from vaelab.checkpoints import Checkpoint
from vaelab.latent import Projection
from vaelab.latent.projection_quality import ProjectionQuality
from vaelab.web.loaders import latents_of
from vaelab.web.map.map_quality import known_trust
from vaelab.web.map.point_values import VALUES, known_values, rate_of, title_of, why_absent
from vaelab.web.map.projections import CodeMap, MapRequest

MAGIC = b"VLP1"
COLUMNS = ("x", "y", "class", "value")
QUANTILES = (0.01, 0.99)
LEVELS = 255  # of a value

Json = dict[str, Any]
Floats = npt.NDArray[np.float64]


def map_columns(
    checkpoint: Checkpoint,
    request: MapRequest,
    made: CodeMap,
    value: str | None,
    columns: Sequence[str],
    quality: ProjectionQuality | None,
) -> bytes:
    """A map's header and columns, at most 12 bytes a point; `read` in the frontend undoes it.

    Args:
        checkpoint: whose codes are drawn.
        request: what was asked for.
        made: the map.
        value: a key of `VALUES` that is known for all points, or None for no value.
        columns: some of `COLUMNS`, in any order.
        quality: None where it is not known.
    """
    said, levels = _value(checkpoint, request, made, value)
    arrays = {
        "x": made.points[:, 0].astype("<f4"),
        "y": made.points[:, 1].astype("<f4"),
        "class": _classes(checkpoint, made),
        "value": levels,
    }
    header = {
        "n": len(made.rows),
        "columns": [{"name": name, "type": arrays[name].dtype.name} for name in columns],
        "projection": _projection(made.projection),
        "classes": list(_class_names(checkpoint)),
        "available": made.available,
        **said,
        "inverse": _inverse(made.projection),
        "quality": quality_data(quality),
    }
    return packed(header, {name: arrays[name] for name in columns})


def packed(header: Mapping[str, Any], columns: Mapping[str, np.ndarray]) -> bytes:
    """`VLP1`, the header's length as uint32, the header padded to four bytes, the columns."""
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)
    length = np.array(len(text), "<u4").tobytes()
    return b"".join([MAGIC, length, text, *(column.tobytes() for column in columns.values())])


def quality_data(quality: ProjectionQuality | None) -> Json | None:
    """A map's quality in the browser's words."""
    if quality is None:
        return None
    return {
        "trustworthiness": quality.trustworthiness,
        "continuity": quality.continuity,
        "neighbourHit": quality.neighbour_hit,
        "k": quality.k,
        "n": quality.n,
    }


def in_levels(values: Floats) -> tuple[npt.NDArray[np.uint8], float, float]:
    """Values (M,) as uint8 between their 1% and 99% quantiles, and these; NaN becomes 0."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return np.zeros(len(values), np.uint8), 0.0, 0.0
    low, high = (float(q) for q in np.quantile(finite, QUANTILES))
    share = (values - low) / (high - low) if high > low else np.zeros(len(values))
    levels = np.rint(np.nan_to_num(share).clip(0, 1) * LEVELS).astype(np.uint8)
    return levels, low, high


def _value(
    checkpoint: Checkpoint, request: MapRequest, made: CodeMap, name: str | None
) -> tuple[Json, npt.NDArray[np.uint8]]:
    """`value` and `valueNote` of the header, and the column: zeros where there is no value."""
    none = np.zeros(len(made.rows), np.uint8)
    if name is None:
        return {"value": None, "valueNote": None}, none
    reason = why_absent(checkpoint, name)
    if reason is not None:
        return {"value": None, "valueNote": reason}, none
    levels, low, high = in_levels(_values(checkpoint, request, made, name))
    title, unit = title_of(checkpoint, name), VALUES[name].unit
    said = {"name": name, "title": title, "unit": unit, "low": low, "high": high}
    return {"value": said, "valueNote": None}, levels


def _values(checkpoint: Checkpoint, request: MapRequest, made: CodeMap, name: str) -> Floats:
    if name == "rate":
        return rate_of(checkpoint, made.rows)
    if name == "trust":
        trust = known_trust(checkpoint, request)
        return np.full(len(made.rows), np.nan) if trust is None else trust
    return known_values(checkpoint, name)[made.rows]


def _class_names(checkpoint: Checkpoint) -> tuple[str, ...]:
    return () if latents_of(checkpoint).labels is None else checkpoint.class_names


def _classes(checkpoint: Checkpoint, made: CodeMap) -> np.ndarray:
    """uint8 with 255 for no label; uint16 and 65535 where there are more classes than that."""
    labels = latents_of(checkpoint).labels
    kind = np.uint8 if len(_class_names(checkpoint)) < 256 else np.dtype("<u2")
    if labels is None:
        return np.full(len(made.rows), np.iinfo(kind).max, kind)
    return labels[made.rows].astype(kind)


def _projection(projection: Projection) -> Json:
    share = projection.explained_variance
    return {
        "name": projection.name,
        "title": projection.title,
        "axisLabels": list(projection.axis_labels),
        "explainedVariance": None if share is None else list(share),
    }


def _inverse(projection: Projection) -> Json:
    inverse = projection.inverse
    if inverse is None:
        return {"kind": "neighbours"}
    return {
        "kind": "affine",
        "origin": inverse.origin.tolist(),
        "axes": inverse.axes.tolist(),
    }
