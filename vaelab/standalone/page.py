"""The file itself: a page with its script, the runtime, the model and the codes inside."""

from __future__ import annotations

import base64
import gzip
import hashlib
import html
import json
from dataclasses import replace
from pathlib import Path
from string import Template
from typing import Any

import numpy as np
import torch

from vaelab.checkpoints import Checkpoint, load_latents, load_mixture, load_model
from vaelab.latent import Latents
from vaelab.latent.draw import source_of_codes
from vaelab.latent.model_axes import unused_reason
from vaelab.latent.trust import sample_rows, typical_of_sample
from vaelab.models import Model
from vaelab.standalone.card import card_lines, licences, summary
from vaelab.standalone.colours import DARK, LIGHT
from vaelab.standalone.component_data import (
    axes_data,
    code_rows,
    code_width,
    plane_data,
    prior_data,
    trust_data,
)
from vaelab.standalone.start import LEAST_FRAMES, MOST_FRAMES, Start, axes_of_checkpoint, start_of

MOST_CODES = 3000  # on the map, and that the trust meter compares with
LOG_VAR_STEP = 1 / 64  # exact enough for a density, and half the bytes once it is packed
WEB = Path(__file__).resolve().parents[1] / "web" / "frontend"
SCRIPT = WEB / "dist" / "standalone.js"
WORKER = WEB / "dist" / "standalone-worker.js"
WASM = WEB / "vendor" / "onnxruntime-web" / "ort-wasm-simd-threaded.wasm.gz"
TEMPLATE = Path(__file__).with_name("template.html")

Json = dict[str, Any]


class FrontendMissingError(ValueError):
    """The built frontend is not there; the message says how to build it."""


def standalone_html(
    checkpoint: Checkpoint,
    decoder: bytes,
    view: Json | Start | None = None,
    encoder: bytes | None = None,
) -> bytes:
    """One HTML file: the model's card, sliders, a map of its codes and a path through them.

    It fetches nothing: its content security policy allows no connection at all. It holds no image
    of the data, but codes of some of them.

    Args:
        checkpoint: with codes.
        decoder: its `decoder.onnx`.
        view: where it starts, see `read_view`; the middle of the codes when None.
        encoder: its `encoder.onnx`; without, the page does not say how far a picture's own code is.

    Raises:
        CheckpointError: if the checkpoint is damaged.
        FrontendMissingError: if the frontend is not built.
        ValueError: if the checkpoint holds no codes, or the view does not fit the model.
    """
    for path in (SCRIPT, WORKER, WASM):
        if not path.is_file():
            raise FrontendMissingError(
                f"{path.name} is missing; build the frontend: npm run build."
            )
    latents = load_latents(checkpoint)
    if not len(latents):
        raise ValueError(f"{checkpoint.id} holds no codes yet.")
    sample = latents.take(sample_rows(len(latents), MOST_CODES))
    parts = {
        "worker": _packed(WORKER.read_bytes()),
        "wasm": base64.b64encode(WASM.read_bytes()).decode(),
        "decoder": _packed(decoder),
        "codes": _packed(code_rows(_rounded(sample))),
    }
    if encoder is not None:
        parts["encoder"] = _packed(encoder)
    data = _data(checkpoint, latents, sample, view)
    if encoder is None:
        data["model"]["reencoding"] = None
    size = 0
    while True:  # the page says how large it is, which is part of it
        content = _filled(checkpoint, data, parts, size)
        if len(content) == size:
            return content
        size = len(content)


def size_text(n_bytes: int) -> str:
    """`6.4 MB`, of a million bytes, or `37 kB`."""
    return f"{n_bytes / 1e6:.1f} MB" if n_bytes >= 1e6 else f"{n_bytes / 1e3:.0f} kB"


def _filled(checkpoint: Checkpoint, data: Json, parts: dict[str, str], size: int) -> bytes:
    script = SCRIPT.read_text()
    if "</script" in script.lower():
        raise FrontendMissingError(
            f"{SCRIPT.name} would end its own element; build the frontend again."
        )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    inert = "\n".join(
        f'<script type="text/plain" id="{name}">{text}</script>' for name, text in parts.items()
    )
    told = json.dumps(data, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    lines = "".join(
        f"<div><dt>{html.escape(line.name)}</dt><dd>{html.escape(line.text)}</dd></div>"
        for line in card_lines(checkpoint, size_text(size))
    )
    notes = "".join(
        f"<h3>{html.escape(licence.what)}</h3><pre>{html.escape(licence.text)}</pre>"
        for licence in licences(WASM.parent)
    )
    page = Template(TEMPLATE.read_text()).substitute(
        title=html.escape(checkpoint.id),
        summary=html.escape(summary(checkpoint)),
        card=lines,
        licences=notes,
        script_hash=f"sha256-{digest}",
        data=told,
        parts=inert,
        script=script,
    )
    return page.encode()


def _data(
    checkpoint: Checkpoint, latents: Latents, sample: Latents, view: Json | Start | None
) -> Json:
    """`StandaloneData` of the frontend; `sample` are the codes that lie in the page."""
    model = load_model(checkpoint)
    axes = axes_of_checkpoint(checkpoint, model, latents)
    config = checkpoint.model_config
    start = view if isinstance(view, Start) else start_of(checkpoint, model, latents, view or {})
    start.require_fit(config.latent_dim, config.n_classes)
    typical = typical_of_sample(model, sample, axes)
    return {
        "model": {
            "id": checkpoint.id,
            "latentDim": config.latent_dim,
            "shape": list(config.image_shape),
            "classes": list(checkpoint.class_names) if config.is_conditional else [],
            "axes": axes_data(axes, latents.mean),
            "modes": [],
            "unusedReason": unused_reason(axes),
            "randomHelp": f"A code from {source_of_codes(model)}.",
            "prior": prior_data(model, load_mixture(checkpoint)),
            **trust_data(typical),
            "weights": checkpoint.weights_sha256,
            "classNames": list(checkpoint.class_names) if latents.labels is not None else [],
            "colours": {"light": list(LIGHT), "dark": list(DARK)},
            "measure": typical.kind,
            "map": {
                **plane_data(sample.mean),
                "every": 1,
                "rows": sample_rows(len(latents), MOST_CODES).tolist(),
                "codeWidth": code_width(sample),
            },
        },
        "place": {
            "z": [round(value, 6) for value in start.z],
            "label": start.label,
            "other": start.other,
            "blend": start.blend,
        },
        "first": _first_picture(model, start),
        "frames": [
            {"z": list(f.z), "label": f.label, "source": f.source, "row": None}
            for f in start.frames
        ],
        "limits": [LEAST_FRAMES, MOST_FRAMES],
    }


def _rounded(sample: Latents) -> Latents:
    """The same codes with log_var in steps of LOG_VAR_STEP."""
    if sample.log_var is None:
        return sample
    return replace(sample, log_var=np.rint(sample.log_var / LOG_VAR_STEP) * LOG_VAR_STEP)


@torch.inference_mode()
def _first_picture(model: Model, start: Start) -> str:
    """uint8 (C, H, W) in base64: shown while the runtime is unpacked."""
    y = None
    if start.label is not None:
        y = torch.zeros(1, model.config.n_classes)
        share = 0.0 if start.other is None else start.blend
        y[0, start.label] += 1 - share
        if start.other is not None:
            y[0, start.other] += share
    mean = model.decode(torch.tensor([start.z], dtype=torch.float32), y).mean[0].numpy()
    return base64.b64encode(np.rint(mean * 255).astype(np.uint8).tobytes()).decode()


def _packed(content: bytes) -> str:
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode()
