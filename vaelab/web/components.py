"""Components that run in the browser: how they are mounted, and where they fetch their parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from vaelab.checkpoints import Checkpoint
from vaelab.web.linked import WEIGHTS, link_of
from vaelab.web.opened import Opened
from vaelab.web.server.frontend_files import frontend_path
from vaelab.web.server.routes import address

# The bundle is a file that the browser keeps; in here is only what fetches it.
LOADER = """\
export default async function (component) {
  const bundle = new URL(component.data.addresses.bundle, document.baseURI)
  const { mount } = await import(bundle.href)
  return mount(component)
}
"""


def register(name: str) -> ComponentRenderer:
    """The component `name`; its data must hold `addresses` with its bundle's."""
    return st.components.v2.component(f"vaelab_{name}", js=LOADER)


def addresses(checkpoint: Checkpoint, bundle: str) -> Mapping[str, str]:
    """Where a component fetches its parts, `bundle` being its own; `Addresses` in types.ts."""
    here = f"/checkpoints/{checkpoint.id}"
    version = f"?weights={checkpoint.weights_sha256[:16]}"  # another model, another address
    paths = {
        "bundle": frontend_path(bundle),
        "worker": frontend_path("worker.js"),
        "runtime": frontend_path("ort.wasm.bundle.min.mjs"),
        "wasm": frontend_path("ort-wasm-simd-threaded.wasm"),
        "decoder": f"{here}/decoder.onnx{version}",
        "encoder": f"{here}/encoder.onnx{version}",
        "decode": f"{here}/decode",
        "reencode": f"{here}/reencode",
        "axes": f"{here}/axes",
        "codes": f"{here}/codes.bin",
        "film": f"{here}/film",
    }
    return {name: address(path) for name, path in paths.items()}


def decodable(opened: Opened) -> dict[str, Any]:
    """What the page's decoder needs to know of a model; `Decodable` in types.ts."""
    config = opened.checkpoint.model_config
    return {
        "id": opened.checkpoint.id,
        "weights": link_of(opened.checkpoint)[WEIGHTS],
        "latentDim": config.latent_dim,
        "shape": list(config.image_shape),
        "classes": list(opened.class_names) if opened.n_classes else [],
    }
