import base64

import numpy as np
import pytest

from vaelab.web.groups import groups_of
from vaelab.web.loaders import latents_of, model_of
from vaelab.web.map import messages
from vaelab.web.map.messages import answer, group_of, group_rows, taken
from vaelab.web.map.projections import choose_rows
from vaelab.web.opened import Opened


@pytest.fixture
def opened(tiny):
    return Opened(tiny, model_of(tiny), latents_of(tiny), None, ())


def bits_of(chosen):
    return base64.b64encode(np.packbits(np.asarray(chosen, bool)).tobytes()).decode()


def test_the_bits_name_the_drawn_points(opened):
    rows, _ = choose_rows(opened.latents, "all", 101)  # not a multiple of eight
    chosen = np.zeros(101, bool)
    chosen[[0, 7, 8, 100]] = True
    found = group_rows(opened.latents, "all", 101, bits_of(chosen))
    np.testing.assert_array_equal(found, rows[[0, 7, 8, 100]])


@pytest.mark.parametrize(
    ("split", "bits", "message"),
    [
        ("all", "", "must hold 100 points"),
        ("all", "not base64!", "base64"),
        ("all", bits_of(np.zeros(100)), "must have a code"),
        ("somewhere", bits_of(np.ones(100)), "split must be"),
    ],
)
def test_bits_of_no_map_are_refused(opened, split, bits, message):
    with pytest.raises(ValueError, match=message):
        group_rows(opened.latents, split, 100, bits)


def test_a_group_is_the_mean_of_its_codes_and_counts_its_classes(opened):
    rows = np.arange(0, 60, 3)
    group = group_of(opened, " round ", rows)
    assert (group.name, group.n) == ("round", 20)
    np.testing.assert_allclose(group.mean, opened.latents.mean[rows].mean(0), atol=1e-6)
    assert sum(group.counts.values()) == 20
    some = next(iter(group.counts))
    labels = opened.latents.labels[rows]
    assert group.counts[some] == np.sum(labels == opened.class_names.index(some))


def test_groups_are_saved_and_deleted(opened):
    chosen = np.arange(50) < 5
    save = {"kind": "save", "name": "left", "split": "all", "n": 50, "bits": bits_of(chosen)}
    assert "5 codes" in answer(opened, save)
    (group,) = groups_of(opened)
    assert (group.name, group.n) == ("left", 5)
    answer(opened, {"kind": "delete", "name": "left"})
    assert groups_of(opened) == ()


def test_a_stored_code_is_taken_from_the_checkpoint_not_from_the_browser(opened):
    said = {"z": [9.0, 9.0], "label": 3, "source": "test image 4", "row": 4}
    z, label, source, row = taken(opened, said)
    np.testing.assert_array_equal(np.float32(z), opened.latents.mean[4])
    assert (label, source, row) == (None, "test image 4", 4)  # this model takes no class


@pytest.mark.parametrize(
    "said",
    [
        {"z": [], "label": None, "source": "", "row": 10**6},
        {"z": [], "label": None, "source": "", "row": -1},
        {"z": [1.0], "label": None, "source": "", "row": None},
        {"z": [1.0, float("inf")], "label": None, "source": "", "row": None},
    ],
)
def test_codes_that_do_not_fit_are_refused(opened, said):
    with pytest.raises(ValueError, match="must be"):
        taken(opened, said)


def test_a_code_goes_to_the_sliders_or_to_the_path(opened, monkeypatch):
    went, frames = [], []
    monkeypatch.setattr(messages, "go_to", lambda *said: went.append(said[1:]))
    monkeypatch.setattr(messages, "add_frame", lambda _, frame: frames.append(frame) or True)
    monkeypatch.setattr(messages, "frames_of", lambda _: frames)
    said = {"z": [0.5, -1.0], "label": None, "source": "a place", "row": None}
    assert answer(opened, {"kind": "sliders", "taken": said}) == ""
    assert went == [([0.5, -1.0], None, "a place", None)]
    assert "Key frame 1" in answer(opened, {"kind": "frame", "taken": said})
    assert frames[0].z == (0.5, -1.0)
    monkeypatch.setattr(messages, "add_frame", lambda _, frame: False)
    assert "already" in answer(opened, {"kind": "frame", "taken": said})


def test_a_direction_needs_two_groups(opened):
    with pytest.raises(ValueError, match="two groups"):
        answer(opened, {"kind": "direction", "from": "a", "to": "b"})


def test_other_messages_are_refused(opened):
    with pytest.raises(ValueError, match="kind must be"):
        answer(opened, {"kind": "dance"})
