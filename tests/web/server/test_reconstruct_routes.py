"""Pictures that are reconstructed for a browser that cannot do so itself."""

import base64
import json

import numpy as np
import pytest
import torch
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.checkpoints import load_model
from vaelab.web.server import routes

X = np.arange(64, dtype=np.uint8) * 4


@pytest.fixture
def client():
    return TestClient(Starlette(routes=routes.routes()))


def said(**change):
    return json.dumps({"x": base64.b64encode(X.tobytes()).decode(), "y": None, **change}).encode()


def test_a_picture_is_encoded_and_its_mean_decoded(client, tiny):
    answer = client.post("/checkpoints/tiny/reconstruct", content=said())
    assert answer.status_code == 200
    numbers = np.frombuffer(answer.content[:16], "<f4").reshape(2, 2)
    picture = np.frombuffer(answer.content[16:], np.uint8).reshape(1, 1, 8, 8)
    model = load_model(tiny)
    with torch.inference_mode():
        posterior = model.encode(torch.from_numpy(X.reshape(1, 1, 8, 8)).float() / 255)
        expected = model.decode(posterior.mean).mean.numpy()
    np.testing.assert_allclose(numbers[0], posterior.mean[0].numpy(), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(numbers[1], (0.5 * posterior.log_var[0]).exp().numpy(), rtol=1e-5)
    assert np.abs(picture - 255 * expected).max() <= 0.51


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"[" * 100_000,
        said(x=3),
        said(x="no base64!"),
        said(x=base64.b64encode(X[:-1].tobytes()).decode()),
        said(y=[[1.0]]),
        said(y="all"),
    ],
)
def test_other_bodies_are_refused_with_a_sentence(client, tiny, body):
    answer = client.post("/checkpoints/tiny/reconstruct", content=body)
    assert answer.status_code == 400
    assert answer.text


def test_an_unknown_model_is_not_found(client, tiny):
    assert client.post("/checkpoints/none/reconstruct", content=said()).status_code == 404
