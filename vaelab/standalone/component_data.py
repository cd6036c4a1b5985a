"""What the page's components are told of a model, as JSON; see `types.ts` in the frontend."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from vaelab.latent import CodeMixture, Latents, SliderAxis
from vaelab.latent.directions import density
from vaelab.latent.draw import draw_codes
from vaelab.latent.model_axes import axis_amount
from vaelab.latent.names import dimension_name
from vaelab.latent.principal_axes import principal_plane
from vaelab.latent.trust import K, Typical
from vaelab.models import VAE, Model

BINS = 48  # of the density along a slider
POOL = 256  # codes that an autoencoder's mixture is drawn from ahead

Json = dict[str, Any]


def axes_data(axes: Sequence[SliderAxis], codes: npt.NDArray[np.float32]) -> list[Json]:
    """`LatentAxis` of each dimension; codes (N, K) are those that the ranges come from."""
    found = []
    for axis in axes:
        shares = density(codes[:, axis.dim], axis.low, axis.high, BINS)
        found.append(
            {
                "dim": axis.dim,
                "direction": [],
                "origin": 0.0,
                "name": dimension_name(axis.dim),
                "title": axis_amount(axis),
                "low": axis.low,
                "high": axis.high,
                "median": axis.median,
                "unused": axis.unused,
                "scale": float(axis.std or 1.0),
                "density": [round(float(share), 3) for share in shares],
            }
        )
    return found


@torch.inference_mode()
def prior_data(model: Model, mixture: CodeMixture | None) -> Json:
    """`Prior`: its kind, and the numbers that a page draws codes with."""
    if not isinstance(model, VAE):
        return {"kind": "pool", "codes": np.round(draw_codes(model, mixture, POOL, 0), 4).tolist()}
    if model.config.prior == "standard":
        return {"kind": "standard"}
    prior = model.prior(torch.arange(model.config.n_classes))
    return {"kind": "classes", "mean": prior.mean.tolist(), "std": prior.std.tolist()}


def trust_data(typical: Typical) -> Json:
    """What the trust meter compares with: `typicality` and `reencoding` of `ModelData`."""
    return {
        "typicality": {
            "kind": typical.kind,
            "k": K,
            "perClass": typical.per_class,
            "quantiles": typical.quantiles,
        },
        "reencoding": typical.reencoding or None,
    }


def code_rows(sample: Latents) -> bytes:
    """Little-endian float32 rows: mean (K), for a VAE log_var (K), and the label, -1 without."""
    labels = np.full(len(sample), -1) if sample.labels is None else sample.labels
    spread = [] if sample.log_var is None else [sample.log_var]
    return np.column_stack([sample.mean, *spread, labels]).astype("<f4").tobytes()


def code_width(sample: Latents) -> int:
    """Numbers in a row of `code_rows`."""
    return sample.latent_dim * (1 if sample.log_var is None else 2) + 1


def plane_data(codes: npt.NDArray[np.float32]) -> Json:
    """Origin, the two principal axes of codes (N, K), and their share of the variance."""
    plane = principal_plane(codes)
    return {
        "origin": np.round(plane.origin, 6).tolist(),
        "axes": np.round(plane.axes, 6).tolist(),
        "share": round(float(plane.share.sum()), 4),
    }
