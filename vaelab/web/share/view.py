"""The present view of a model, as the standalone page and the notebook take it."""

from __future__ import annotations

from typing import Any

from vaelab.checkpoints import Checkpoint
from vaelab.web.interpolate.key_frames import kept_frames
from vaelab.web.sliders.steering import kept_place


def session_view(checkpoint: Checkpoint) -> dict[str, Any]:
    """Where the session's sliders and key frames stand in this model; empty where it has none."""
    names = checkpoint.class_names
    view: dict[str, Any] = {}
    place = kept_place(checkpoint)
    if place is not None:
        view["z"] = [float(value) for value in place.z]
        if place.label is not None:
            view["class"] = names[place.label]
        if place.other is not None:
            view["blend"] = {"with": names[place.other], "share": place.blend}
    frames = kept_frames(checkpoint)
    if frames:
        view["frames"] = [
            {"z": list(frame.z), **({} if frame.label is None else {"class": names[frame.label]})}
            for frame in frames
        ]
    return view
