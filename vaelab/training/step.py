"""One update of the weights: the loss of a batch, its gradient, AdamW."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from vaelab.models import Model
from vaelab.objectives import Mean, TrainingLoss, mean_of_images, training_loss
from vaelab.training.batches import Batch
from vaelab.training.config import TrainConfig

# An update takes a batch, the learning rate and the weight of the rate.
Update = Callable[[Batch, float, float], TrainingLoss]


@dataclass(frozen=True, eq=False)
class Objective:
    """The training loss of a batch as a function of it: what eager and compiled steps share."""

    model: Model
    config: TrainConfig
    precision: torch.dtype

    def __call__(
        self,
        x: Tensor,
        c: Tensor | None,
        noise: torch.Generator,
        beta: float | Tensor,
        mean: Mean = mean_of_images,
    ) -> TrainingLoss:
        """The loss of x (B, C, H, W) in [0, 1] and class weights c (B, n_classes) or None."""
        with torch.autocast(
            x.device.type, dtype=torch.bfloat16, enabled=self.precision == torch.bfloat16
        ):
            return training_loss(
                self.model,
                x,
                c,
                noise,
                beta=beta,
                free_bits=self.config.free_bits,
                iwae_samples=self.config.iwae_samples,
                mean=mean,
            )

    def class_weights(self, y: Tensor | None) -> Tensor | None:
        """One-hot rows of labels: unlike labels, they are not checked, which would wait."""
        n_classes = self.model.config.n_classes
        return None if y is None else F.one_hot(y, n_classes).float()


class EagerUpdate:
    """Operation by operation, as it is written."""

    def __init__(
        self, objective: Objective, optimiser: torch.optim.AdamW, noise: torch.Generator
    ) -> None:
        self.objective, self.optimiser, self.noise = objective, optimiser, noise

    def __call__(self, batch: Batch, learning_rate: float, beta: float) -> TrainingLoss:
        classes = self.objective.class_weights(batch.y)
        loss = self.objective(batch.x, classes, self.noise, beta)
        self.descend(loss.loss, learning_rate)
        return loss

    def descend(self, loss: Tensor, learning_rate: float) -> None:
        """A step down the gradient of `loss`, clipped."""
        for group in self.optimiser.param_groups:
            group["lr"] = learning_rate
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        clip_gradients(list(self.objective.model.parameters()), self.objective.config.grad_clip)
        self.optimiser.step()


def clip_gradients(parameters: list[torch.nn.Parameter], largest: float) -> None:
    """Scale the gradients so that their joint norm is at most `largest`; 0 is off."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    if not largest or not gradients:
        return
    norm = torch.nn.utils.get_total_norm(gradients)
    # where looking at the norm costs nothing, the scaling by 1 is left out
    if norm.device.type != "cpu" or not norm <= largest:
        torch.nn.utils.clip_grads_with_norm_(parameters, largest, norm)
