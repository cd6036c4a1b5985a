import io
import json

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.web.server import routes
from vaelab.web.server.film_routes import MOST_BYTES, MOST_FRAMES

ASKED = {"z": [[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]], "y": None, "rate": 20, "back": True}


@pytest.fixture
def client():
    return TestClient(Starlette(routes=routes.routes()))


def test_a_gif_of_the_codes(client, tiny):
    answer = client.post("/checkpoints/tiny/film", json={**ASKED, "format": "gif"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/gif"
    with Image.open(io.BytesIO(answer.content)) as film:
        assert film.n_frames == 4  # there and back
        assert film.info["duration"] >= 50


def test_an_mp4_of_the_codes(client, tiny):
    answer = client.post("/checkpoints/tiny/film", json={**ASKED, "format": "mp4"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.content[4:8] == b"ftyp"


def test_other_models_have_no_film(client, tiny):
    for name in ("other", "..", "%2e%2e/tiny"):
        answer = client.post(f"/checkpoints/{name}/film", json={**ASKED, "format": "gif"})
        assert answer.status_code in (404, 405)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "exe"}, "format must be"),
        ({"z": [[0.0, 0.0]]}, "2 to"),
        ({"z": [[0.0, 0.0]] * (MOST_FRAMES + 1)}, "2 to"),
        ({"z": [[0.0, None]] * 2}, "finite"),
        ({"z": [[0.0]] * 2}, "z must be"),
        ({"z": 3}, "the body must be"),
        ({"rate": 0}, "rate must be"),
        ({"rate": "fast"}, "fast"),
        ({"y": [[1.0]] * 2}, "same 2 to"),
    ],
)
def test_what_is_no_film_is_refused_with_a_sentence(client, tiny, change, sentence):
    answer = client.post("/checkpoints/tiny/film", json={**ASKED, "format": "gif", **change})
    assert answer.status_code == 400
    assert sentence in answer.text


def test_too_much_is_refused_before_it_is_read(client, tiny):
    answer = client.post("/checkpoints/tiny/film", content=b" " * (MOST_BYTES + 1))
    assert answer.status_code == 413
    assert client.post("/checkpoints/tiny/film", content=b"[" * 10).status_code == 400
    deep = json.dumps({"z": np.zeros((2, 2, 2)).tolist(), "format": "gif", "rate": 9})
    assert client.post("/checkpoints/tiny/film", content=deep).status_code == 400
