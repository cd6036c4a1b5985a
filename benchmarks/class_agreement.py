"""How often a classifier trained on the real images names a conditional VAE's samples as asked.

    python -m benchmarks.class_agreement checkpoints/mnist-cvae --data DIR

Prints the classifier's accuracy on the real test images beside it: the agreement cannot be read
without it. `python -m vaelab evaluate --sections samples` gives the same with all else of samples.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from vaelab.checkpoints import read_checkpoint
from vaelab.evaluation import EvaluationSettings
from vaelab.runs.measuring import measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--per-class", type=int, default=100)
    parser.add_argument("--steps", type=int, default=1_500)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    checkpoint = read_checkpoint(chosen.checkpoint)
    if not checkpoint.model_config.is_conditional:
        parser.error(f"{checkpoint.id} is not a conditional VAE.")
    settings = EvaluationSettings(
        sections=("samples",),
        n_per_class=chosen.per_class,
        classifier_steps=chosen.steps,
        seed=chosen.seed,
    )
    report = measure(checkpoint, settings, data_dir=chosen.data)
    accuracy, agreement = report["classifier_accuracy"], report["classifier_agreement"]
    print(f"accuracy on {accuracy.n_images:,} real test images: {accuracy.value:.1%}")
    error = agreement.standard_error or 0.0
    print(f"{agreement.n_samples:,} samples named as asked: {agreement.value:.1%} ± {error:.1%}")
    table = report.table("classifier_confusion")
    assert table is not None
    for i, name in enumerate(table.rows):
        print(f"  {name}: {table.numbers[i][i]:.1%}")


if __name__ == "__main__":
    main()
