import json

import numpy as np
import pytest
import torch
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.checkpoints import find_graph, load_latents, load_model
from vaelab.web.server import frontend_files, routes
from vaelab.web.server.frontend_files import FILES, frontend_path
from vaelab.web.server.model_routes import MOST_BYTES, MOST_ROWS


@pytest.fixture
def client():
    return TestClient(Starlette(routes=routes.routes()))


@pytest.mark.parametrize("graph", ["decoder", "encoder"])
def test_a_graph_is_tagged_with_the_hash_of_its_weights(client, tiny, graph):
    address = f"/checkpoints/tiny/{graph}.onnx"
    first = client.get(address)
    assert first.status_code == 200
    assert first.content == find_graph(tiny, graph).read_bytes()
    assert first.headers["etag"] == f'"{tiny.weights_sha256}"'
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(address, headers={"If-None-Match": '"another"'})
    assert other.status_code == 200


def test_what_no_run_has_exported_is_exported_once(client, tiny, exports):
    files = [find_graph(tiny, graph) for graph in ("decoder", "encoder")]
    expected = [file.read_bytes() for file in files]
    for file in files:
        file.unlink()
    answers = [client.get(f"/checkpoints/tiny/{graph}.onnx") for graph in ("decoder", "encoder")]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.content for answer in answers] == expected
    assert client.get("/checkpoints/tiny/decoder.onnx").content == expected[0]
    assert len(exports) == 1


def test_codes_come_with_their_labels(client, tiny):
    latents = load_latents(tiny)
    answer = client.get("/checkpoints/tiny/codes.bin")
    table = np.frombuffer(answer.content, "<f4").reshape(-1, 5)
    assert len(table) == len(latents)
    assert np.array_equal(table[:, :2], latents.mean)
    assert np.array_equal(table[:, 2:4], latents.log_var)
    assert np.array_equal(table[:, 4], latents.labels)
    again = client.get(
        "/checkpoints/tiny/codes.bin", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


def test_the_server_decodes_what_is_posted(client, tiny):
    z = [[0.5, -1.0], [0.0, 2.0]]
    answer = client.post("/checkpoints/tiny/decode", json={"z": z, "y": None})
    with torch.inference_mode():
        expected = load_model(tiny).decode(torch.tensor(z)).mean.numpy()
    pictures = np.frombuffer(answer.content, np.uint8).reshape(2, 1, 8, 8)
    assert np.abs(pictures - 255 * expected).max() <= 0.51


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"z": []}',
        b'{"z": [[1]]}',
        b'{"z": [[1, NaN]]}',
        b'{"z": [[1, 2], [3]]}',
        b'{"z": [["a", "b"]]}',
        b'{"z": [[1, 2]], "y": [[1, 0]]}',
        json.dumps({"z": [[0, 0]] * (MOST_ROWS + 1)}).encode(),
        b"[" * 100_000,
    ],
)
def test_other_bodies_are_refused_with_a_sentence(client, tiny, body):
    answer = client.post("/checkpoints/tiny/decode", content=body)
    assert answer.status_code == 400
    assert answer.text


def test_a_large_body_is_not_read(client, tiny):
    answer = client.post("/checkpoints/tiny/decode", content=b" " * (MOST_BYTES + 1))
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/checkpoints/unknown/decoder.onnx",
        "/checkpoints/../decoder.onnx",
        "/checkpoints/..%2F..%2Fsecret/decoder.onnx",
        "/checkpoints/%2e%2e%2fsecret/decoder.onnx",
        "/checkpoints/tiny/../tiny/encoder.onnx%00",
        "/checkpoints/tiny/other.onnx",
        "/checkpoints/%2e%2e/codes.bin",
        "/assets/sliders.js",
        "/assets/0123456789abcdef/sliders.js",
        "/assets/../sliders.js",
        "/assets/x/..%2F..%2Fpackage.json",
        "/assets/x/%2e%2e%2f%2e%2e%2fpackage.json",
    ],
)
def test_anything_else_is_not_found(path, client, tiny):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", FILES)
def test_the_frontend_may_be_kept_for_ever(client, name):
    first = client.get(frontend_path(name))
    assert first.status_code == 200
    assert "immutable" in first.headers["cache-control"]
    assert first.headers["content-type"].split(";")[0] in ("text/javascript", "application/wasm")
    again = client.get(frontend_path(name), headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_the_runtime_is_the_one_written_down():
    about = json.loads((frontend_files.RUNTIME / "VENDORED.json").read_text())
    served = {name for name, path in FILES.items() if path.parent == frontend_files.RUNTIME}
    assert served == {file["name"] for file in about["files"]}
    client = TestClient(Starlette(routes=routes.routes()))
    for file in about["files"]:
        content = client.get(frontend_path(file["name"])).content  # unpacked by the client
        assert len(content) == file["bytes"]
        assert frontend_files.hashlib.sha256(content).hexdigest() == file["sha256"]


def test_routes_move_below_the_base_path(monkeypatch, tiny):
    monkeypatch.setattr(routes.st, "get_option", {"server.baseUrlPath": "/lab"}.get)
    client = TestClient(Starlette(routes=routes.routes()))
    assert client.get("/lab/checkpoints/tiny/decoder.onnx").status_code == 200
    assert client.get(f"/lab{frontend_path('worker.js')}").status_code == 200
    assert client.get("/checkpoints/tiny/decoder.onnx").status_code == 404


def test_the_server_encodes_again_what_it_decodes(client, tiny):
    z = [[0.5, -1.0], [0.0, 2.0], [1.0, 1.0]]
    answer = client.post("/checkpoints/tiny/reencode", json={"z": z, "y": None})
    model = load_model(tiny)
    with torch.inference_mode():
        expected = model.encode(model.decode(torch.tensor(z)).mean).mean.numpy()
    np.testing.assert_allclose(
        np.frombuffer(answer.content, "<f4").reshape(3, 2), expected, atol=1e-5
    )


@pytest.mark.parametrize("mode", ["principal", "here", "classes"])
def test_sliders_of_a_mode_are_unit_directions_with_a_range(client, tiny, mode):
    answer = client.post(f"/checkpoints/tiny/axes/{mode}", json={"z": [[0.5, -1.0]], "y": None})
    axes = answer.json()["axes"]
    assert len(axes) == (10 if mode == "classes" else 2)
    for axis in axes:
        assert np.linalg.norm(axis["direction"]) == pytest.approx(1, abs=1e-5)
        assert axis["low"] < axis["median"] < axis["high"]
        assert max(axis["density"]) == 1


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("axes/none", {"z": [[0, 0]]}, "mode must be one of principal, here"),
        ("axes/latent", {"z": [[0, 0]]}, "mode must be one of principal, here"),
        ("axes/here", {"z": [[0, 0, 0]]}, "z must be 2 finite numbers"),
        ("axes/here", {"z": [[0, 0], [0, 0]]}, "one row"),
        ("axes/here", {"z": [[0, 0]], "y": [[1, 0]]}, "class weights"),
        ("reencode", {"z": [[0, 0, 0]]}, "z must be of shape"),
    ],
)
def test_what_does_not_fit_the_model_is_refused_with_a_sentence(client, tiny, path, body, sentence):
    answer = client.post(f"/checkpoints/tiny/{path}", json=body)
    assert (answer.status_code, sentence in answer.text) == (400, True), answer.text
