"""Codes against the known factors that images were made from."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vaelab.evaluation.codes import Encoded
from vaelab.evaluation.disentanglement import dci, mutual_information_gap, sap_score
from vaelab.evaluation.findings import Findings
from vaelab.evaluation.report_parts import Table
from vaelab.evaluation.sections.section import Section
from vaelab.evaluation.subject import Subject


def measure(subject: Subject, found: Findings) -> None:
    n = subject.settings.n_factor_codes
    train, test = subject.encoded_train.evenly_spaced(n), subject.encoded.evenly_spaced(n)
    train_factors, test_factors = _factors(train), _factors(test)
    varies = (np.ptp(train_factors, axis=0) > 0) & (np.ptp(test_factors, axis=0) > 0)
    if not varies.any():
        found.notes.append("MIG, DCI and SAP are left out: no factor varies over the images.")
        return
    train_factors, test_factors = train_factors[:, varies], test_factors[:, varies]
    size = len(test)
    found.value("mig", mutual_information_gap(train.means, train_factors), size)
    boosted = dci(train.means, train_factors, test.means, test_factors)
    found.value("dci_disentanglement", boosted.disentanglement, size, seeded=True)
    found.value("dci_completeness", boosted.completeness, size, seeded=True)
    found.value("dci_informativeness", boosted.informativeness, size, seeded=True)
    found.value("sap", sap_score(train.means, train_factors, test.means, test_factors), size)
    names = [name for name, kept in zip(subject.grey.factor_names, varies, strict=True) if kept]
    found.tables.append(
        Table(
            "dci_importance",
            "Importance of each code dimension for each factor",
            "share",
            f"Of gradient boosted trees fitted to {len(train):,} codes of training images.",
            tuple(f"z{i + 1}" for i in range(train.means.shape[1])),
            tuple(names),
            tuple(tuple(float(v) for v in row) for row in boosted.importance),
        )
    )


def _factors(encoded: Encoded) -> npt.NDArray[np.int64]:
    factors = encoded.dataset.factors
    assert factors is not None  # the section applies to images with factors alone
    return factors


def applies(subject: Subject) -> bool:
    train = subject.around.train
    return subject.grey.factors is not None and train is not None and train.factors is not None


SECTION = Section(
    "Known factors",
    measure,
    uses=("binarisation", "seed", "n_codes", "n_factor_codes"),
    around=("train",),
    cost=lambda subject: 20 * subject.settings.n_factor_codes,
    applies=applies,
)
