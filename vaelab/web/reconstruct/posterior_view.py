"""One image's code in each latent dimension, beside the prior or the data's codes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab.latent.names import dimension_name
from vaelab.models import VAE
from vaelab.web.decoding import Encoded
from vaelab.web.image_figures import posterior_strip
from vaelab.web.opened import Opened
from vaelab.web.reconstruct.meanings import heading
from vaelab.web.state import class_colours

MOST_DIMENSIONS = 48  # in the figure


def show_posterior(opened: Opened, code: Encoded, label: int | None) -> None:
    """The image's code in each dimension, against the prior or the data's codes."""
    axes = [axis for axis in opened.axes if not axis.unused][:MOST_DIMENSIONS] or opened.axes[:8]
    dims = [axis.dim for axis in axes]
    low, high, band = _band(opened, dims, label)
    title = "Its posterior in each dimension" if code.std is not None else "Its code"
    if code.std is None:
        st.subheader(title, anchor=False)
    else:
        heading(title, "posterior", conditional=bool(opened.n_classes))
    st.plotly_chart(
        posterior_strip(
            [dimension_name(d) for d in dims],
            code.mean[0, dims],
            None if code.std is None else code.std[0, dims],
            (low, high),
            band_name=band,
            colour=class_colours(1)[0],
        ),
        key="posterior",
        alt=f"Code of the image in {len(dims)} dimensions",
        config={"displayModeBar": False},
    )
    left_out = len(opened.axes) - len(dims)
    what = "dimensions with the highest rate" if code.std is not None else "widest dimensions"
    if left_out:
        st.caption(f"The {len(dims)} {what} of {len(opened.axes)}, in that order.")
    if code.std is None:
        st.caption("A point, not a distribution: there is no posterior to draw other codes from.")


def _band(
    opened: Opened, dims: list[int], label: int | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], str]:
    """What the code is compared with: low and high in each dimension, and its name."""
    model = opened.model
    if isinstance(model, VAE):
        y = None if label is None else torch.tensor([label])
        with torch.inference_mode():
            prior = model.prior(y)
            mean, std = prior.mean[0].double().numpy(), prior.std[0].double().numpy()
        return (mean - std)[dims], (mean + std)[dims], "prior, mean ± std"
    by_dim = {axis.dim: axis for axis in opened.axes}
    low = np.array([by_dim[d].low for d in dims])
    high = np.array([by_dim[d].high for d in dims])
    return low, high, "99% of the data’s codes"
