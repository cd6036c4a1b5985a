import pytest

from vaelab.web.reports.short_names import LONGEST, short_names


def test_names_that_fit_stay():
    names = ["mnist-cvae", "fashion-mnist-cvae", "digits-vae-2d"]
    assert short_names(names) == {name: name for name in names}


def test_what_all_begin_with_is_left_out_first():
    names = ["digits-vae-16d-b0.5-d2", "digits-vae-16d-b4-d2", "digits-vae-16d-b4-d32"]
    assert list(short_names(names).values()) == ["…b0.5-d2", "…b4-d2", "…b4-d32"]


@pytest.mark.parametrize(
    "names",
    [
        ["a" * 60],
        ["a" * 60, "a" * 61, "b"],
        [f"{'x' * 20}{i}{'y' * 20}" for i in range(12)],
        ["very-long-run-name", "very-long-run-name-2", "very-long-run-name-2-again-and-again"],
    ],
)
def test_long_names_are_cut_and_stay_different(names):
    found = short_names(names)
    assert list(found) == names
    assert len(set(found.values())) == len(names)
    assert all(0 < len(short) <= LONGEST for short in found.values())
