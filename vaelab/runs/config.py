"""What a run is asked to do: data, model and training settings, and where the result goes."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from vaelab import settings
from vaelab.checkpoints import require_valid_id
from vaelab.data import DataError, DataSpec, describe_source
from vaelab.models import REGULARISERS, ModelConfig
from vaelab.training import TrainConfig

# What a person asks for -> the model's family, and whether it is given the classes.
FAMILIES: dict[str, tuple[str, bool]] = {
    "ae": ("autoencoder", False),
    "vae": ("vae", False),
    "cvae": ("vae", True),
}
FROM_DATA = ("family", "image_shape", "n_classes")  # ModelConfig's fields that are not settings
MODEL_SETTINGS = frozenset(field.name for field in fields(ModelConfig)) - set(FROM_DATA)

OF_A_RATE = frozenset({"beta", "kl_warmup_epochs", "free_bits", "iwae_samples"})


@dataclass(frozen=True)
class RunConfig:
    """Everything that a worker needs to know.

    Raises:
        ValueError: naming the field, the value got and the values allowed.
    """

    name: str  # of the run and of its checkpoint folder: letters, digits and . _ -
    data: DataSpec
    family: str = "vae"  # a key of FAMILIES
    model: Mapping[str, Any] = field(default_factory=dict)  # ModelConfig's fields but FROM_DATA
    train: TrainConfig = field(default_factory=TrainConfig)
    checkpoints: str = ""  # folder of the checkpoint folders; empty: settings.checkpoints_dir()
    data_dir: str = ""  # folder of the named data sets' files; empty: settings.data_dir()
    overwrite: bool = False  # whether a checkpoint of that name may be replaced

    def __post_init__(self) -> None:
        require_valid_id(self.name)
        if self.family not in FAMILIES:
            raise ValueError(f"family must be one of {', '.join(FAMILIES)}, got {self.family!r}.")
        from_data = set(self.model) & set(FROM_DATA)
        if from_data:
            raise ValueError(f"{', '.join(sorted(from_data))} follow from the data and family.")
        # Absolute and from this environment: the worker may have another one.
        folder = Path(self.checkpoints or settings.checkpoints_dir()).expanduser().absolute()
        data_dir = Path(self.data_dir or settings.data_dir()).expanduser().absolute()
        object.__setattr__(self, "checkpoints", str(folder))
        object.__setattr__(self, "data_dir", str(data_dir))
        object.__setattr__(self, "model", self._complete_model())

    def _complete_model(self) -> dict[str, Any]:
        """All settings, so that the record says what was asked even if a default changes.

        What follows from the image's size ("auto") is filled in when the data is loaded.
        """
        given = dict(self.model)
        regulariser = given.get("regulariser")
        if regulariser in REGULARISERS:
            given.setdefault("regulariser_strength", REGULARISERS[regulariser].default_strength)
        family, conditional = FAMILIES[self.family]
        trial = {**given, "family": family, "n_classes": 2 if conditional else 0}
        ModelConfig.from_dict(trial)  # refuses what no image could make valid
        defaults = {field.name: field.default for field in fields(ModelConfig)}
        return {name: given.get(name, defaults[name]) for name in sorted(MODEL_SETTINGS)}

    @property
    def checkpoint_folder(self) -> Path:
        return Path(self.checkpoints) / self.name

    @property
    def last_name(self) -> str:
        """The checkpoint of the last epoch, where early stopping makes another one the result."""
        return f"{self.name}-last"

    def model_config(self, image_shape: tuple[int, int, int], n_classes: int) -> ModelConfig:
        """The model for images of (C, H, W) with that many classes.

        Raises:
            DataError: if the family needs classes that the data does not have.
        """
        family, conditional = FAMILIES[self.family]
        if conditional and n_classes < 2:
            found = "no labels" if n_classes == 0 else "one class only"
            raise DataError(
                f"A conditional VAE needs at least two classes, and {self.data.source} has "
                f"{found}; use family vae."
            )
        return ModelConfig(
            family=family,
            image_shape=image_shape,
            n_classes=n_classes if conditional else 0,
            **self.model,
        )

    def require_classes(self) -> None:
        """Refuse images without the classes that the family needs, before any is decoded.

        Raises:
            DataError: as `model_config`.
        """
        if not FAMILIES[self.family][1]:
            return
        told = describe_source(self.data, data_dir=Path(self.data_dir))
        if told.available and told.image_shape is not None:
            self.model_config(told.image_shape, len(told.class_names))

    def prepare_folder(self) -> None:
        """Make the folder of the checkpoints, so that what forbids it is said before training.

        Raises:
            ValueError: if a checkpoint of that name exists and may not be replaced.
            OSError: if the folder cannot be made.
        """
        names = [self.name, *([self.last_name] if self.train.patience else [])]
        there = [name for name in names if (Path(self.checkpoints) / name).exists()]
        if there and not self.overwrite:
            raise ValueError(
                f"A checkpoint {there[0]!r} exists in {self.checkpoints}; choose another name "
                "or allow it to be overwritten."
            )
        Path(self.checkpoints).mkdir(parents=True, exist_ok=True)

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "data": self.data.to_dict(),
            "family": self.family,
            "model": dict(self.model),
            "train": self.train.to_dict(),
            "checkpoints": self.checkpoints,
            "data_dir": self.data_dir,
            "overwrite": self.overwrite,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> RunConfig:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown key or an invalid value.
        """
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            raise ValueError(f"unknown run settings: {', '.join(sorted(unknown))}.")
        return cls(
            **{
                **values,
                "data": DataSpec.from_dict(values["data"]),
                "train": TrainConfig.from_dict(values.get("train", {})),
            }
        )


def require_used(family: str, chosen: Mapping[str, Any]) -> None:
    """Refuse settings that a person chose and the model would ignore; defaults may always be said.

    Args:
        family: a key of FAMILIES.
        chosen: fields of ModelConfig and TrainConfig.

    Raises:
        ValueError: naming the setting and what it belongs to.
    """
    defaults = {
        field.name: field.default for kind in (ModelConfig, TrainConfig) for field in fields(kind)
    }
    told = {name for name, value in chosen.items() if value != defaults.get(name)}
    rate = sorted(told & OF_A_RATE)
    if family == "ae" and rate:
        raise ValueError(f"{rate[0]} belongs to a VAE: an autoencoder has no rate.")
    if "regulariser_strength" in told and "regulariser" not in told:
        others = ", ".join(name for name in REGULARISERS if name != defaults["regulariser"])
        raise ValueError(f"regulariser_strength needs a regulariser of an ae: {others}.")
    likelihood = chosen.get("likelihood", defaults["likelihood"])
    if "min_std" in told and not str(likelihood).startswith("gaussian"):
        raise ValueError(f"min_std belongs to a Gaussian likelihood, got {likelihood!r}.")


def free_name(base: str, folder: str | Path, taken: Collection[str] = ()) -> str:
    """`base` made a valid name, with `-2`, `-3`, ... where the folder or `taken` has it already.

    Args:
        base: any text.
        folder: of the checkpoint folders.
        taken: names that unfinished runs will use.
    """
    clean = re.sub(r"[^A-Za-z0-9._-]+", "-", base).strip("-._")[:70] or "run"
    name, number = clean, 1
    while name in taken or (Path(folder) / name).exists():
        number += 1
        name = f"{clean}-{number}"
    return name
