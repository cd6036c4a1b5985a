"""What lies in the file, read back from its text; a browser opens it in tests/browser."""

from __future__ import annotations

import base64
import dataclasses
import gzip
import hashlib
import json
import re
from typing import Any

import numpy as np
import pytest

from vaelab.checkpoints import Checkpoint, load_latents, load_model
from vaelab.evaluation import Figure
from vaelab.evaluation.report import Report
from vaelab.latent.trust import typical_of_sample
from vaelab.standalone import page, standalone_html
from vaelab.standalone.page import MOST_CODES, size_text
from vaelab.standalone.start import axes_of_checkpoint

DECODER, ENCODER = b"the graph's bytes", b"the other graph's bytes"


def element(text: str, name: str) -> str:
    found = re.search(rf'<script [^>]*id="{name}">(.*?)</script>', text, re.S)
    assert found, name
    return found[1]


def data(content: bytes) -> dict[str, Any]:
    return json.loads(element(content.decode(), "data"))


@pytest.fixture(scope="module")
def content(checkpoint: Checkpoint) -> bytes:
    return standalone_html(checkpoint, DECODER, encoder=ENCODER)


def test_the_parts_are_there_and_nothing_is_fetched(content: bytes, checkpoint: Checkpoint) -> None:
    text = content.decode()
    assert gzip.decompress(base64.b64decode(element(text, "decoder"))) == DECODER
    assert gzip.decompress(base64.b64decode(element(text, "encoder"))) == ENCODER
    assert gzip.decompress(base64.b64decode(element(text, "wasm"))).startswith(b"\0asm")
    rows = np.frombuffer(gzip.decompress(base64.b64decode(element(text, "codes"))), "<f4")
    latents = load_latents(checkpoint)
    assert len(latents) <= MOST_CODES
    assert data(content)["model"]["map"]["codeWidth"] == 7
    np.testing.assert_array_equal(rows.reshape(-1, 7)[:, :3], latents.mean)
    np.testing.assert_allclose(rows.reshape(-1, 7)[:, 3:6], latents.log_var, atol=1 / 128)
    np.testing.assert_array_equal(rows.reshape(-1, 7)[:, 6], latents.labels)
    assert not re.search(r'\s(src|href)="', text.replace(page.SCRIPT.read_text(), ""))


def test_the_policy_names_the_one_script_and_no_connection(content: bytes) -> None:
    text = content.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    script = re.search(r"<script>(.*)</script>\n</body>", text, re.S)
    assert policy
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert policy[1].startswith(f"default-src 'none'; script-src 'sha256-{digest}' ")
    assert "connect-src" not in policy[1]
    assert "unsafe-eval" not in policy[1].replace("wasm-unsafe-eval", "")


def test_what_the_trust_meter_compares_with_is_there(
    content: bytes, checkpoint: Checkpoint
) -> None:
    model = data(content)["model"]
    latents = load_latents(checkpoint)
    axes = axes_of_checkpoint(checkpoint, load_model(checkpoint), latents)
    typical = typical_of_sample(load_model(checkpoint), latents, axes)
    assert model["typicality"]["kind"] == model["measure"] == "posterior"
    assert model["typicality"]["quantiles"] == typical.quantiles
    assert model["reencoding"] == typical.reencoding


def test_without_an_encoder_nothing_is_said_of_re_encoding(checkpoint: Checkpoint) -> None:
    found = standalone_html(checkpoint, DECODER)
    model = data(found)["model"]
    assert model["reencoding"] is None
    assert model["typicality"] is not None
    assert 'id="encoder"' not in found.decode()


def test_it_says_its_size_what_it_is_and_whose_work_it_holds(content: bytes) -> None:
    text = content.decode()
    assert f"{size_text(len(content))}; works offline" in text
    for said in ("CVAE", "not evaluated", "ONNX Runtime Web (MIT)", "Microsoft Corporation"):
        assert said in text
    assert len(content) < 20e6


def test_the_elbo_stands_there_with_its_error(checkpoint: Checkpoint) -> None:
    elbo = Figure(
        "elbo", "ELBO", -25.125, "nats per image", "d", "test", 180, 1, 0, standard_error=0.31
    )
    report = Report((elbo,), (1.0, 0.5, 0.001), (), "2026-01-01T00:00:00+00:00")
    measured = dataclasses.replace(checkpoint, report=report)
    text = standalone_html(measured, DECODER).decode()
    assert "−25.12 ± 0.31 nats per image ± standard error, mean of 180 test images" in text
    assert [axis["unused"] for axis in data(text.encode())["model"]["axes"]] == [False, False, True]


def test_names_cannot_leave_their_place(checkpoint: Checkpoint) -> None:
    names = ("</script><b>", *checkpoint.class_names[1:])
    text = standalone_html(dataclasses.replace(checkpoint, class_names=names), DECODER).decode()
    assert "</script><b>" not in text
    assert data(text.encode())["model"]["classes"][0] == "</script><b>"


def test_a_view_is_its_start(checkpoint: Checkpoint) -> None:
    view = {
        "z": [0.5, -1, 2],
        "class": "7",
        "blend": {"with": "1", "share": 0.25},
        "frames": [{"z": [0, 0, 0], "class": str(c)} for c in (1, 2, 3)],
    }
    found = data(standalone_html(checkpoint, DECODER, view))
    assert found["place"] == {"z": [0.5, -1, 2], "label": 7, "other": 1, "blend": 0.25}
    assert [frame["label"] for frame in found["frames"]] == [1, 2, 3]
    shown = np.frombuffer(base64.b64decode(found["first"]), np.uint8)
    weights = np.zeros((1, 10), np.float32)
    weights[0, [7, 1]] = 0.75, 0.25
    import torch

    mean = load_model(checkpoint).decode(torch.tensor([[0.5, -1, 2]]), torch.from_numpy(weights))
    np.testing.assert_array_equal(shown, np.rint(mean.mean.numpy().ravel() * 255))


def test_a_class_alone_starts_at_its_own_prior(checkpoint: Checkpoint) -> None:
    import torch

    place = data(standalone_html(checkpoint, DECODER, {"class": "3"}))["place"]
    mean = load_model(checkpoint).prior(torch.tensor([3])).mean[0].tolist()  # type: ignore[operator]
    assert place["label"] == 3
    assert place["z"] == pytest.approx(mean, abs=1e-6)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "another size": ({"z": [1, 2]}, "z must be 3 finite numbers, got 2"),
    "not finite": ({"z": [1, 2, float("nan")]}, "z must be 3 finite numbers"),
    "no numbers": ({"z": "abc"}, "z must be a list of numbers"),
    "no class": ({"class": "ten"}, "the class must be one of 0, 1"),
    "one frame": ({"frames": [{"z": [0, 0, 0], "class": "1"}]}, "frames must be 2 to 8, got 1"),
    "no frames": ({"frames": 3}, "frames must be a list"),
    "a frame without class": ({"frames": [{"z": [0, 0, 0]}] * 2}, "the class must be 0 to 9"),
    "unknown": ({"zoom": 2}, "a view has z, class, blend and frames, got zoom"),
    "blend": ({"blend": 3}, "blend must be"),
    "share": ({"blend": {"with": "1", "share": 3}}, r"blend must lie in 0..1, got 3"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_view_that_does_not_fit_is_refused(checkpoint: Checkpoint, name: str) -> None:
    view, reason = WRONG[name]
    with pytest.raises(ValueError, match=reason):
        standalone_html(checkpoint, DECODER, view)
