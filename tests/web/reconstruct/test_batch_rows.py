import csv
import io

import numpy as np
import pytest

from tests.small_checkpoints import small_checkpoint
from vaelab.evaluation.standing import Reference
from vaelab.web.opened import opened_from
from vaelab.web.reconstruct.batch_rows import COLUMNS, Row, csv_of, measured
from vaelab.web.reconstruct.class_posterior_view import frequencies, likelihoods_of, uniform
from vaelab.web.reconstruct.measure import ImageTerms, elbo_of_classes, log_px_of_image
from vaelab.web.reconstruct.subject import Subject

REFERENCE = Reference(np.array([-1e9, 0.0, 1e9]), "test", 7, 0, "none")


@pytest.fixture
def opened(own_home):
    return opened_from(small_checkpoint(own_home / "checkpoints"))


@pytest.fixture
def subjects():
    images = np.random.default_rng(0).integers(0, 256, (2, 1, 8, 8), np.uint8)
    return [
        Subject(image, None, f"{n}.png, as the model sees it") for n, image in enumerate(images)
    ]


def test_a_row_says_what_the_dossier_of_its_picture_says(opened, subjects):
    rows = list(measured(opened, subjects, REFERENCE, with_log_px=True, with_classes=True))
    assert [row.name for row in rows] == ["0.png", "1.png"]
    for row, subject in zip(rows, subjects, strict=True):
        assert row.label == elbo_of_classes(opened.model, subject.image).argmax()
        alone = log_px_of_image(opened.model, subject.image, row.label, n_samples=7)
        assert row.log_px == alone
        assert row.percentile == REFERENCE.percentile(alone.log_px)
        # the checkpoint keeps no training codes: p(c) is uniform
        assert frequencies(opened) is None
        posterior = likelihoods_of(opened, subject.image).posterior(uniform(opened))
        assert row.bayes.name == opened.class_names[posterior.best[0]]
        assert row.bayes.probability == posterior.probability.max()


def test_what_was_not_asked_for_is_not_measured(opened, subjects):
    row = next(measured(opened, subjects, REFERENCE, with_log_px=False, with_classes=False))
    assert row.log_px is None
    assert row.percentile is None
    assert row.bayes is None


def test_the_file_has_the_filled_columns_in_full_and_no_formulas():
    rows = [
        Row("=1+1.png", None, None, ImageTerms(12.345678, 1.5, 64)),
        Row('a "b", c.png', None, None, ImageTerms(-3.0, 0.25, 64), percentile=97.5),
    ]
    read = list(csv.DictReader(io.StringIO(csv_of(rows))))
    assert list(read[0]) == ["name", "elbo", "distortion", "rate", "percentile"]
    assert set(read[0]) < set(COLUMNS)
    assert read[0]["name"] == "'=1+1.png"
    assert read[1]["name"] == 'a "b", c.png'
    assert float(read[0]["elbo"]) == pytest.approx(-13.845678)
    assert read[0]["percentile"] == ""
    assert float(read[1]["percentile"]) == 97.5
