import base64
import io
import json

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.web.server.reading import read_columns
from vaelab.checkpoints import load_latents
from vaelab.data import load_dataset
from vaelab.latent import nearest, project
from vaelab.web.map import point_values
from vaelab.web.server import routes
from vaelab.web.server.map_routes import MOST_BYTES, MOST_PLACED

MAP = "/checkpoints/tiny/points"


@pytest.fixture
def latents(tiny):
    return load_latents(tiny)


def test_columns_hold_every_point_and_what_is_said_of_them(browser, tiny, latents):
    columns = read_columns(browser.get(f"{MAP}/pca.bin").content)
    drawn = project("pca", latents.mean)
    np.testing.assert_array_equal(columns.arrays["x"], drawn.points[:, 0])
    np.testing.assert_array_equal(columns.arrays["y"], drawn.points[:, 1])
    np.testing.assert_array_equal(columns.arrays["class"], latents.labels)
    header = columns.header
    assert header["n"] == header["available"] == len(latents)
    assert header["classes"] == list(tiny.class_names)
    assert header["value"] is header["valueNote"] is None
    assert header["projection"] == {
        "name": "pca",
        "title": drawn.title,
        "axisLabels": list(drawn.axis_labels),
        "explainedVariance": list(drawn.explained_variance),
    }
    assert 0.9 < header["quality"]["trustworthiness"] <= 1
    assert header["quality"]["n"] == len(latents)


def test_a_point_takes_ten_bytes(browser, tiny):
    one, two = (len(browser.get(f"{MAP}/dims.bin?n={n}&quality=later").content) for n in (10, 110))
    assert abs(two - one - 1000) <= 8  # digits in the header
    only = read_columns(browser.get(f"{MAP}/dims.bin?n=10&columns=class,x").content)
    assert list(only.arrays) == ["class", "x"]


def test_the_plane_can_be_undone(browser, latents):
    for address in (f"{MAP}/pca.bin", f"{MAP}/dims.bin?dims=1,0"):
        columns = read_columns(browser.get(address).content)
        inverse = columns.header["inverse"]
        assert inverse["kind"] == "affine"
        places = np.column_stack([columns.arrays["x"], columns.arrays["y"]])
        codes = np.array(inverse["origin"]) + places @ np.array(inverse["axes"])
        np.testing.assert_allclose(codes, latents.mean, atol=1e-5)


def test_positions_mean_the_same_everywhere(browser, latents):
    query = "split=test&n=50&dims=1,0"
    columns = read_columns(browser.get(f"{MAP}/dims.bin?{query}").content)
    codes = browser.get(f"{MAP}/dims/codes.bin?{query}").content
    codes = np.frombuffer(codes, "<f4").reshape(50, 2)
    np.testing.assert_array_equal(codes[:, 1], columns.arrays["x"])
    point = browser.get(f"{MAP}/dims/17.json?{query}").json()
    assert point["split"] == "test"
    np.testing.assert_array_equal(latents.mean[point["row"]], codes[17])
    assert point["label"] == columns.arrays["class"][17] == latents.labels[point["row"]]
    found = nearest(codes, codes[17], 9)
    assert [n["position"] for n in point["neighbours"]] == found.indices[1:].tolist()
    assert [n["distance"] for n in point["neighbours"]] == pytest.approx(found.distances[1:])


def test_a_point_comes_with_its_image_and_values(browser, tiny, latents, patiently):
    splits = load_dataset("digits")
    point = browser.get(f"{MAP}/pca/3.json").json()
    row = point["row"]
    assert row == 3
    image = splits.train.images[point["index"]][0]
    np.testing.assert_array_equal(picture(point["image"]), image)
    assert picture(point["reconstruction"]).shape == (8, 8)
    values = point["values"]
    assert set(values) == {"rate", "distortion", "log_p", "trust"}
    assert values["log_p"] >= -values["distortion"] - values["rate"] - 20
    for name in values:
        columns = read_columns(patiently(f"{MAP}/pca.bin?value={name}").content)
        value = columns.header["value"]
        assert value["name"] == name
        shown = value["low"] + columns.arrays["value"][3] / 255 * (value["high"] - value["low"])
        step = (value["high"] - value["low"]) / 255
        assert shown == pytest.approx(np.clip(values[name], value["low"], value["high"]), abs=step)
        assert browser.get(f"{MAP}/pca/3.json").json()["values"][name] == pytest.approx(
            values[name], rel=1e-4
        )


def picture(address):
    return np.array(Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))))


def test_measured_values_survive_a_restart(browser, tiny, patiently, monkeypatch):
    before = patiently(f"{MAP}/pca.bin?value=log_p").content
    point_values.forget()
    monkeypatch.setattr(point_values, "start_values", None)  # nothing is measured again
    assert browser.get(f"{MAP}/pca.bin?value=log_p").content == before


def test_without_the_data_only_what_needs_it_is_missing(browser, tiny):
    config = json.loads((tiny.path / "config.json").read_text())
    config["data"]["fingerprint"] = "0" * 64
    (tiny.path / "config.json").write_text(json.dumps(config))
    point = browser.get(f"{MAP}/pca/3.json").json()
    assert point["image"] is None
    assert point["reconstruction"]
    assert point["values"]["distortion"] is point["values"]["log_p"] is None
    assert point["values"]["rate"] > 0
    assert "not on this machine" in point["valueNotes"]["distortion"]
    columns = read_columns(browser.get(f"{MAP}/pca.bin?value=distortion").content)
    assert columns.header["value"] is None
    assert "not on this machine" in columns.header["valueNote"]
    atlas = browser.get("/checkpoints/tiny/thumbnails.webp")
    assert atlas.headers["x-vaelab-pictures"] == "reconstructions"


def test_thumbnails_show_the_points_at_their_positions(browser, tiny, latents):
    answer = browser.get("/checkpoints/tiny/thumbnails.webp")
    assert answer.headers["content-type"] == "image/webp"
    assert answer.headers["x-vaelab-pictures"] == "data"
    tiles = json.loads(answer.headers["x-vaelab-tiles"])
    assert (tiles["side"], tiles["count"], tiles["step"]) == (8, len(latents), 1)
    sheet = np.array(Image.open(io.BytesIO(answer.content)).convert("L"))
    splits = load_dataset("digits")
    for j in (0, 99, len(latents) - 1):
        y, x = (8 * place for place in divmod(j, tiles["columns"]))
        part = splits.train if latents.split[j] == 0 else splits.test
        np.testing.assert_array_equal(sheet[y : y + 8, x : x + 8], part.images[latents.index[j]][0])


def test_new_codes_are_placed(browser, tiny, latents):
    drawn = project("pca", latents.mean)
    answer = browser.post(f"{MAP}/pca/place", json={"z": [[0.5, -1.0], [0.0, 2.0]]})
    expected = drawn.place([[0.5, -1.0], [0.0, 2.0]])
    np.testing.assert_allclose(answer.json()["points"], expected, atol=1e-5)


def test_quality_can_be_asked_for_by_itself(browser, tiny):
    which = "split=train&n=77&dims=1,0"  # so few that no other test has measured them
    later = f"{MAP}/dims.bin?{which}&quality=later"
    assert read_columns(browser.get(later).content).header["quality"] is None
    quality = browser.get(f"{MAP}/dims/quality.json?{which}").json()
    assert quality["n"] == 77
    assert set(quality) == {"trustworthiness", "continuity", "neighbourHit", "k", "n"}
    assert read_columns(browser.get(later).content).header["quality"] == quality


@pytest.mark.parametrize(
    "address",
    [
        f"{MAP}/pca.bin",
        f"{MAP}/pca/codes.bin",
        f"{MAP}/pca/0.json",
        f"{MAP}/pca/quality.json",
        "/checkpoints/tiny/thumbnails.webp",
    ],
)
def test_what_the_browser_has_is_not_sent_twice(browser, tiny, address):
    first = browser.get(address)
    assert first.status_code == 200
    assert first.headers["x-content-type-options"] == "nosniff"
    again = browser.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "query",
    [
        "split=validation",
        "split=every",
        "split=",
        "n=0",
        "n=-5",
        "n=1e3",
        "n=9999999",
        "n=",
        "n=" + "9" * 5000,
        "n=%D9%A3",
        "dims=0",
        "dims=0,2",
        "dims=-1,0",
        "dims=a,b",
        "dims=0,1,1",
        "value=colour",
        "columns=z",
        "columns=x,x",
        "columns=",
        "quality=soon",
    ],
)
def test_other_parameters_are_refused_with_a_sentence(browser, tiny, query):
    answer = browser.get(f"{MAP}/dims.bin?{query}")
    assert answer.status_code == 400
    assert " " in answer.text
    assert len(answer.text) < 300


@pytest.mark.parametrize(
    "path",
    [
        f"{MAP}/isomap.bin",
        f"{MAP}/.bin",
        f"{MAP}/pca.json",
        f"{MAP}/pca/1635.json",
        f"{MAP}/pca/-1.json",
        f"{MAP}/pca/1.5.json",
        f"{MAP}/pca/999999999999999999999999.json",
        f"{MAP}/pca/..%2Fconfig.json",
        f"{MAP}/..%2F..%2Fsecret.bin",
        f"{MAP}/%2e%2e/codes.bin",
        f"{MAP}/pca/../pca/codes.bin%00",
        "/checkpoints/unknown/points/pca.bin",
        "/checkpoints/../points/pca.bin",
        "/checkpoints/..%2F..%2Ftiny/points/pca.bin",
        "/checkpoints/%2e%2e%2ftiny/thumbnails.webp",
        "/checkpoints/unknown/points/pca/0.json",
        "/checkpoints/unknown/thumbnails.webp",
    ],
)
def test_anything_else_is_not_found(browser, tiny, path):
    assert browser.get(path).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"z": []}',
        b'{"z": [[1]]}',
        b'{"z": [[1, NaN]]}',
        b'{"z": [1, 2]}',
        b'{"z": [[1, 2], [3]]}',
        b'{"z": [["a", "b"]]}',
        b'{"z": [[1e999, 0]]}',
        b"[" * 100_000,
        json.dumps({"z": [[0, 0]] * (MOST_PLACED + 1)}).encode(),
    ],
)
def test_other_codes_are_refused_with_a_sentence(browser, tiny, body):
    answer = browser.post(f"{MAP}/pca/place", content=body)
    assert answer.status_code == 400
    assert answer.text


def test_a_large_body_is_not_read(browser, tiny):
    assert browser.post(f"{MAP}/pca/place", content=b" " * (MOST_BYTES + 1)).status_code == 413


def test_addresses_move_below_the_base_path(monkeypatch, tiny):
    monkeypatch.setattr(routes.st, "get_option", {"server.baseUrlPath": "/lab"}.get)
    client = TestClient(Starlette(routes=routes.routes()))
    assert client.get("/lab/checkpoints/tiny/points/dims.bin?n=20").status_code == 200
    assert client.get("/checkpoints/tiny/points/dims.bin?n=20").status_code == 404


def test_damaged_codes_are_a_sentence(browser, tiny):
    (tiny.path / "latents.npz").write_bytes(b"not an archive")
    answer = browser.get(f"{MAP}/pca.bin")
    assert answer.status_code == 400
    assert "damaged" in answer.text
