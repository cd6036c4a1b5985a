"""The classifier of a model's data that an evaluation has left, as judge of swapped classes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import streamlit as st
import torch

from vaelab import settings
from vaelab.checkpoints import Checkpoint
from vaelab.data import DatasetSplits
from vaelab.evaluation import FULL
from vaelab.evaluation.classifier import Classifier, kept_classifier
from vaelab.latent.class_swap import Swapped
from vaelab.web.opened import Opened
from vaelab.web.stored_images import data_at_hand

SECTION = "samples"  # of a report: the one that trains the classifier


def ready_classifier(opened: Opened) -> Classifier | None:
    """The classifier of the model's training images; None where none was trained yet."""
    splits, folder = data_at_hand(opened.checkpoint), settings.home() / "classifiers"
    if splits is None or splits.train.labels is None or not folder.is_dir():
        return None
    steps = _steps(opened.checkpoint)
    return _ready(splits.fingerprint, folder, folder.stat().st_mtime_ns, steps, splits)


def wrongly_named(classifier: Classifier, swapped: Swapped) -> npt.NDArray[np.bool_]:
    """Where the classifier names another class than c': bool (N, M)."""
    n, m = swapped.is_own.shape
    pictures = torch.from_numpy(swapped.pictures).flatten(0, 1)
    named = classifier.name(pictures).reshape(n, m)
    return np.asarray(named != swapped.classes)


def _steps(checkpoint: Checkpoint) -> int:
    """What the report's classifier was trained for, else what a full report trains it for."""
    records = () if checkpoint.report is None else checkpoint.report.sections
    for record in records:
        if record.name == SECTION:
            return int(dict(record.settings).get("classifier_steps") or FULL.classifier_steps)
    return FULL.classifier_steps


@st.cache_resource(max_entries=8, show_spinner=False)
def _ready(
    fingerprint: str, folder: Path, changed: int, steps: int, _splits: DatasetSplits
) -> Classifier | None:
    return kept_classifier(_splits.train, folder, steps=steps)
