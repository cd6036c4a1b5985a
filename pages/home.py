"""Home: what this is, what to do first, and every checkpoint."""

from __future__ import annotations

import streamlit as st

from vaelab.web import state
from vaelab.web.reports import cards
from vaelab.web.server.shared_store import store_trouble
from vaelab.web.share.import_panel import import_panel

state.page_header(
    "A laboratory for latent spaces",
    "Train an autoencoder, a VAE or a conditional VAE on your images, then steer it: drag its "
    "latent dimensions, look at the map of its codes, walk from one image to another. A VAE learns "
    "codes $z$ from which images can be decoded, by raising a lower bound on their log "
    "probability, the ELBO:",
    r"\log p(x) \;\geq\; -\underbrace{\mathbb{E}_{q}[-\log p(x|z)]}_{\text{distortion}}"
    r" - \underbrace{\mathrm{KL}\left[q(z|x)\,\|\,p(z)\right]}_{\text{rate}}",
)

usable = state.usable_checkpoints()
damaged = state.damaged_checkpoints()

cards.first_steps(bool(usable))

st.subheader("Checkpoints", anchor=False)
if usable:
    st.caption("Each preview shows 25 samples drawn by the model, not images from its data.")
    with st.grid("auto", min_column_width=400):
        for checkpoint in usable:
            cards.checkpoint_card(checkpoint)
else:
    state.say_what_to_do(at_home=True)
import_panel()
for sentence in store_trouble():
    st.warning(f"Shared store: {sentence}", icon=":material/cloud_off:")
if damaged:
    st.subheader("Folders that cannot be opened", anchor=False)
    with st.grid("auto", min_column_width=400):
        for entry in damaged:
            cards.damaged_card(entry)
