"""The page that live decoding is compared with: st.slider and the same decoder on the server."""

from __future__ import annotations

import os
from pathlib import Path

import streamlit as st
import torch

from vaelab.checkpoints import read_checkpoint
from vaelab.pictures import enlarge, png_bytes, to_picture
from vaelab.web.loaders import model_of

checkpoint = read_checkpoint(Path(os.environ["VAELAB_BENCHMARK_CHECKPOINT"]))
config = checkpoint.model_config
z = [
    st.slider(f"z{d + 1}", -3.0, 3.0, 0.0, step=0.03, key=f"z{d}") for d in range(config.latent_dim)
]
y = torch.zeros(1, dtype=torch.long) if config.is_conditional else None
with torch.inference_mode():
    image = model_of(checkpoint).decode(torch.tensor([z]), y).mean[0].numpy()
st.image(png_bytes(enlarge(to_picture(image), 280)))
