"""Everything that determines the rest of a run, at one moment: what a pause keeps.

On one machine's CPU, with the same number of threads, a run that goes on from here does exactly
what it would have done without the pause.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

if TYPE_CHECKING:
    from vaelab.training.loop import Trainer


@dataclass(frozen=True)
class Place:
    """Where in its course a run stands.

    Attributes:
        epoch: epochs completed.
        step: steps done of the epoch after.
        tallied: images that the tally of that epoch holds.
        rollbacks: how often the loss exploded; each time halves the learning rate.
        best_epoch: the epoch of the highest validation ELBO, 0 before there is one.
        best: that ELBO, or minus an autoencoder's distortion, nats per image.
    """

    epoch: int = 0
    step: int = 0
    tallied: int = 0
    rollbacks: int = 0
    best_epoch: int = 0
    best: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Place:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for keys that are not these.
        """
        names = {field.name for field in fields(cls)}
        if set(values) != names:
            raise ValueError(f"a place must have {', '.join(sorted(names))}, got {set(values)}.")
        return cls(**values)


@dataclass(frozen=True, eq=False)
class TrainingState:
    """A place and the tensors that belong to it.

    Attributes:
        place: where the run stands.
        tensors: copies, by name: `model.*`, `best.*` (the weights of the best epoch, unless that
            is the last), `optimiser.<parameter>.*`, `generator.*` and the epoch's `tally`.
    """

    place: Place
    tensors: Mapping[str, Tensor]

    def part(self, prefix: str) -> dict[str, Tensor]:
        """The tensors whose names begin with `prefix.`, without it."""
        start = f"{prefix}."
        return {
            name.removeprefix(start): tensor
            for name, tensor in self.tensors.items()
            if name.startswith(start)
        }


def capture(trainer: Trainer) -> TrainingState:
    """A copy of the trainer's state, on its device."""
    tensors = {f"model.{name}": value for name, value in trainer.model.state_dict().items()}
    tensors |= {f"best.{name}": value for name, value in trainer.best_weights.items()}
    for i, values in trainer.optimiser.state_dict()["state"].items():
        tensors |= {f"optimiser.{i}.{name}": value for name, value in values.items()}
    if trainer.place.step:
        tensors["tally"] = trainer.tally.sums
    copies = {name: tensor.detach().clone() for name, tensor in tensors.items()}
    # The order of an epoch is drawn at its beginning, from the generator as it was before.
    started = trainer.place.step > 0
    copies["generator.order"] = trainer.order_before if started else trainer.order.get_state()
    copies["generator.noise"] = trainer.noise.get_state()
    copies["generator.pixels"] = trainer.pixels.get_state()
    copies["generator.torch"] = torch.get_rng_state()
    return TrainingState(trainer.place, copies)


def restore(trainer: Trainer, state: TrainingState) -> None:
    """Take the trainer to that state.

    Raises:
        ValueError: if the state is another model's.
    """
    weights = state.part("model")
    own = trainer.model.state_dict()
    if {n: t.shape for n, t in own.items()} != {n: t.shape for n, t in weights.items()}:
        raise ValueError("the saved state is that of another model.")
    trainer.model.load_state_dict(weights)
    trainer.best_weights = {
        name: _like(own[name], tensor) for name, tensor in state.part("best").items()
    }
    _restore_optimiser(trainer, state.part("optimiser"))
    trainer.order.set_state(state.tensors["generator.order"].cpu())
    trainer.noise.set_state(state.tensors["generator.noise"].cpu())
    trainer.pixels.set_state(state.tensors["generator.pixels"].cpu())
    torch.set_rng_state(state.tensors["generator.torch"].cpu())
    trainer.place = state.place
    trainer.tally = trainer.new_tally()
    trainer.tally.n = state.place.tallied
    if state.place.step and trainer.world.is_first:
        trainer.tally.sums.copy_(state.tensors["tally"])


def _restore_optimiser(trainer: Trainer, values: Mapping[str, Tensor]) -> None:
    parameters = [p for group in trainer.optimiser.param_groups for p in group["params"]]
    entries: dict[int, dict[str, Tensor]] = {}
    for name, tensor in values.items():
        number, _, key = name.partition(".")
        entries.setdefault(int(number), {})[key] = _like(parameters[int(number)], tensor)
    description = trainer.optimiser.state_dict()
    trainer.optimiser.load_state_dict({**description, "state": entries})


def _like(example: Tensor, tensor: Tensor) -> Tensor:
    """A copy on the example's device; of the same shape, also with its strides (channels last)."""
    if tensor.shape != example.shape:
        return tensor.detach().clone()
    return torch.empty_like(example, dtype=tensor.dtype, requires_grad=False).copy_(tensor)
