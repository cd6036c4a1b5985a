import numpy as np
import pytest

from tests.web.server.reading import read_columns
from vaelab.checkpoints import load_latents
from vaelab.runs.map_apart import DrawnMap
from vaelab.web.map import projections, slow_maps

MAP = "/checkpoints/tiny/points"
SOME = "split=test&n=60"


def restart():
    """What is in memory is lost; what is on disk stays."""
    projections._store().clear()


def test_a_slow_map_is_made_in_the_background_and_survives_a_restart(
    browser, tiny, patiently, monkeypatch
):
    first = browser.get(f"{MAP}/tsne.bin?{SOME}")
    assert first.status_code == 202
    assert first.headers["cache-control"] == "no-store"
    said = first.json()
    assert said["state"] == "running"
    assert said["seconds"] > 0
    made = patiently(f"{MAP}/tsne.bin?{SOME}").content
    columns = read_columns(made)
    assert columns.header["n"] == 60
    assert columns.header["inverse"] == {"kind": "neighbours"}
    assert columns.header["projection"]["explainedVariance"] is None
    assert columns.header["projection"]["title"].startswith("t-SNE: perplexity")
    assert np.isfinite(columns.arrays["x"]).all()

    restart()
    monkeypatch.setattr(slow_maps, "draw_apart", None)  # nothing is drawn again
    assert browser.get(f"{MAP}/tsne.bin?{SOME}").content == made
    codes = np.frombuffer(browser.get(f"{MAP}/tsne/codes.bin?{SOME}").content, "<f4")
    z = codes.reshape(60, 2)[[7, 20]].tolist()
    placed = browser.post(f"{MAP}/tsne/place?{SOME}", json={"z": z}).json()["points"]
    expected = [[columns.arrays[axis][i] for axis in "xy"] for i in (7, 20)]
    np.testing.assert_allclose(placed, expected, rtol=1e-5)
    assert browser.get(f"{MAP}/tsne/7.json?{SOME}").json()["values"]["trust"] <= 1


def test_every_address_of_a_map_that_is_being_made_says_so(browser, tiny, monkeypatch):
    def never(*arguments):
        arguments[-1].wait(60)
        raise RuntimeError("stopped")

    monkeypatch.setattr(slow_maps, "draw_apart", never)
    for path in ("umap.bin", "umap/codes.bin", "umap/0.json", "umap/quality.json"):
        assert browser.get(f"{MAP}/{path}?{SOME}").status_code == 202
    assert browser.post(f"{MAP}/umap/place?{SOME}", json={"z": [[0, 0]]}).status_code == 202
    waiting = browser.get(f"{MAP}/tsne.bin?{SOME}").json()  # one at a time
    assert "Waiting" in waiting["message"]
    assert browser.get(f"{MAP}/pca.bin?{SOME}").status_code == 200


def test_a_failure_is_said_once_and_then_tried_again(browser, tiny, monkeypatch):
    def fail(*_):
        raise ValueError("There is no UMAP today.")

    monkeypatch.setattr(slow_maps, "draw_apart", fail)
    answer = browser.get(f"{MAP}/umap.bin?{SOME}")
    assert (answer.status_code, answer.text) == (400, "There is no UMAP today.")

    def succeed(method, codes, *_):
        return DrawnMap("UMAP: 3 neighbours", np.zeros((len(codes), 2), np.float32))

    monkeypatch.setattr(slow_maps, "draw_apart", succeed)
    assert browser.get(f"{MAP}/umap.bin?{SOME}").status_code == 200


def test_a_disk_that_refuses_costs_only_the_restart(browser, tiny, monkeypatch, caplog):
    def full(*_):
        raise OSError("no space left on the device")

    def draw(method, codes, *_):
        return DrawnMap("UMAP: 3 neighbours", np.zeros((len(codes), 2), np.float32))

    monkeypatch.setattr(slow_maps, "draw_apart", draw)
    monkeypatch.setattr(slow_maps, "keep_arrays", full)
    assert browser.get(f"{MAP}/umap.bin?split=test&n=61").status_code == 200
    assert "no space left" in caplog.text


@pytest.mark.parametrize("damage", ["points", "rows"])
def test_a_damaged_map_on_disk_is_drawn_again(browser, tiny, monkeypatch, damage):
    drawn = []

    def draw(method, codes, *_):
        drawn.append(method)
        return DrawnMap("UMAP: 3 neighbours", np.zeros((len(codes), 2), np.float32))

    monkeypatch.setattr(slow_maps, "draw_apart", draw)
    assert browser.get(f"{MAP}/umap.bin?{SOME}").status_code == 200
    n_codes = len(load_latents(tiny))
    arrays = slow_maps.kept_arrays(tiny, f"umap-test-60-of-{n_codes}")
    arrays[damage] = arrays[damage][:-1]
    slow_maps.keep_arrays(tiny, f"umap-test-60-of-{n_codes}", arrays)
    restart()
    assert browser.get(f"{MAP}/umap.bin?{SOME}").status_code == 200
    assert drawn == ["umap", "umap"]
