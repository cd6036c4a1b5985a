"""Class swap: an image's style under another class, of a conditional VAE."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from vaelab.models import VAE, DiagonalGaussian, Model

BATCH = 256  # codes a forward pass
Codes = npt.NDArray[np.float32]


def keep_place(z: Tensor, own: DiagonalGaussian, other: DiagonalGaussian) -> Tensor:
    """z' = m' + s' (z - m) / s: the same place under the prior N(m', s'^2) of the other class."""
    return other.mean + other.std * ((z - own.mean) / own.std)


def keep_code(z: Tensor, own: DiagonalGaussian, other: DiagonalGaussian) -> Tensor:
    """z' = z."""
    return z


# What of a code is style, and so goes along to another class. All (B, K); the same for N(0, I).
CARRIES: dict[str, Callable[[Tensor, DiagonalGaussian, DiagonalGaussian], Tensor]] = {
    "place": keep_place,
    "code": keep_code,
}
DEFAULT_CARRY = "place"


@dataclass(frozen=True, eq=False)
class Swapped:
    """N styles under M classes each.

    Attributes:
        codes: z', float32 (N, M, K).
        pictures: E[p(x|z', c')], float32 (N, M, C, H, W) in [0, 1].
        labels: c, the class that each code was found under, int64 (N,).
        classes: c', the classes of the M columns, int64 (M,).
    """

    codes: Codes
    pictures: npt.NDArray[np.float32]
    labels: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]

    @property
    def is_own(self) -> npt.NDArray[np.bool_]:
        """Where c' = c: bool (N, M). There the picture is the plain reconstruction."""
        return np.asarray(self.labels[:, None] == self.classes)


@torch.inference_mode()
def carried_codes(
    model: Model,
    z: npt.ArrayLike,
    labels: npt.ArrayLike,
    classes: Sequence[int] | None = None,
    *,
    carry: str = DEFAULT_CARRY,
) -> Codes:
    """The codes z' of the same style under other classes.

    In p(x, z | c) = p(x | z, c) p(z | c) it is u = (z - m_c) / s_c that does not depend on c: it is
    N(0, I) for every class. So `place` keeps u, and is the default: z' is as probable under p(z|c')
    as z is under p(z|c). `code` keeps z itself, which may lie where p(z|c') has next to no mass and
    the decoder has seen no image of c'. With p(z|c) = N(0, I) both are z' = z.

    Args:
        model: a conditional VAE, on the CPU.
        z: (N, K), such as the means of q(z|x,c).
        labels: c, (N,).
        classes: c', M of them; all when None.
        carry: a key of `CARRIES`.

    Returns:
        float32 (N, M, K), where c' = c exactly z.

    Raises:
        ValueError: for a model without classes, codes or classes that do not fit it, or an unknown
            carry.
    """
    if not isinstance(model, VAE) or not model.config.is_conditional:
        raise ValueError("model must be a conditional VAE: without classes there is none to swap.")
    if carry not in CARRIES:
        raise ValueError(f"carry must be one of {', '.join(CARRIES)}, got {carry!r}.")
    n_classes, k = model.config.n_classes, model.config.latent_dim
    codes = torch.from_numpy(np.asarray(z).astype(np.float32))
    if codes.ndim != 2 or codes.shape[1] != k or not bool(torch.isfinite(codes).all()):
        raise ValueError(f"z must be finite and of shape (N, {k}), got {tuple(codes.shape)}.")
    own = _classes("labels", labels, n_classes)
    to = _classes("classes", range(n_classes) if classes is None else classes, n_classes)
    if len(own) != len(codes):
        raise ValueError(f"labels must be one a code ({len(codes)}), got {len(own)}.")
    n, m = len(codes), len(to)
    before = codes.repeat_interleave(m, dim=0)  # (N M, K)
    own_of_all, other_of_all = own.repeat_interleave(m), to.repeat(n)
    moved = CARRIES[carry](before, model.prior(own_of_all), model.prior(other_of_all))
    moved = torch.where((own_of_all == other_of_all)[:, None], before, moved)  # without rounding
    return np.asarray(moved.reshape(n, m, k).numpy(), np.float32)


@torch.inference_mode()
def swap_classes(
    model: Model,
    z: npt.ArrayLike,
    labels: npt.ArrayLike,
    classes: Sequence[int] | None = None,
    *,
    carry: str = DEFAULT_CARRY,
) -> Swapped:
    """Decode the style of each code under each class: x' = E[p(x | z', c')].

    Arguments and errors as in `carried_codes`.
    """
    codes = carried_codes(model, z, labels, classes, carry=carry)
    n, m, k = codes.shape
    own = _classes("labels", labels, model.config.n_classes)
    to = _classes("classes", range(m) if classes is None else classes, model.config.n_classes)
    flat, wanted = torch.from_numpy(codes.reshape(n * m, k)), to.repeat(n)
    is_own = wanted == own.repeat_interleave(m)
    pictures = torch.empty(n * m, *model.config.image_shape)
    # Own classes in a batch of their own: it is the plain reconstruction's, to the last bit.
    for rows in (*is_own.nonzero()[:, 0].split(BATCH), *(~is_own).nonzero()[:, 0].split(BATCH)):
        if len(rows):
            pictures[rows] = model.decode(flat[rows], wanted[rows]).mean.float()
    shaped = pictures.reshape(n, m, *model.config.image_shape).numpy()
    return Swapped(codes, shaped, np.asarray(own.numpy()), np.asarray(to.numpy()))


@torch.inference_mode()
def swap_images(
    model: Model,
    images: npt.NDArray[np.uint8],
    labels: npt.ArrayLike,
    classes: Sequence[int] | None = None,
    *,
    carry: str = DEFAULT_CARRY,
) -> Swapped:
    """The style of images uint8 (N, C, H, W) under each class: z is the mean of q(z | x, c).

    Raises:
        ValueError: as in `carried_codes`, and for images of another shape than the model's.
    """
    config = model.config
    if not config.is_conditional:
        raise ValueError("model must be a conditional VAE: without classes there is none to swap.")
    pixels = np.asarray(images)
    if pixels.dtype != np.uint8 or pixels.shape[1:] != config.image_shape:
        raise ValueError(
            f"images must be uint8 (N, {', '.join(map(str, config.image_shape))}), "
            f"got {pixels.dtype} {pixels.shape}."
        )
    own = _classes("labels", labels, config.n_classes)
    x = torch.from_numpy(pixels.copy()).float() / 255
    z = model.encode(x, own).mean.numpy()
    return swap_classes(model, z, labels, classes, carry=carry)


def _classes(name: str, values: npt.ArrayLike | Sequence[int], n_classes: int) -> Tensor:
    array = np.asarray(values)
    whole = array.ndim == 1 and len(array) and np.issubdtype(array.dtype, np.integer)
    if not whole or array.min() < 0 or array.max() >= n_classes:
        raise ValueError(f"{name} must be at least one of 0 to {n_classes - 1}, got {values!r}.")
    return torch.from_numpy(array.astype(np.int64))
