"""Key frames through the address and back, and what hostile addresses get."""

from __future__ import annotations

import base64
import struct
from types import SimpleNamespace

import numpy as np
import pytest

from vaelab.latent import Latents
from vaelab.web.interpolate import address_frames, key_frames
from vaelab.web.interpolate.address_frames import (
    LONGEST,
    address_of,
    follow_address,
    read_frames,
    write_frames,
)
from vaelab.web.interpolate.key_frames import (
    MOST,
    KeyFrame,
    add_frame,
    frame_of_row,
    frames_of,
    set_frames,
)

K = 4


def model(key="key", n_classes=3, k=K):
    codes = np.random.default_rng(0).normal(size=(6, k)).astype(np.float32)
    labels = np.array([0, 1, 2] * 2)
    latents = Latents(codes, None, labels, np.full(6, 2, np.uint8), np.arange(6))
    return SimpleNamespace(
        key=key,
        latents=latents,
        n_classes=n_classes,
        class_names=("a", "b", "c"),
        class_of=lambda row: int(labels[row]),
    )


@pytest.fixture
def browser(monkeypatch):
    """What a session keeps, its address, and the warnings shown."""
    page = SimpleNamespace(session_state={}, query_params={}, warnings=[])
    page.warning = page.warnings.append
    for module in (address_frames, key_frames):
        monkeypatch.setattr(module, "st", page)
    return page


@pytest.mark.parametrize("n_classes", [3, 0])
@pytest.mark.parametrize("n", [2, MOST])
def test_key_frames_survive_the_address(n_classes, n):
    opened = model(n_classes=n_classes)
    label = 2 if n_classes else None
    drawn = KeyFrame((0.5, -1.25, 3.0, 1e-3), label, "drawn from the prior")
    frames = [drawn, *(frame_of_row(opened, row % 6) for row in range(n - 1))]
    text = write_frames(frames)
    found = read_frames(opened, text)
    assert found[1:] == tuple(frames[1:])  # stored codes have their names again
    np.testing.assert_array_equal(np.float32(found[0].z), np.float32(drawn.z))
    assert (found[0].label, found[0].source) == (label, "from the address")
    assert write_frames(found) == text
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_a_row_whose_code_is_another_now_keeps_the_code_of_the_link():
    opened, other = model(), model()
    other.latents = Latents(opened.latents.mean + 1, *vars_of(opened.latents))
    found = read_frames(other, write_frames([frame_of_row(opened, 0), frame_of_row(opened, 1)]))
    assert found[0].z == frame_of_row(opened, 0).z
    assert (found[0].row, found[0].source) == (None, "from the address")


def vars_of(latents):
    return latents.log_var, latents.labels, latents.split, latents.index


def packed(frames, n=None, k=K, version=1):
    content = struct.pack("<BBH", version, len(frames) if n is None else n, k)
    for label, row, z in frames:
        content += struct.pack(f"<ii{len(z)}f", label, row, *z)
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


GOOD = (0, -1, [0.0] * K)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x" * (LONGEST + 1), "at most 6,000 characters"),
        ("?!", "is no row of key frames"),
        ("a", "is no row of key frames"),
        ("ü" * 8, "is no row of key frames"),
        (packed([GOOD, GOOD], version=9), "version 9"),
        (packed([GOOD]), "2 to 8 of them, not 1"),
        (packed([GOOD] * 9), "2 to 8 of them, not 9"),
        (packed([(0, -1, [0.0] * 3)] * 2, k=3), "have 3 numbers, and 4 are needed"),
        (packed([GOOD, GOOD], n=3), "another length"),
        (packed([GOOD, GOOD]) + "AAAA", "another length"),
        (packed([GOOD, (0, -1, [0.0, 0.0, 0.0, float("nan")])]), "z must be 4 finite"),
        (packed([GOOD, (0, -1, [0.0, 0.0, 0.0, float("inf")])]), "z must be 4 finite"),
        (packed([GOOD, (3, -1, [0.0] * K)]), "label must be 0 to 2"),
        (packed([GOOD, (-1, -1, [0.0] * K)]), "label must be 0 to 2"),
    ],
)
def test_a_hostile_address_gets_a_sentence_and_changes_nothing(browser, text, sentence):
    opened = model()
    before = frames_of(opened)
    browser.query_params["frames"] = text
    follow_address(opened)
    assert sentence in browser.warnings[0]
    assert len(browser.warnings[0]) < 250
    assert frames_of(opened) == before


def test_a_row_that_is_not_stored_here_is_a_code_like_any_other():
    frame = (1, 2**31 - 1, [1.0, 2.0, 3.0, 4.0])
    found = read_frames(model(), packed([frame, frame]))
    assert found[0] == KeyFrame((1.0, 2.0, 3.0, 4.0), 1, "from the address")


def test_codes_too_long_for_an_address_are_left_out():
    opened = model(k=300)
    assert write_frames([frame_of_row(opened, row % 6) for row in range(MOST)]) == ""


def test_a_link_is_followed_once_and_then_the_session_leads(browser):
    opened = model()
    browser.query_params["frames"] = write_frames(
        [frame_of_row(opened, 4), frame_of_row(opened, 5)]
    )
    follow_address(opened)
    assert [frame.row for frame in frames_of(opened)] == [4, 5]
    add_frame(opened, frame_of_row(opened, 1))
    follow_address(opened)  # the address is still as it was
    assert [frame.row for frame in frames_of(opened)] == [4, 5, 1]


def test_what_the_session_wrote_is_not_taken_for_a_link(browser):
    opened = model()
    assert address_of(opened) == ""  # as at the beginning
    set_frames(opened, [frame_of_row(opened, 4), frame_of_row(opened, 5)])
    browser.query_params["frames"] = address_of(opened)
    add_frame(opened, frame_of_row(opened, 1))
    follow_address(opened)
    assert len(frames_of(opened)) == 3
    assert browser.warnings == []


def test_key_frames_of_the_model_before_are_taken_out_of_the_address(browser):
    opened, other = model(), model(key="other")
    set_frames(opened, [frame_of_row(opened, 4), frame_of_row(opened, 5)])
    browser.query_params["frames"] = address_of(opened)
    before = frames_of(other)
    follow_address(other)
    assert frames_of(other) == before
    assert "frames" not in browser.query_params
