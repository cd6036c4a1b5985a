import base64
from types import SimpleNamespace

import numpy as np
import pytest

from vaelab.web.interpolate import live_panel
from vaelab.web.interpolate.key_frames import frame_of_row
from vaelab.web.interpolate.live_data import model_data, row_version, sum_data, walks_data
from vaelab.web.interpolate.live_panel import frame_from
from vaelab.web.interpolate.tray import N, data_items, prior_items, thumbnail
from vaelab.web.interpolate.walks import KINDS, walk
from vaelab.web.sliders.typical import codes_for_browser


def test_paths_travel_as_bytes_and_the_slow_one_when_it_is_asked_for(opened):
    frames = [frame_of_row(opened, row) for row in (0, 1)]
    told = {entry["kind"]: entry for entry in walks_data(opened, frames, with_slow=False)}
    assert list(told) == list(KINDS)
    assert "codes" not in told["geodesic"]
    linear = told["linear"]
    codes = np.frombuffer(base64.b64decode(linear["codes"]), "<f4").reshape(linear["n"], 2)
    np.testing.assert_array_equal(codes, walk(opened, frames, "linear").codes)
    later = walks_data(opened, frames, with_slow=True)
    assert all("codes" in entry for entry in later)


def test_the_map_draws_codes_that_the_browser_has(opened):
    plane = model_data(opened)["map"]
    rows = np.frombuffer(codes_for_browser(opened.checkpoint), "<f4").reshape(
        -1, plane["codeWidth"]
    )
    drawn = rows[:: plane["every"], :2]
    np.testing.assert_array_equal(drawn, opened.latents.mean[plane["rows"]])
    # two dimensions are a plane already, so nothing is lost on it
    axes = np.asarray(plane["axes"])
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-5)
    assert plane["share"] == pytest.approx(1)


def test_another_row_of_key_frames_has_another_version(opened):
    a, b = frame_of_row(opened, 0), frame_of_row(opened, 1)
    assert row_version(opened, [a, b]) == row_version(opened, (a, b))
    assert len({row_version(opened, row) for row in ([a, b], [b, a], [a, a], [a, b, a])}) == 4


def test_the_nearest_training_image_of_a_training_image_is_itself(opened):
    row = int(np.flatnonzero(opened.latents.split == 0)[5])
    found = sum_data(opened, opened.latents.mean[row].tolist(), None)
    assert found[0]["distance"] == 0
    assert [item["distance"] for item in found] == sorted(item["distance"] for item in found)
    assert all(opened.latents.split[item["row"]] == 0 for item in found)


def test_the_tray_holds_images_of_every_class_and_draws(opened):
    items = data_items(opened, 1)
    assert len(items) == N
    assert len({opened.class_of(item.frame.row) for item in items}) == 10
    assert data_items(opened, 1) == items != data_items(opened, 2)
    drawn = prior_items(opened, 1)
    assert len(drawn) == N
    assert all(item.frame.row is None and len(item.frame.z) == 2 for item in drawn)


@pytest.mark.parametrize(
    ("shape", "kind"), [((1, 28, 28), "png"), ((3, 32, 32), "png"), ((3, 96, 64), "webp")]
)
def test_thumbnails_are_small(shape, kind):
    address = thumbnail(np.random.default_rng(0).integers(0, 256, shape, np.uint8))
    assert address.startswith(f"data:image/{kind};base64,")
    assert len(address) < 12_000


def test_a_stored_code_is_looked_up_whatever_the_browser_says_it_is(opened):
    said = {"z": [9.0, 9.0], "label": 3, "source": "nonsense", "row": 2}
    assert frame_from(opened, said) == frame_of_row(opened, 2)


def test_a_code_of_its_own_is_taken_as_it_is(opened):
    frame = frame_from(opened, {"z": [1, 2.5], "label": None, "source": "x" * 999, "row": None})
    assert (frame.z, frame.label, frame.row) == ((1.0, 2.5), None, None)
    assert len(frame.source) == live_panel.LONGEST_SOURCE


@pytest.mark.parametrize(
    "said", [None, 3, "frame", {"z": ["a"]}, {"z": 4}, {"z": [1, 2], "label": "x"}]
)
def test_what_is_no_frame_is_none(opened, said):
    assert frame_from(opened, said) is None


def test_an_edit_that_does_not_fit_changes_nothing(opened, monkeypatch):
    toasts = []
    session = {"k": {"edit": {"sequence": 1, "frames": [{"row": 0}]}}}
    monkeypatch.setattr(
        live_panel,
        "st",
        SimpleNamespace(session_state=session, toast=lambda *a, **k: toasts.append(a)),
    )
    kept = []
    monkeypatch.setattr(live_panel, "set_frames", _refuse(kept))
    live_panel.take_edit(opened, session["k"]["edit"])
    assert toasts
    session["k"]["edit"]["frames"] = [{"row": 0}, {"row": 1}]
    live_panel.take_edit(opened, session["k"]["edit"])
    assert kept == [frame_of_row(opened, 0), frame_of_row(opened, 1)]


def _refuse(kept):
    def set_frames(_opened, frames):
        if len(frames) < 2:
            raise ValueError("frames must be 2 to 8, got 1.")
        kept.extend(frames)

    return set_frames
