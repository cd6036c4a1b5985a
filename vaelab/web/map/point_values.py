"""What is known of each stored code: rate, distortion, a bound of log p(x)."""

from __future__ import annotations

import logging
import math
import threading
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from vaelab.checkpoints import Checkpoint, keep_arrays, kept_arrays
from vaelab.models import VAE
from vaelab.web.background import Background, Job
from vaelab.web.loaders import latents_of, model_of
from vaelab.web.map.kept import Kept
from vaelab.web.map.point_terms import SAMPLES, log_terms, rates
from vaelab.web.stored_images import data_at_hand, pictures_of

log = logging.getLogger(__name__)

BATCH = 64  # images, each decoded up to SAMPLES times
NATS = "nats per image"

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

background = Background("values")


@dataclass(frozen=True)
class PointValue:
    """A value that every code has; `{px}` stands for p(x) or p(x|c)."""

    title: str
    unit: str
    of_data: bool  # whether it needs the data's own image
    of_prior: bool  # whether it needs a prior, which an autoencoder does not have


VALUES: dict[str, PointValue] = {
    "rate": PointValue("Rate", NATS, False, True),
    "distortion": PointValue("Distortion, one posterior sample", NATS, True, False),
    "log_p": PointValue(
        f"log {{px}}, importance-weighted bound of {SAMPLES} samples", NATS, True, True
    ),
    "trust": PointValue("Trustworthiness of the neighbourhood on the map", "", False, False),
}


def title_of(checkpoint: Checkpoint, name: str) -> str:
    """What a value is called for this model."""
    config = checkpoint.model_config
    if name == "distortion" and config.is_autoencoder:
        return "Distortion of the code"
    return VALUES[name].title.format(px="p(x|c)" if config.is_conditional else "p(x)")


def why_absent(checkpoint: Checkpoint, name: str) -> str | None:
    """The sentence that says why there is no such value; None where there is."""
    value = VALUES[name]
    if value.of_prior and checkpoint.model_config.is_autoencoder:
        return "An autoencoder has no prior, hence no rate and no log p(x)."
    if value.of_data and not images_at_hand(checkpoint):
        return "It needs the data’s own images, which are not on this machine."
    return None


def images_at_hand(checkpoint: Checkpoint) -> bool:
    """Whether the data's own images of the stored codes are on this machine."""
    if data_at_hand(checkpoint) is None or not len(latents_of(checkpoint)):
        return False
    return pictures_of(checkpoint, [0]).are_data


def known_values(checkpoint: Checkpoint, name: str) -> Floats:
    """`distortion` or `log_p` of every stored code (N,), NaN where it was not measured yet."""
    return _kept(checkpoint)[name]


def start_values(checkpoint: Checkpoint, name: str, rows: Rows) -> Job:
    """The work on `distortion` or `log_p` of the codes at `rows` (M,), begun if it was not."""

    def work(job: Job) -> None:
        known = known_values(checkpoint, name)
        missing = rows[np.isnan(known[rows])]
        for start in range(0, len(missing), BATCH):
            if job.stop.is_set():
                break
            part = missing[start : start + BATCH]
            job.report(
                start / len(missing),
                f"{title_of(checkpoint, name)}: {start:,} of {len(missing):,} images",
            )
            measure_rows(checkpoint, name, part)
        if len(missing):
            _keep(checkpoint)

    key = (str(checkpoint.path), checkpoint.weights_sha256, name, len(rows), hash(rows.tobytes()))
    return background.ask(key, work)


def measure_rows(checkpoint: Checkpoint, name: str, rows: Rows) -> Floats:
    """`distortion` or `log_p` of the codes at `rows` (M,), from the data's own images: (M,).

    The noise of a code depends on its row alone, so its value is the same whoever asks.
    """
    latents, model = latents_of(checkpoint).take(rows), model_of(checkpoint)
    images = pictures_of(checkpoint, rows).images
    n_samples = SAMPLES if name == "log_p" and isinstance(model, VAE) else 1
    terms = log_terms(model, latents, images, rows, n_samples)
    kept = _kept(checkpoint)
    kept["distortion"][rows] = -terms.log_px[0]
    if terms.log_weights is not None and n_samples == SAMPLES:
        kept["log_p"][rows] = np.logaddexp.reduce(terms.log_weights, axis=0) - math.log(n_samples)
    return kept[name][rows]


def rate_of(checkpoint: Checkpoint, rows: Rows) -> Floats:
    """The rate of the stored posteriors at `rows` (M,): (M,).

    Raises:
        ValueError: for an autoencoder.
    """
    return rates(model_of(checkpoint), latents_of(checkpoint).take(rows))


_lock = threading.Lock()
_measured: Kept[dict[str, Floats]] = Kept(8)


def _kept(checkpoint: Checkpoint) -> dict[str, Floats]:
    """The values measured so far, NaN elsewhere; shared, and filled as they are measured."""
    n = len(latents_of(checkpoint))
    key = (str(checkpoint.path), checkpoint.weights_sha256, n)
    with _lock:
        found = _measured.get(key)
        if found is None:
            found = {name: np.full(n, np.nan) for name in ("distortion", "log_p")}
            for name, stored in (kept_arrays(checkpoint, _file(n)) or {}).items():
                if name in found and stored.shape == (n,) and stored.dtype == np.float64:
                    found[name] = stored
            _measured.put(key, found)
        return found


def forget() -> None:
    """Leave the values in memory, as a restart does; those on disk stay."""
    _measured.clear()


def _keep(checkpoint: Checkpoint) -> None:
    try:
        keep_arrays(checkpoint, _file(len(latents_of(checkpoint))), _kept(checkpoint))
    except OSError as error:
        log.warning("the values of %s are not kept: %s", checkpoint.id, error)


def _file(n_codes: int) -> str:
    return f"values-of-{n_codes}"
