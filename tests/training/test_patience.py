import pytest

from vaelab.training import Metrics, Place, TrainConfig
from vaelab.training.patience import after_epoch, is_stuck

CONFIG = TrainConfig(epochs=50, patience=2, kl_warmup_epochs=3)


def validation(distortion: float, rate: float | None = 1.0) -> Metrics:
    return Metrics(loss=0.0, distortion=distortion, rate=rate, n_images=10)


def test_an_epoch_of_the_warm_up_is_never_the_best():
    place = Place()
    for epoch, distortion in enumerate((5.0, 1.0, 2.0, 9.0, 8.0, 8.0), start=1):
        place = after_epoch(place, epoch, validation(distortion), CONFIG)
    assert (place.epoch, place.best_epoch, place.best) == (6, 5, -9.0)


def test_waiting_ends_after_so_many_epochs_that_are_no_better():
    place = Place(epoch=5, best_epoch=4, best=-3.0)
    assert not is_stuck(place, CONFIG)
    place = after_epoch(place, 6, validation(2.0), CONFIG)
    assert is_stuck(place, CONFIG)
    assert not is_stuck(after_epoch(place, 7, validation(1.9), CONFIG), CONFIG)
    assert not is_stuck(place, TrainConfig(epochs=50, patience=0))


def test_waiting_does_not_begin_before_the_warm_up_is_over():
    found = [is_stuck(Place(epoch=epoch), CONFIG) for epoch in (3, 4, 5)]
    assert found == [False, False, True]


def test_an_autoencoder_is_judged_by_its_distortion():
    place = after_epoch(Place(), 4, validation(2.5, rate=None), CONFIG)
    assert place.best == pytest.approx(-2.5)


def test_the_next_epoch_begins_at_its_beginning():
    place = after_epoch(Place(epoch=3, step=7, tallied=700), 4, validation(1.0), CONFIG)
    assert (place.step, place.tallied) == (0, 0)
