import os
import subprocess
import sys

import pytest

from vaelab.runs import threads


@pytest.mark.parametrize(
    ("cores", "asked", "expected"), [(1, 0, 1), (2, 0, 2), (8, 0, 8), (8, 3, 3)]
)
def test_all_cores_unless_asked(cores, asked, expected, monkeypatch):
    monkeypatch.setattr(threads, "usable_cores", lambda: cores)
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    assert threads.training_threads(asked) == expected


@pytest.mark.parametrize(
    ("cores", "asked", "expected"), [(1, 0, 1), (2, 0, 1), (8, 0, 7), (8, 8, 8)]
)
def test_threads_that_spin_leave_a_core(cores, asked, expected, monkeypatch):
    monkeypatch.setattr(threads, "usable_cores", lambda: cores)
    monkeypatch.delenv("OMP_WAIT_POLICY", raising=False)
    assert threads.training_threads(asked) == expected


def test_a_notebook_s_threads_sleep_too():
    """They are told before torch is imported, which happens behind `vaelab.train`."""
    code = "import os, vaelab; vaelab.load_dataset; print(os.environ['OMP_WAIT_POLICY'])"
    environment = {k: v for k, v in os.environ.items() if k != "OMP_WAIT_POLICY"}
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == "PASSIVE"


def test_openmp_is_told_to_sleep_and_the_user_has_the_last_word():
    environment = {"OMP_NUM_THREADS": "5"}
    threads.prepare_environment(environment, 3)
    assert environment["OMP_NUM_THREADS"] == "5"
    assert environment["MKL_NUM_THREADS"] == "3"
    assert environment["OMP_WAIT_POLICY"] == "PASSIVE"


@pytest.mark.parametrize(("cores", "expected"), [(1, "1"), (2, "1"), (8, "7")])
def test_what_sets_no_number_leaves_a_core(cores, expected, monkeypatch):
    monkeypatch.setattr(threads, "usable_cores", lambda: cores)
    environment = {}
    threads.prepare_environment(environment)
    assert environment["OMP_NUM_THREADS"] == expected


def test_there_is_a_core():
    assert threads.usable_cores() >= 1
