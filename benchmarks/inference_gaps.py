"""What a VAE's encoder costs: the amortisation gap and the approximation gap of test images.

    python -m benchmarks.inference_gaps checkpoints/mnist-cvae --data DIR [--fresh 200]

Each image's own diagonal Gaussian posterior is found by gradient from the encoder's; both are then
measured with the same fresh noise. Nats an image; ± is the standard error over the images.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from vaelab.checkpoints import load_model, read_checkpoint
from vaelab.data import load_dataset
from vaelab.evaluation.codes import encode, evenly_spaced
from vaelab.evaluation.refined import RefineSettings, refine_posteriors
from vaelab.latent.steps import finish

SHOWN = {
    "elbo_before": "ELBO of the encoder's posterior",
    "elbo_after": "ELBO of the image's own posterior",
    "amortisation": "amortisation gap",
    "approximation": "approximation gap",
    "log_px": "log p(x)",
    "effective_before": "effective samples, the encoder's",
    "effective_after": "effective samples, its own",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--images", type=int, default=100)
    parser.add_argument("--fresh", type=int, default=200, help="samples that measure the gaps")
    chosen = parser.parse_args()
    checkpoint = read_checkpoint(chosen.checkpoint)
    test = load_dataset(checkpoint.data_spec, data_dir=chosen.data).test
    codes = encode(load_model(checkpoint), evenly_spaced(test, chosen.images))
    gaps = finish(refine_posteriors(codes, RefineSettings(n_fresh=chosen.fresh))).gaps
    print(f"{checkpoint.id}, {chosen.images} test images, {chosen.fresh} fresh samples")
    for name, said in SHOWN.items():
        values = getattr(gaps, name)
        error = values.std(ddof=1) / np.sqrt(len(values))
        print(f"{said:34} {values.mean():9.2f} ± {error:.2f}, median {np.median(values):.2f}")


if __name__ == "__main__":
    main()
