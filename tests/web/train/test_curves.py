import math

from vaelab.runs import Metric
from vaelab.web.train.curves import curve_figure, curves_of


def metrics(*names, epochs=3):
    return [
        Metric(epoch, split, name, float(epoch))
        for epoch in range(1, epochs + 1)
        for split in ("train", "validation")
        for name in names
    ]


def test_a_vae_has_elbo_distortion_and_rate():
    found = curves_of(metrics("loss", "elbo", "rate", "distortion"))
    assert [curve.name for curve in found] == ["elbo", "distortion", "rate"]


def test_an_autoencoder_has_distortion_and_loss():
    assert [c.name for c in curves_of(metrics("loss", "distortion"))] == ["distortion", "loss"]
    assert curves_of([]) == []


def test_a_figure_holds_both_splits_and_reaches_to_the_last_epoch():
    numbers = [*metrics("elbo"), Metric(4, "train", "elbo", math.nan)]
    figure = curve_figure(numbers, curves_of(numbers)[0], epochs=50)
    assert {trace.name: list(trace.x) for trace in figure.data} == {
        "validation": [1, 2, 3],
        "train": [1, 2, 3, 4],
    }
    assert figure.layout.xaxis.range[1] == 50.5
    assert "nats per image" in figure.layout.title.text
