"""The chapters of the page, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vaelab.web.learn import (
    autoencoder,
    conditioning,
    latent_variables,
    one_elbo,
    posterior,
    rate_distortion,
    reparameterisation,
)
from vaelab.web.learn.lesson import Lesson


@dataclass(frozen=True)
class Chapter:
    """Its words, and what draws its live part."""

    lesson: Lesson
    draw: Callable[[], None]


CHAPTERS: dict[str, Chapter] = {
    module.LESSON.key: Chapter(module.LESSON, module.draw)
    for module in (
        autoencoder,
        latent_variables,
        reparameterisation,
        one_elbo,
        posterior,
        rate_distortion,
        conditioning,
    )
}
