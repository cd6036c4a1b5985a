from types import SimpleNamespace

import numpy as np
import pytest

from vaelab.latent import Latents
from vaelab.web.interpolate import key_frames
from vaelab.web.interpolate.key_frames import (
    LEAST,
    MOST,
    KeyFrame,
    add_frame,
    first_frames,
    frame_of_row,
    frames_of,
    set_frames,
)


def model(labels=(0, 1, 2, 0, 1, 2), n_classes=3):
    n = len(labels)
    classes = None if set(labels) == {None} else np.asarray(labels, np.int64)
    codes = np.random.default_rng(0).normal(size=(n, 4)).astype(np.float32)
    latents = Latents(codes, None, classes, np.full(n, 2, np.uint8), np.arange(n))
    return SimpleNamespace(
        key="key",
        latents=latents,
        n_classes=n_classes,
        class_names=("a", "b", "c"),
        class_of=lambda row: None if classes is None else int(classes[row]),
    )


@pytest.fixture(autouse=True)
def session(monkeypatch):
    kept = {}
    monkeypatch.setattr(key_frames, "st", SimpleNamespace(session_state=kept))
    return kept


@pytest.mark.parametrize(
    "opened",
    [model(), model(n_classes=0), model([None] * 5, 0), model([1, 1, 1])],
    ids=["conditional", "labels alone", "no labels", "one class"],
)
def test_the_page_begins_with_two_different_images_of_the_data(opened):
    first, last = frames_of(opened)
    assert first != last
    for frame in (first, last):
        np.testing.assert_array_equal(np.float32(frame.z), opened.latents.mean[frame.row])
        assert frame.source.startswith("test image")
        assert (frame.label is None) == (opened.n_classes == 0)


def test_first_images_are_of_two_classes():
    first, last = first_frames(model())
    assert first.label != last.label


def test_frames_are_added_until_there_are_enough():
    opened = model()
    for row in range(MOST - 2):
        assert add_frame(opened, frame_of_row(opened, row % 6))
    before = frames_of(opened)
    assert not add_frame(opened, frame_of_row(opened, 0))
    assert frames_of(opened) == before
    assert len(before) == MOST


def test_frames_are_kept_for_each_model():
    opened, other = model(), model()
    other.key = "other"
    chosen = tuple(frame_of_row(opened, row) for row in (3, 1, 2))
    set_frames(opened, chosen)
    assert frames_of(opened) == chosen
    assert frames_of(other) == first_frames(other)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (KeyFrame((0.0,) * 3, 0, ""), "z must be 4"),
        (KeyFrame((0.0, 0.0, 0.0, float("nan")), 0, ""), "z must be 4"),
        (KeyFrame((0.0,) * 4, 3, ""), "label must be 0 to 2"),
        (KeyFrame((0.0,) * 4, None, ""), "label must be 0 to 2"),
        (KeyFrame((0.0,) * 4, 0, "", 6), "row must be 0 to 5"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(frame, message):
    opened = model()
    before = frames_of(opened)
    with pytest.raises(ValueError, match=message):
        add_frame(opened, frame)
    assert frames_of(opened) == before


@pytest.mark.parametrize("n", [LEAST - 1, MOST + 1])
def test_too_few_or_too_many_are_refused(n):
    opened = model()
    with pytest.raises(ValueError, match=f"{LEAST} to {MOST}"):
        set_frames(opened, [frame_of_row(opened, 0)] * n)


def test_a_model_without_classes_takes_no_label():
    with pytest.raises(ValueError, match="None"):
        set_frames(model(n_classes=0), [KeyFrame((0.0,) * 4, 1, "")] * 2)
