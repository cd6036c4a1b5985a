"""A tiny model opened as a page opens it."""

import pytest

from vaelab.web.axes import axes_of
from vaelab.web.loaders import latents_of, mixture_of, model_of
from vaelab.web.opened import Opened


@pytest.fixture
def opened(tiny):
    """A VAE of two dimensions over the digits, which have labels."""
    return Opened(tiny, model_of(tiny), latents_of(tiny), mixture_of(tiny), axes_of(tiny))
