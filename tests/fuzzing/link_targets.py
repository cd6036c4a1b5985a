"""What a link says: the model by its name and weights, the key frames of a path."""

from __future__ import annotations

import base64
from pathlib import Path
from random import Random

import numpy as np

from tests.fuzzing.campaign import Target
from tests.fuzzing.mutate import mutated
from tests.small_checkpoints import small_checkpoint
from vaelab.checkpoints import Checkpoint
from vaelab.web.interpolate.address_frames import read_frames, write_frames
from vaelab.web.interpolate.key_frames import KeyFrame
from vaelab.web.linked import linked_choice
from vaelab.web.opened import opened_from


def linked_model(sandbox: Path) -> Target:
    """`?model=…&weights=…`: always a checkpoint, with a sentence where it is another one."""
    checkpoint = small_checkpoint(sandbox / "checkpoints", "small")
    seeds = [checkpoint.id.encode(), checkpoint.weights_sha256[:12].encode()]

    def make(rng: Random) -> tuple[str, str]:
        name, weights = (
            seed if rng.random() < 0.3 else mutated(rng, [seed])[:2000] for seed in seeds
        )
        return name.decode("utf-8", "replace"), weights.decode("utf-8", "replace")

    def read(asked: tuple[str, str]) -> str | None:
        choice = linked_choice([checkpoint], *asked)
        found = isinstance(choice.checkpoint, Checkpoint) and len(choice.message) < 500
        return None if found else f"{choice}"

    return Target(make, read, ())


def key_frames(sandbox: Path) -> Target:
    """`?frames=…` of the Interpolate page."""
    opened = opened_from(small_checkpoint(sandbox / "checkpoints", "small"))
    k = opened.latents.latent_dim
    frames = [
        KeyFrame((0.5,) * k, 3, "a place"),
        KeyFrame(tuple(map(float, opened.latents.mean[5])), 0, "a code", 5),
    ]
    seed = write_frames(frames)
    content = base64.urlsafe_b64decode(seed + "=" * (-len(seed) % 4))

    def make(rng: Random) -> str:
        if rng.random() < 0.5:
            return mutated(rng, [seed.encode()]).decode("utf-8", "replace")[:10_000]
        return base64.urlsafe_b64encode(mutated(rng, [content])[:6_000]).decode().rstrip("=")

    def read(text: str) -> str | None:
        found = read_frames(opened, text)
        return None if all(np.isfinite(frame.z).all() for frame in found) else f"{found}"

    return Target(make, read, (ValueError,))


PARSERS = {
    "linked model": linked_model,
    "key frames of a link": key_frames,
}
