import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from vaelab.web.server import routes


@pytest.fixture
def client():
    return TestClient(Starlette(routes=routes.routes()))


def preview_of(checkpoint):
    return checkpoint.path / "preview.png"


def test_health_answers(client):
    assert client.get("/api/health").json() == {"status": "ok", "supervisor": False}


def test_a_preview_comes_with_an_etag_and_is_not_sent_twice(client, tiny):
    first = client.get("/checkpoints/tiny/preview.png")
    assert first.status_code == 200
    assert first.headers["content-type"] == "image/png"
    assert first.content == preview_of(tiny).read_bytes()
    again = client.get(
        "/checkpoints/tiny/preview.png", headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/checkpoints/unknown/preview.png",
        "/checkpoints//preview.png",
        "/checkpoints/./preview.png",
        "/checkpoints/../preview.png",
        "/checkpoints/..%2F..%2Fsecret/preview.png",
        "/checkpoints/%2e%2e%2fsecret/preview.png",
        "/checkpoints/%2Ftmp/preview.png",
        "/checkpoints/tiny%00/preview.png",
        "/checkpoints/tiny/../tiny/preview.png%00",
        "/checkpoints/.hidden/preview.png",
        "/checkpoints/tiny/weights.safetensors",
    ],
)
def test_anything_else_is_not_found(path, client, tiny, own_home):
    for folder in (own_home / "secret", own_home / "checkpoints" / ".hidden", own_home):
        folder.mkdir(exist_ok=True)
        (folder / "preview.png").write_bytes(preview_of(tiny).read_bytes())
    assert client.get(path).status_code == 404


def test_a_preview_that_is_a_link_or_no_png_is_not_served(client, tiny, own_home):
    secret = own_home / "secret.png"
    secret.write_bytes(preview_of(tiny).read_bytes())
    preview_of(tiny).unlink()
    preview_of(tiny).symlink_to(secret)
    assert client.get("/checkpoints/tiny/preview.png").status_code == 404
    preview_of(tiny).unlink()
    preview_of(tiny).write_text("not a picture")
    assert client.get("/checkpoints/tiny/preview.png").status_code == 404


def test_without_a_checkpoints_folder_nothing_is_found(client):
    assert client.get("/checkpoints/tiny/preview.png").status_code == 404


def test_routes_move_below_the_base_path(monkeypatch, tiny):
    monkeypatch.setattr(routes.st, "get_option", {"server.baseUrlPath": "/lab/vae/"}.get)
    client = TestClient(Starlette(routes=routes.routes()))
    assert client.get("/lab/vae/api/health").status_code == 200
    assert client.get("/lab/vae/checkpoints/tiny/preview.png").status_code == 200
    assert client.get("/api/health").status_code == 404
