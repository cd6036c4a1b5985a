"""What chains given visible pixels guarantee, and what they do not, in words."""

from __future__ import annotations

from collections.abc import Sequence

from vaelab.latent.inpaint import Inpainted
from vaelab.latent.inpaint_classes import ClassesFromVisible
from vaelab.web.reconstruct.better_words import nats
from vaelab.web.words import literal

CAUTION = (
    "The chains are short: fillings far from all of these may have been missed, and how often "
    "something is seen among them is no measured probability. Hidden pixels are the decoder’s "
    "means, smoother than a picture."
)


def about_chains(found: Inpainted, several: bool) -> str:
    """How the alternatives came about."""
    if several:
        drawn = (
            f"Each class had chains of its own, {found.n_chains} in each of two runs, begun as "
            "draws from its prior."
        )
    else:
        starts = int(found.n_starts[0])
        drawn = (
            f"{found.n_chains} chains began as draws from the prior and were annealed to the "
            f"posterior, drawn anew by weight on the way: the alternatives come from {starts} of "
            "them and were then moved on, each by itself."
        )
    return (
        f"{drawn} Steps are Hamiltonian, taken or refused by Metropolis’ rule, "
        f"{found.acceptance:.0%} taken in the end: endless chains would draw from exactly the "
        "model’s posterior."
    )


def about_classes(weighed: ClassesFromVisible, names: Sequence[str]) -> str:
    """What the classes' shares are, and how far to trust them."""
    first = literal(names[int(weighed.classes[0])])
    said = (
        "Shares are p(c | visible pixels) with every class as probable beforehand as any other, by "
        "an estimate of log p(visible pixels | c) from the chains’ weights. Two runs of "
        f"{first}, with the same steps, differed by {nats(float(weighed.spread[0]))} nats"
    )
    if len(weighed.classes) > 1:
        ahead = nats(float(weighed.log_visible[0] - weighed.log_visible[1]))
        second = literal(names[int(weighed.classes[1])])
        said += f"; it is {ahead} nats ahead of {second}"
    if not weighed.is_decided:
        said = f"**Undecided, so no share is shown.** {said}: the order of the classes is a guess"
    return f"{said}. Below each: log p(visible pixels, z | c), nats."
