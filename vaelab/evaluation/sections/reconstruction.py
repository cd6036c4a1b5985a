"""How far reconstructions are from their images."""

from __future__ import annotations

from vaelab.evaluation.findings import Findings
from vaelab.evaluation.reconstruction import mse_per_image, psnr, ssim_per_image
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject


def measure(subject: Subject, found: Findings) -> None:
    settings = subject.settings
    errors = mse_per_image(
        subject.encoded, batch_size=settings.batch_size, on_batch=found.stage("reconstruction")
    )
    found.mean("mse", errors, kept=True)
    found.mean("psnr", psnr(errors))
    similarity = ssim_per_image(
        subject.encoded.evenly_spaced(settings.n_ssim),
        batch_size=settings.batch_size,
        on_batch=found.stage("structural similarity", 2),
    )
    found.mean("ssim", similarity)


SECTION = Section(
    "Reconstruction",
    measure,
    uses=("seed", "binarisation", "n_ssim"),
    cost=lambda subject: len(subject.test) + 2 * min(subject.settings.n_ssim, len(subject.test)),
)
