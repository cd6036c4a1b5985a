import numpy as np

from vaelab.latent.inpaint_classes import ClassesFromVisible
from vaelab.web.reconstruct.fill_in_words import about_classes


def weighed(ahead: float, spread: float) -> ClassesFromVisible:
    two = np.array([1, 0])
    return ClassesFromVisible(
        classes=two,
        log_visible=np.array([-50.0, -50.0 - ahead]),
        spread=np.array([spread, 0.1]),
        probability=np.array([0.75, 0.25]),
        row=two,
    )


def test_an_order_within_the_runs_own_spread_is_undecided():
    assert not weighed(ahead=2.0, spread=5.0).is_decided
    said = about_classes(weighed(ahead=2.0, spread=5.0), ["a", "*b*"])
    assert said.startswith("**Undecided, so no share is shown.**")
    assert r"Two runs of \*b\*, with the same steps, differed by 5.00 nats; it is 2.00" in said


def test_an_order_beyond_it_is_not():
    assert weighed(ahead=5.0, spread=2.0).is_decided
    assert "Undecided" not in about_classes(weighed(ahead=5.0, spread=2.0), ["a", "b"])
