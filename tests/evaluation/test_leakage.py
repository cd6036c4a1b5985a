import pytest

from vaelab.evaluation.leakage import Leakage, leakage_of
from vaelab.evaluation.report import Figure, Report


@pytest.mark.parametrize(
    ("accuracy", "chance", "meaning"),
    [
        (0.32, 0.11, "a little of the class"),
        (0.50, 0.10, "much of the class"),
        (0.95, 0.10, "most of the class"),
        (0.105, 0.10, "no class is found in z"),
        (0.08, 0.10, "no class is found in z"),
        (1.0, 1.0, "no class is found in z"),  # one class alone
    ],
)
def test_what_is_read_from_z_in_words(accuracy, chance, meaning):
    sentence = Leakage(accuracy, 0.005, chance, "test", 10_000).sentence
    assert meaning in sentence
    assert f"in {100 * accuracy:.0f}% of the 10,000 test images" in sentence
    assert f"chance in {100 * chance:.0f}%" in sentence


def test_it_is_read_from_a_report_that_has_it():
    def figure(key, value, error=None):
        return Figure(key, key, value, "fraction", "", "test", 180, standard_error=error)

    both = (figure("leakage", 0.3, 0.04), figure("leakage_chance", 0.1))
    assert leakage_of(Report(both, (), (), "")) == Leakage(0.3, 0.04, 0.1, "test", 180)
    assert leakage_of(Report(both[:1], (), (), "")) is None
    assert leakage_of(None) is None
