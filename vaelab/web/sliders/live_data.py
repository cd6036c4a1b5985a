"""What the sliders component is told about a checkpoint, as JSON."""

from __future__ import annotations

import base64

import numpy as np
import streamlit as st
import torch

from vaelab.latent.directions import density
from vaelab.latent.names import dimension_name
from vaelab.models import VAE
from vaelab.web.axes import axis_title, unused_reason
from vaelab.web.components import decodable
from vaelab.web.decoding import decode, draw_codes, source_of_codes
from vaelab.web.opened import Opened
from vaelab.web.sliders.axis_modes import BINS, Json, modes_of
from vaelab.web.sliders.steering import Place
from vaelab.web.sliders.typical import K, scales, typical_of

POOL = 256  # codes that an autoencoder's mixture is drawn from ahead


def model_data(opened: Opened) -> Json:
    """All that stays the same while the sliders move; `ModelData` in the frontend's types.ts."""
    return _model_data(opened.key, len(opened.latents), opened.checkpoint.id, opened)


def place_data(place: Place) -> Json:
    """`Place` in types.ts."""
    return {
        "z": [float(value) for value in place.z],
        "label": place.label,
        "other": place.other,
        "blend": place.blend,
    }


def first_picture(opened: Opened, place: Place) -> str:
    """The picture of `place`, uint8 (C, H, W) in base64: shown until the page decodes itself."""
    image = decode(opened.model, [place.z], class_weights(opened, place)).mean[0]
    return base64.b64encode(np.rint(image * 255).astype(np.uint8).tobytes()).decode()


def class_weights(opened: Opened, place: Place) -> np.ndarray | None:
    """(1, n_classes) weights of the place's classes; None for a model without classes."""
    if not opened.n_classes or place.label is None:
        return None
    weights = np.zeros((1, opened.n_classes), np.float32)
    share = 0.0 if place.other is None else place.blend
    weights[0, place.label] += 1 - share
    if place.other is not None:
        weights[0, place.other] += share
    return weights


@st.cache_data(max_entries=32, show_spinner=False)
def _model_data(key: str, n_codes: int, name: str, _opened: Opened) -> Json:
    typical = typical_of(_opened.checkpoint)
    return {
        **decodable(_opened),
        "axes": _axes(_opened),
        "modes": modes_of(_opened),
        "unusedReason": unused_reason(_opened.axes),
        "randomHelp": f"A code from {source_of_codes(_opened.model)}.",
        "prior": _prior(_opened),
        "typicality": {
            "kind": typical.kind,
            "k": K,
            "perClass": typical.per_class,
            "quantiles": typical.quantiles,
        },
        "reencoding": typical.reencoding or None,
    }


def _axes(opened: Opened) -> list[Json]:
    scale, codes = scales(opened.axes), opened.latents.mean
    found = []
    for axis in opened.axes:
        shares = density(codes[:, axis.dim], axis.low, axis.high, BINS)
        found.append(
            {
                "dim": axis.dim,
                "direction": [],
                "origin": 0.0,
                "name": dimension_name(axis.dim),
                "title": axis_title(axis).partition(" · ")[2],
                "low": axis.low,
                "high": axis.high,
                "median": axis.median,
                "unused": axis.unused,
                "scale": float(scale[axis.dim]),
                "density": [round(float(share), 3) for share in shares],
            }
        )
    return found


@torch.inference_mode()
def _prior(opened: Opened) -> Json:
    model = opened.model
    if not isinstance(model, VAE):
        pool = draw_codes(model, opened.mixture, POOL, seed=0)
        return {"kind": "pool", "codes": np.round(pool, 4).tolist()}
    if model.config.prior == "standard":
        return {"kind": "standard"}
    prior = model.prior(torch.arange(opened.n_classes))
    return {"kind": "classes", "mean": prior.mean.tolist(), "std": prior.std.tolist()}
