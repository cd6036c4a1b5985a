"""Evaluations in a process of their own: progress, resumption, what is said of the dead."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path

import pytest

import vaelab
from tests.homes import settle_home
from vaelab import settings
from vaelab.checkpoints import Checkpoint, read_checkpoint, update_report
from vaelab.evaluation import EvaluationSettings
from vaelab.runs import evaluator, measuring
from vaelab.runs.processes import WorkerId, this_worker

SMALL = EvaluationSettings(
    sections=("bounds", "reconstruction"), n_importance_samples=2, n_log_px=10, n_ssim=10
)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("trained")
    with pytest.MonkeyPatch.context() as patch:
        settle_home(patch, root)
        small = {"latent_dim": 2, "width": 8, "depth": 1, "progress": False}
        return vaelab.train("digits", "vae", name="tiny", epochs=1, **small).path


@pytest.fixture
def checkpoint(trained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkpoint:
    """Without a report, in a home of its own."""
    settle_home(monkeypatch, tmp_path)
    (trained / "report.json").unlink(missing_ok=True)
    return read_checkpoint(trained)


def start(checkpoint: Checkpoint, asked: EvaluationSettings = SMALL) -> evaluator.Evaluation:
    return evaluator.start_evaluation(checkpoint.path, asked.to_dict(), settings.data_dir())


def test_a_checkpoint_is_measured_in_another_process(checkpoint: Checkpoint) -> None:
    assert evaluator.evaluation_of(checkpoint.path) is None
    started = start(checkpoint)
    assert started.is_running
    assert started.worker is not None
    again = start(checkpoint).worker  # one at a time
    assert again is not None
    assert again.is_same(started.worker)
    while (found := evaluator.evaluation_of(checkpoint.path)) is not None and found.is_running:
        time.sleep(0.1)
    assert found is not None
    assert (found.state, found.fraction) == (evaluator.DONE, 1.0)
    report = read_checkpoint(checkpoint.path).report
    assert report is not None
    assert [section.name for section in report.sections] == ["bounds", "reconstruction"]


def test_a_report_goes_on_where_it_was_left(checkpoint: Checkpoint) -> None:
    first = measuring.measure(checkpoint, dataclasses.replace(SMALL, sections=("bounds",)))
    update_report(checkpoint, first)
    again = measuring.measure(read_checkpoint(checkpoint.path), SMALL, save=True)
    assert again.sections[0] == first.sections[0]
    stored = read_checkpoint(checkpoint.path).report
    assert stored is not None
    assert stored.figures == again.figures
    fresh = measuring.measure(read_checkpoint(checkpoint.path), SMALL, fresh=True)
    assert fresh.figures == again.figures
    with pytest.raises(ValueError, match="split must be test for a report that is kept"):
        measuring.measure(checkpoint, SMALL, split="validation", save=True)


def test_a_process_that_died_is_no_longer_running(checkpoint: Checkpoint) -> None:
    path = evaluator._path(checkpoint.path)
    path.parent.mkdir(parents=True)
    gone = WorkerId(this_worker().host, 2**22 - 1, 1.0)  # above any process number in use
    asked = evaluator.Evaluation(str(checkpoint.path), SMALL.to_dict(), "", worker=gone)
    evaluator._write(path, asked)
    found = evaluator.evaluation_of(checkpoint.path)
    assert found is not None
    assert found.state == evaluator.STOPPED
    assert "what it had measured is kept" in found.message


def test_what_goes_wrong_is_said(checkpoint: Checkpoint) -> None:
    path = evaluator._path(checkpoint.path)
    path.parent.mkdir(parents=True)
    wrong = {**SMALL.to_dict(), "binarisation": "sometimes"}
    evaluator._write(path, evaluator.Evaluation(str(checkpoint.path), wrong, ""))
    assert evaluator.main([str(path)]) == 1
    found = evaluator.evaluation_of(checkpoint.path)
    assert found is not None
    assert found.state == evaluator.FAILED
    assert "binarisation must be one of" in found.message
    path.write_text("{}")
    assert evaluator.evaluation_of(checkpoint.path) is None


def test_it_is_stopped_on_request(checkpoint: Checkpoint) -> None:
    slow = dataclasses.replace(
        SMALL, sections=("bounds", "likelihood"), n_importance_samples=300_000, n_log_px=180
    )
    start(checkpoint, slow)
    while True:
        found = evaluator.evaluation_of(checkpoint.path)
        assert found is not None
        assert found.is_running
        report = read_checkpoint(checkpoint.path).report
        if report is not None and found.worker is not None:
            break
        time.sleep(0.1)
    evaluator.stop_evaluation(checkpoint.path)
    found = evaluator.evaluation_of(checkpoint.path)
    assert found is not None
    assert found.state == evaluator.STOPPED
    report = read_checkpoint(checkpoint.path).report
    assert report is not None
    assert [section.name for section in report.sections] == ["bounds"]


def test_images_are_told_from_another_data_set_that_is_at_hand(checkpoint: Checkpoint) -> None:
    few = EvaluationSettings(
        sections=("typicality",), n_typicality=5, n_typicality_samples=2, n_importance_samples=2
    )
    assert "auroc_other" not in measuring.measure(checkpoint, few)
    told = measuring.measure(checkpoint, few, other="digits")
    assert told["auroc_other"].name.startswith("AUROC against another data set (digits")


def test_pixels_are_binarised_as_in_training(checkpoint: Checkpoint) -> None:
    assert measuring.settings_for(checkpoint).binarisation == "none"
    binary = dataclasses.replace(checkpoint, train_config={"binarisation": "dynamic"})
    assert measuring.settings_for(binary).binarisation == "dynamic"
