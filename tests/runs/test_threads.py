import pytest

from vaelab.runs import threads


@pytest.mark.parametrize(
    ("cores", "asked", "expected"), [(1, 0, 1), (2, 0, 2), (8, 0, 8), (8, 3, 3)]
)
def test_all_cores_unless_asked(cores, asked, expected, monkeypatch):
    monkeypatch.setattr(threads, "usable_cores", lambda: cores)
    assert threads.training_threads(asked) == expected


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
