import pytest

from vaelab.evaluation import Figure
from vaelab.web import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, ""),
        (0.2, "less than a second"),
        (40, "40 s"),
        (180, "3 min"),
        (4800, "80 min"),
        (7200, "2 h"),
        (8400, "2 h 20 min"),
    ],
)
def test_durations_read_well(seconds, text):
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (-94.1234, 0.3141, "−94.12 ± 0.31"),
        (-94.1234, 3.141, "−94.1 ± 3.1"),
        (0.025441, 0.000771, "0.02544 ± 0.00077"),
        (12345.6, 20.0, "12,346 ± 20"),
        (8.0, None, "8"),
        (1.0, 0.0, "1"),
        (6.90775527898227, 1.1e-13, "6.91"),
    ],
)
def test_a_value_has_the_digits_that_its_error_allows(value, error, text):
    figure = Figure("k", "Name", value, "nats", "What it is.", "test", 10, standard_error=error)
    assert words.with_error(figure) == text


def test_numbers_have_a_true_minus_sign():
    assert words.number(-3.0) == "−3"
    assert words.number(-0.5) == "−0.5000"
    assert words.number(1234.56) == "1,234.6"


def test_a_checkpoint_in_a_line(tiny):
    assert words.summary(tiny) == "VAE · digits · 2 dimensions"
    assert words.headline(tiny).key == "elbo"


def test_an_errors_sentence_begins_with_a_capital():
    assert words.sentence(ValueError("beta must be positive.")) == "Beta must be positive."
    assert words.sentence(ValueError()) == "ValueError"


def test_a_long_name_keeps_its_number_and_its_suffix():
    assert words.shortened("1. short.png", 20) == "1. short.png"
    short = words.shortened("3. written_by_my_grandmother_scan.png", 20)
    assert len(short) == 20
    assert short.startswith("3. written")
    assert short.endswith("_scan.png")


def test_a_name_is_shown_letter_by_letter():
    assert words.literal("two_*2*.jpg") == r"two\_\*2\*.jpg"
    assert words.literal("seven.png, as the model sees it") == "seven.png, as the model sees it"
    assert words.capital("your drawing of PNGs") == "Your drawing of PNGs"
