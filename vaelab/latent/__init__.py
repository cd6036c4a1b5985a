"""The latent space: encode, project, walk, traverse, and sample an autoencoder's codes."""

from __future__ import annotations

from vaelab.latent.encode import Latents, concatenate, encode_dataset
from vaelab.latent.mixture import CodeMixture
from vaelab.latent.neighbours import Neighbours, nearest
from vaelab.latent.path import linear_path, spherical_path
from vaelab.latent.project import PROJECTIONS, Projector, project
from vaelab.latent.projection import Projection
from vaelab.latent.traverse import SliderAxis, slider_axes

__all__ = [
    "PROJECTIONS",
    "CodeMixture",
    "Latents",
    "Neighbours",
    "Projection",
    "Projector",
    "SliderAxis",
    "concatenate",
    "encode_dataset",
    "linear_path",
    "nearest",
    "project",
    "slider_axes",
    "spherical_path",
]
