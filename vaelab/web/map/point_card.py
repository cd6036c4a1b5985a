"""What is known of one point of a map, for the card beside the pointer."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from vaelab.checkpoints import Checkpoint
from vaelab.latent import nearest
from vaelab.latent.encode import SPLITS
from vaelab.pictures import png_bytes, to_picture
from vaelab.web.loaders import latents_of, model_of
from vaelab.web.map.map_quality import trust_at
from vaelab.web.map.point_values import VALUES, known_values, measure_rows, rate_of, why_absent
from vaelab.web.map.projections import CodeMap, MapRequest
from vaelab.web.stored_images import pictures_of, reconstructions

NEIGHBOURS = 8
SPLIT_NAMES = {code: name for name, code in SPLITS.items()}

Json = dict[str, Any]


def point_card(checkpoint: Checkpoint, request: MapRequest, made: CodeMap, position: int) -> Json:
    """The point at `position` of the map: its image, its values, its nearest codes.

    Raises:
        IndexError: if the map has no such position.
        CheckpointError: if the checkpoint's files are damaged.
    """
    if not 0 <= position < len(made.rows):
        raise IndexError(f"position must be 0 to {len(made.rows) - 1}, got {position}.")
    row = int(made.rows[position])
    latents = latents_of(checkpoint)
    label = None if latents.labels is None else int(latents.labels[row])
    stored = pictures_of(checkpoint, [row])
    decoded = reconstructions(model_of(checkpoint), latents.take(np.array([row])))[0]
    return {
        "row": row,
        **_place(checkpoint, row),
        "label": label,
        "className": None if label is None else checkpoint.class_names[label],
        **_values(checkpoint, request, made, position),
        "neighbours": _neighbours(checkpoint, made, position),
        "image": data_url(stored.images[0]) if stored.are_data else None,
        "reconstruction": data_url(decoded),
    }


def data_url(image: np.ndarray) -> str:
    """A picture uint8 (C, H, W) as the address of itself."""
    return f"data:image/png;base64,{base64.b64encode(png_bytes(to_picture(image))).decode()}"


def _place(checkpoint: Checkpoint, row: int) -> Json:
    latents = latents_of(checkpoint)
    return {"split": SPLIT_NAMES[int(latents.split[row])], "index": int(latents.index[row])}


def _values(checkpoint: Checkpoint, request: MapRequest, made: CodeMap, position: int) -> Json:
    """Each value, or None and the sentence that says why."""
    values: dict[str, float | None] = {}
    notes = {}
    for name in VALUES:
        reason = why_absent(checkpoint, name)
        if reason is not None:
            values[name], notes[name] = None, reason
        elif name == "trust":
            values[name] = trust_at(checkpoint, request, made, position)
        else:
            values[name] = _value(checkpoint, name, int(made.rows[position]))
    return {"values": values, "valueNotes": notes}


def _value(checkpoint: Checkpoint, name: str, row: int) -> float | None:
    rows = np.array([row])
    if name == "rate":
        value = float(rate_of(checkpoint, rows)[0])
    else:
        value = float(known_values(checkpoint, name)[row])
        if np.isnan(value):
            value = float(measure_rows(checkpoint, name, rows)[0])
    return value if np.isfinite(value) else None


def _neighbours(checkpoint: Checkpoint, made: CodeMap, position: int) -> list[Json]:
    """The nearest drawn codes in the full latent space, the point itself left out."""
    codes = latents_of(checkpoint).mean[made.rows]
    found = nearest(codes, codes[position], min(NEIGHBOURS + 1, len(codes)))
    pairs = zip(found.indices.tolist(), found.distances.tolist(), strict=True)
    others = [(other, distance) for other, distance in pairs if other != position]
    return [
        {"position": other, **_place(checkpoint, int(made.rows[other])), "distance": distance}
        for other, distance in others[:NEIGHBOURS]
    ]
