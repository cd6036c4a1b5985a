"""Train: images, model, objective; the runs below."""

from __future__ import annotations

import streamlit as st

from vaelab.web import state
from vaelab.web.train import data_form, form_state, launch, model_form, runs_panel

state.page_header(
    "Train",
    "Pick images and a model. Training runs in the background, in a process of "
    "its own, whatever happens to this page. A VAE minimises distortion plus "
    "rate; an autoencoder, distortion alone:",
    r"\mathcal{L}(x) \;=\; \underbrace{\mathbb{E}_{q(z|x)}[-\log p(x|z)]}_{\text{distortion}}"
    r" \;+\; \beta\, \underbrace{\mathrm{KL}\left[q(z|x)\,\|\,p(z)\right]}_{\text{rate}}",
)
form_state.prepare()

form = st.grid(2, min_column_width=380, gap="medium")
with form, st.container(border=True, height="stretch"):
    st.subheader("Images", anchor=False)
    chosen = data_form.choose_data()
    if chosen is not None:
        data_form.preview(*chosen)
with form, st.container(border=True, height="stretch"):
    st.subheader("Model", anchor=False)
    if chosen is None:
        st.caption("Choose images first.")
    else:
        shown = model_form.choose_model(chosen[1])
if chosen is not None:
    with st.expander("Advanced", icon=":material/tune:"):
        shown += model_form.choose_advanced()
    launch.launch(*chosen, shown)

st.subheader("Runs", anchor=False)
runs_panel.runs_panel()
