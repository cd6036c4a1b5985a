import numpy as np
import pytest

from vaelab.web.reconstruct.class_words import doubt, probability, verdict

NAMES = ("4", "7", "9")


@pytest.mark.parametrize(
    ("p", "error", "said"),
    [
        (0.93, 0.02, "0.930 ± 0.020"),
        (0.93, 0.0001, "0.930"),
        (0.99999, 0.0, "more than 0.999"),
        (1e-9, 0.0, "less than 0.001"),
        (0.9999, 0.01, "1.000 ± 0.010"),
    ],
)
def test_a_probability_has_the_digits_that_it_knows(p, error, said):
    assert probability(p, error) == said


def test_the_verdict_names_the_two_most_probable_classes():
    said = verdict(np.array([0.02, 0.93, 0.05]), np.array([0.0, 0.02, 0.01]), NAMES)
    assert said == "7 with probability 0.930 ± 0.020; next 9 with 0.050 ± 0.010."
    alone = verdict(np.ones(1), np.zeros(1), NAMES[:1])
    assert alone == "4 with probability more than 0.999."


def test_few_effective_samples_are_a_doubt_only_where_a_second_class_is_near():
    close, clear = np.array([0.0, 0.6, 0.4]), np.array([1e-9, 1 - 2e-9, 1e-9])
    assert "for 9:" in doubt(close, np.array([1.0, 50.0, 2.0]), NAMES)
    assert doubt(close, np.array([1.0, 50.0, 50.0]), NAMES) == ""
    assert doubt(clear, np.array([1.0, 2.0, 1.0]), NAMES) == ""
