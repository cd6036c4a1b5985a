"""vaelab: a laboratory for latent spaces.

>>> import vaelab
>>> checkpoint = vaelab.train("digits", "vae", latent_dim=2, epochs=30)
>>> report = vaelab.evaluate(checkpoint)
>>> latents = vaelab.load_latents(checkpoint)
>>> vaelab.latent_map(latents.mean, latents.labels, checkpoint.class_names)

Names are imported when they are first used, so that `import vaelab` does not wait for torch.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from vaelab.api import evaluate as evaluate
    from vaelab.api import load_checkpoint as load_checkpoint
    from vaelab.api import load_latents as load_latents
    from vaelab.api import load_model as load_model
    from vaelab.api import train as train
    from vaelab.checkpoints import list_checkpoints as list_checkpoints
    from vaelab.data import DataSpec as DataSpec
    from vaelab.data import load_dataset as load_dataset
    from vaelab.latent import project as project
    from vaelab.models import ModelConfig as ModelConfig
    from vaelab.models import build_model as build_model
    from vaelab.training import TrainConfig as TrainConfig
    from vaelab.web.figures import latent_map as latent_map

_HOMES = {
    "DataSpec": "vaelab.data",
    "ModelConfig": "vaelab.models",
    "TrainConfig": "vaelab.training",
    "build_model": "vaelab.models",
    "evaluate": "vaelab.api",
    "latent_map": "vaelab.web.figures",
    "list_checkpoints": "vaelab.checkpoints",
    "load_checkpoint": "vaelab.api",
    "load_dataset": "vaelab.data",
    "load_latents": "vaelab.api",
    "load_model": "vaelab.api",
    "project": "vaelab.latent",
    "train": "vaelab.api",
}

__all__ = list(_HOMES)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'vaelab' has no attribute {name!r}")
    if "torch" not in sys.modules:  # which reads this when it is imported, below
        importlib.import_module("vaelab.runs.threads").wait_asleep(os.environ)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
