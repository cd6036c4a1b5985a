"""The loops that training is measured against: pythae's trainer, and one image at a time.

`examples` has the shape of the loop in pytorch/examples: a data set of PIL images that are turned
into tensors one by one, a DataLoader that stacks them, one optimiser step a batch, one pass over
the test images an epoch. It is written anew here.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor, nn

from benchmarks.training_task import Epoch, Task, mean_elbo


class PlainVae(nn.Module):
    """784-400-20-400-784 with ReLU, or any pair of networks of vaelab in its place."""

    def __init__(self, task: Task) -> None:
        super().__init__()
        if task.network == "mlp":
            self.encoder: nn.Module = nn.Sequential(
                nn.Flatten(), nn.Linear(784, 400), nn.ReLU(), nn.Linear(400, 40)
            )
            self.decoder: nn.Module = nn.Sequential(
                nn.Linear(20, 400), nn.ReLU(), nn.Linear(400, 784), nn.Unflatten(1, (1, 28, 28))
            )
        else:
            built = task.model()
            self.encoder, self.decoder = (
                _Unconditional(built.encoder),
                _Unconditional(built.decoder),
            )

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Logits (B, 1, 28, 28), mean and log_var (B, K)."""
        mean, log_var = self.encoder(x).chunk(2, dim=1)
        z = mean + (0.5 * log_var).exp() * torch.randn_like(mean)
        return self.decoder(z), mean, log_var


class _Unconditional(nn.Module):
    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, values: Tensor) -> Tensor:
        out: Tensor = self.network(values, None)
        return out


def negative_elbo(x: Tensor, logits: Tensor, mean: Tensor, log_var: Tensor) -> Tensor:
    """Summed over the batch, nats."""
    distortion = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return distortion + 0.5 * (mean.square() + log_var.exp() - log_var - 1).sum()


class _PilImages(torch.utils.data.Dataset):
    def __init__(self, images: np.ndarray) -> None:
        self.images = images

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, i: int) -> Tensor:
        picture = Image.fromarray(self.images[i, 0])
        return torch.from_numpy(np.array(picture, np.uint8))[None].float().div(255)


def examples(task: Task, train: np.ndarray, test: np.ndarray) -> Iterator[Epoch]:
    """One image at a time through a DataLoader, Adam, evaluation after each epoch."""
    torch.manual_seed(task.seed)
    model = PlainVae(task)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    loader = torch.utils.data.DataLoader(_PilImages(train), batch_size=128, shuffle=True)
    test_loader = torch.utils.data.DataLoader(_PilImages(test), batch_size=128)
    for _ in range(task.epochs):
        began = time.perf_counter()
        for x in loader:
            optimiser.zero_grad()
            loss = negative_elbo(x, *model(x))
            loss.backward()
            loss.item()
            optimiser.step()
        with torch.no_grad():
            total = sum(negative_elbo(x, *model(x)).item() for x in test_loader)
        yield Epoch(time.perf_counter() - began, -total / len(test))


def pythae(task: Task, train: np.ndarray, test: np.ndarray) -> Iterator[Epoch]:
    """pythae's BaseTrainer with its defaults but for batch size and optimiser.

    It normalises its loss by the batch, its learning rate is therefore that of the others.
    """
    from pythae.data.datasets import BaseDataset
    from pythae.models import VAE, VAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    torch.manual_seed(task.seed)
    plain = PlainVae(task)

    class Encoder(BaseEncoder):
        def __init__(self) -> None:
            super().__init__()
            self.layers, self.latent_dim = plain.encoder, 20

        def forward(self, x: Tensor) -> ModelOutput:
            mean, log_var = self.layers(x).chunk(2, dim=1)
            return ModelOutput(embedding=mean, log_covariance=log_var)

    class Decoder(BaseDecoder):
        def __init__(self) -> None:
            super().__init__()
            self.layers = plain.decoder

        def forward(self, z: Tensor) -> ModelOutput:
            return ModelOutput(reconstruction=self.layers(z).sigmoid())

    config = VAEConfig(input_dim=(1, 28, 28), latent_dim=20, reconstruction_loss="bce")
    model = VAE(config, encoder=Encoder(), decoder=Decoder())
    sets = [_as_pythae(BaseDataset, images) for images in (train, test)]
    ends: list[Epoch] = []

    class Told(BaseTrainer):
        def train_step(self, epoch: int) -> float:
            self.began = time.perf_counter()
            loss: float = super().train_step(epoch)
            return loss

        def eval_step(self, epoch: int) -> float:
            loss: float = super().eval_step(epoch)
            seconds = time.perf_counter() - self.began
            ends.append(Epoch(seconds, mean_elbo(lambda x: _logits(self.model, x), test)))
            return loss

    with tempfile.TemporaryDirectory() as folder:
        settings = BaseTrainerConfig(
            output_dir=folder,
            num_epochs=task.epochs,
            learning_rate=1e-3,
            per_device_train_batch_size=128,
            per_device_eval_batch_size=128,
            optimizer_cls="Adam",
            no_cuda=True,
        )
        Told(model, sets[0], sets[1], training_config=settings).train()
    yield from ends


def _as_pythae(kind: type, images: np.ndarray) -> object:
    x = torch.from_numpy(images).float() / 255
    return kind(x, torch.zeros(len(x)))


def _logits(model: nn.Module, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    code = model.encoder(x)
    z = code.embedding + (0.5 * code.log_covariance).exp() * torch.randn_like(code.embedding)
    return model.decoder(z).reconstruction.logit(eps=1e-7), code.embedding, code.log_covariance


RIVALS: dict[str, Callable[[Task, np.ndarray, np.ndarray], Iterator[Epoch]]] = {
    "examples": examples,
    "pythae": pythae,
}
