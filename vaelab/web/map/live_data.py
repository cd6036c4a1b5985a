"""What the map component is told about a checkpoint, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import streamlit as st

from vaelab.checkpoints import Checkpoint
from vaelab.latent import PROJECTIONS
from vaelab.latent.encode import SPLITS
from vaelab.web import components
from vaelab.web.axes import axis_title
from vaelab.web.groups import groups_of
from vaelab.web.map.map_controls import SPLIT_NAMES
from vaelab.web.map.projections import MOST_FOR_SLOW, SLOW, splits_present
from vaelab.web.opened import Opened
from vaelab.web.palette import DARK, LIGHT
from vaelab.web.server.routes import address

# Short names of the colours that stand for a value; the legend has the long ones.
VALUES = {
    "rate": "Rate",
    "distortion": "Distortion",
    "log_p": "log p(x)",
    "trust": "Trust",
}
OF_PRIOR = ("rate", "log_p")

Json = dict[str, Any]


def map_model(opened: Opened) -> Json:
    """All that stays the same while the page is open; `MapModel` in the frontend."""
    return _map_model(opened.key, len(opened.latents), opened.checkpoint.id, opened)


def map_addresses(checkpoint: Checkpoint) -> Mapping[str, str]:
    """Where the component fetches its parts; `MapAddresses` in the frontend."""
    here = f"/checkpoints/{checkpoint.id}"
    version = f"?weights={checkpoint.weights_sha256[:16]}"
    return {
        **components.addresses(checkpoint, "map.js"),
        "points": address(f"{here}/points{version}"),
        "thumbnails": address(f"{here}/thumbnails.webp{version}"),
    }


def palette() -> Json:
    """The classes' colours on light pages and on dark ones."""
    return {"light": LIGHT, "dark": DARK}


def saved_groups(opened: Opened) -> list[Json]:
    """The groups that were saved, without their means."""
    return [{"name": g.name, "n": g.n, "counts": g.counts} for g in groups_of(opened)]


@st.cache_data(max_entries=32, show_spinner=False)
def _map_model(key: str, n_codes: int, name: str, _opened: Opened) -> Json:
    config = _opened.checkpoint.model_config
    absent = OF_PRIOR if config.is_autoencoder else ()
    return {
        **components.decodable(_opened),
        "axes": [
            {"dim": axis.dim, "title": axis_title(axis), "unused": axis.unused}
            for axis in _opened.axes
        ],
        "splits": _splits(_opened),
        "values": [
            {"name": value, "title": title}
            for value, title in VALUES.items()
            if value not in absent
        ],
        "projections": [
            {
                "name": method,
                "title": projector.title,
                "description": projector.description,
                "smallest": projector.smallest,
                "slow": method in SLOW,
            }
            for method, projector in PROJECTIONS.items()
        ],
        "mostForSlow": MOST_FOR_SLOW,
    }


def _splits(opened: Opened) -> list[Json]:
    split = opened.latents.split
    found = []
    for name in splits_present(opened.latents):
        n = len(split) if name == "all" else int(np.count_nonzero(split == SPLITS[name]))
        found.append({"name": name, "title": SPLIT_NAMES[name], "n": n})
    return found
