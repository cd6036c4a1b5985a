"""What a model is made of: a frozen, validated, JSON-able description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from numbers import Integral, Real
from typing import Any

from vaelab.nearest import did_you_mean

FAMILIES = {"autoencoder": "Autoencoder", "vae": "VAE"}
NETWORKS = {
    "auto": "fully connected up to 1,024 values an image, else convolutional",
    "mlp": "fully connected",
    "conv": "residual convolutional",
}
LARGEST_MLP = 1024  # values an image up to which "auto" is the fully connected network
DEFAULT_WIDTH = {"mlp": 512, "conv": 32}
LARGE_SIDE = 32  # above it "conv" is narrower by default: a browser decodes while one drags
LARGE_WIDTH = 24
DEFAULT_DEPTH = {"mlp": 2, "conv": 1}
LIKELIHOODS = {
    "bernoulli": "Bernoulli",
    "continuous_bernoulli": "continuous Bernoulli",
    "gaussian": "Gaussian, mean and variance from the network",
    "gaussian_shared": "Gaussian, one learned scale",
}
PRIORS = {
    "standard": "standard normal N(0, I)",
    "class_gaussian": "learned Gaussian per class p(z | c)",
}


@dataclass(frozen=True)
class Regulariser:
    """How an autoencoder is kept from copying its input."""

    title: str
    strength: str  # what `regulariser_strength` means
    default_strength: float


REGULARISERS = {
    "bottleneck": Regulariser("bottleneck alone", "unused", 0.0),
    "denoise_gaussian": Regulariser(
        "denoising, Gaussian noise",
        "standard deviation of the noise, in pixel units of [0, 1]",
        0.3,
    ),
    "denoise_masking": Regulariser(
        "denoising, masked pixels", "probability that a pixel is set to 0", 0.3
    ),
    "sparse": Regulariser("sparse code (L1)", "nats per unit of |code|", 0.1),
    "contractive": Regulariser("contractive", "nats per unit of squared Jacobian norm", 0.1),
}


def _one_of(name: str, value: object, allowed: Mapping[str, object]) -> None:
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {value!r}.")


def _between(name: str, value: float, low: float, high: float) -> None:
    if not isinstance(value, Real) or isinstance(value, bool):
        raise ValueError(f"{name} must be a number in {low}..{high}, got {value!r}.")
    if not low <= value <= high:  # also refuses NaN
        raise ValueError(f"{name} must lie in {low}..{high}, got {value!r}.")


def _whole(name: str, value: int, low: int, high: int) -> None:
    if not isinstance(value, Integral):
        raise ValueError(f"{name} must be a whole number, got {value!r}.")
    _between(name, value, low, high)


@dataclass(frozen=True)
class ModelConfig:
    """An autoencoder, a VAE, or a conditional VAE (`vae` with `n_classes > 0`).

    >>> ModelConfig(image_shape=(1, 28, 28), latent_dim=8, likelihood="gaussian")

    Attributes:
        family: `vae`, or `autoencoder`.
        image_shape: (C, H, W): C 1 or 3, sides 8..128.
        latent_dim: numbers in a code, K, 1..512.
        n_classes: size of c, 2..1000; 0 is unconditional.
        network: `mlp`, `conv`, or `auto`, which is replaced by its choice; see NETWORKS.
        width: units a hidden layer (mlp) or channels at half resolution (conv); 0 is replaced by
            512 for mlp, and for conv by 32, or 24 above 32 pixels a side.
        depth: hidden layers (mlp, 0: linear) or residual blocks a resolution (conv); -1 is
            replaced by 2 for mlp, 1 for conv.
        activation: of hidden layers: `silu`, `relu` or `tanh`.
        likelihood: p(x|z): a key of LIKELIHOODS.
        min_std: floor of the Gaussian standard deviation, in pixel units of [0, 1].
        prior: p(z), `standard`, or p(z|c) learned for each class, `class_gaussian`.
        regulariser: what keeps an autoencoder from copying: a key of REGULARISERS.
        regulariser_strength: its meaning stands in REGULARISERS.

    Raises:
        ValueError: naming the field, the value got and the values allowed.
    """

    family: str = "vae"
    image_shape: tuple[int, int, int] = (1, 8, 8)
    latent_dim: int = 16
    n_classes: int = 0
    network: str = "auto"
    width: int = 0
    depth: int = -1
    activation: str = "silu"
    likelihood: str = "bernoulli"
    min_std: float = 0.05
    prior: str = "standard"
    regulariser: str = "bottleneck"
    regulariser_strength: float = 0.0

    def __post_init__(self) -> None:
        if not isinstance(self.image_shape, (tuple, list)):
            raise ValueError(f"image_shape must be (1 or 3, H, W), got {self.image_shape!r}.")
        object.__setattr__(self, "image_shape", tuple(self.image_shape))
        _one_of("family", self.family, FAMILIES)
        _one_of("network", self.network, NETWORKS)
        _one_of("likelihood", self.likelihood, LIKELIHOODS)
        _one_of("prior", self.prior, PRIORS)
        _one_of("regulariser", self.regulariser, REGULARISERS)
        _one_of("activation", self.activation, dict.fromkeys(("silu", "relu", "tanh")))
        if len(self.image_shape) != 3 or self.image_shape[0] not in (1, 3):
            raise ValueError(f"image_shape must be (1 or 3, H, W), got {self.image_shape}.")
        _whole("image height", self.image_shape[1], 8, 128)
        _whole("image width", self.image_shape[2], 8, 128)
        self._fill_network()
        _whole("latent_dim", self.latent_dim, 1, 512)
        _whole("n_classes", self.n_classes, 0, 1000)
        _whole("width", self.width, 4, 4096)
        _whole("depth", self.depth, 0 if self.network == "mlp" else 1, 8)
        _between("min_std", self.min_std, 0.001, 1.0)
        _between("regulariser_strength", self.regulariser_strength, 0.0, 1000.0)
        self._check_combination()

    def _fill_network(self) -> None:
        if self.network == "auto":
            chosen = "mlp" if self.data_dim <= LARGEST_MLP else "conv"
            object.__setattr__(self, "network", chosen)
        if self.width == 0:
            large = self.network == "conv" and max(self.image_shape[1:]) > LARGE_SIDE
            width = LARGE_WIDTH if large else DEFAULT_WIDTH[self.network]
            object.__setattr__(self, "width", width)
        if self.depth == -1:
            object.__setattr__(self, "depth", DEFAULT_DEPTH[self.network])

    def _check_combination(self) -> None:
        if self.n_classes == 1:
            raise ValueError(
                "n_classes must be 0 or at least 2, got 1: one class conditions nothing."
            )
        if self.family == "autoencoder":
            if self.n_classes or self.prior != "standard":
                raise ValueError("an autoencoder has no classes and no prior; use family 'vae'.")
            if self.regulariser == "denoise_masking" and self.regulariser_strength >= 1:
                raise ValueError(
                    f"regulariser_strength must lie below 1 for denoise_masking, "
                    f"got {self.regulariser_strength}."
                )
        elif self.regulariser != "bottleneck":
            raise ValueError(
                f"regulariser belongs to the autoencoder, got {self.regulariser!r} for a VAE."
            )
        if self.prior == "class_gaussian" and not self.n_classes:
            raise ValueError(
                "prior 'class_gaussian' belongs to a conditional VAE: n_classes must be at least "
                "2, got 0."
            )

    @property
    def is_autoencoder(self) -> bool:
        return self.family == "autoencoder"

    @property
    def is_conditional(self) -> bool:
        return self.n_classes > 0

    @property
    def family_label(self) -> str:
        """`Autoencoder`, `VAE` or `CVAE`."""
        return "CVAE" if self.is_conditional else FAMILIES[self.family]

    @property
    def data_dim(self) -> int:
        """D = C * H * W."""
        c, h, w = self.image_shape
        return c * h * w

    def to_dict(self) -> dict[str, Any]:
        return {**asdict(self), "image_shape": list(self.image_shape)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ModelConfig:
        """Inverse of `to_dict`.

        Raises:
            ValueError: for an unknown key or an invalid value.
        """
        unknown = set(values) - {f.name for f in fields(cls)}
        if unknown:
            near = did_you_mean(min(unknown), [f.name for f in fields(cls)])
            raise ValueError(f"unknown model settings: {', '.join(sorted(unknown))}.{near}")
        return cls(**values)
