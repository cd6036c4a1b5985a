"""Maps of far more codes than a run stores, and of unusual models."""

import json

import numpy as np
import pytest

from tests.web.server.reading import read_columns
from vaelab.checkpoints import load_latents, read_checkpoint, save_checkpoint
from vaelab.data import load_dataset
from vaelab.latent import Latents
from vaelab.latent.mixture import CodeMixture
from vaelab.models import ModelConfig, build_model

N = 200_000
PNG = b"\x89PNG\r\n\x1a\n not looked into"


def synthetic(n, k, n_classes):
    rng = np.random.default_rng(0)
    return Latents(
        rng.normal(size=(n, k)).astype(np.float32),
        rng.normal(-2, 0.3, size=(n, k)).astype(np.float32),
        rng.integers(0, n_classes, n),
        (np.arange(n) >= 0.9 * n).astype(np.uint8) * 2,
        np.arange(n),
    )


def save(root, name, latents, class_names=("a", "b"), **settings):
    """A checkpoint of an untrained model whose codes are made up."""
    splits = load_dataset("digits")
    model = build_model(ModelConfig(latent_dim=latents.latent_dim, width=16, **settings), 0)
    mixture = None
    if model.config.is_autoencoder:
        mixture = CodeMixture.fit(latents.mean[:100], n_components=2)
    save_checkpoint(
        root / "checkpoints",
        name,
        model=model,
        train_config={"epochs": 1},
        splits=splits,
        latents=latents,
        history=[],
        preview_png=PNG,
        mixture=mixture,
    )
    folder = root / "checkpoints" / name
    config = json.loads((folder / "config.json").read_text())
    config["data"]["class_names"] = list(class_names)
    (folder / "config.json").write_text(json.dumps(config))
    return read_checkpoint(folder)


@pytest.fixture
def large(own_home):
    return save(own_home, "large", synthetic(N, 16, 2))


def test_two_hundred_thousand_codes_are_a_map(browser, large):
    latents = load_latents(large)
    address = "/checkpoints/large/points/pca.bin?n=1000000&value=rate&quality=later"
    columns = read_columns(browser.get(address).content)
    assert columns.header["n"] == columns.header["available"] == N
    np.testing.assert_array_equal(columns.arrays["class"], latents.labels)
    point = browser.get(f"/checkpoints/large/points/pca/{N - 1}.json?n=1000000").json()
    assert (point["row"], point["split"], point["index"]) == (N - 1, "test", N - 1)
    assert len(point["neighbours"]) == 8
    assert point["values"]["trust"] <= 1
    assert point["image"] is None  # the digits are fewer: none of them belongs to this code
    quality = browser.get("/checkpoints/large/points/pca/quality.json?n=1000000").json()
    assert quality["n"] == 5000


def test_what_does_not_suit_so_many_is_refused(browser, large):
    codes = browser.get("/checkpoints/large/points/pca/codes.bin?n=20001")
    assert codes.status_code == 400
    assert "20,000" in codes.text
    for name in ("tsne", "umap"):
        answer = browser.get(f"/checkpoints/large/points/{name}.bin?n=20001")
        assert answer.status_code == 400
        assert "at most 20,000 codes, got 20,001" in answer.text
    assert browser.get("/checkpoints/large/points/pca/codes.bin?n=20000").status_code == 200


def test_thumbnails_are_of_a_bounded_number(browser, large):
    answer = browser.get("/checkpoints/large/thumbnails.webp?n=9000")
    tiles = json.loads(answer.headers["x-vaelab-tiles"])
    assert (tiles["step"], tiles["count"]) == (3, 3000)


def test_many_classes_need_two_bytes(browser, own_home):
    latents = synthetic(400, 2, 300)
    save(own_home, "many", latents, [f"class {i}" for i in range(300)])
    columns = read_columns(browser.get("/checkpoints/many/points/pca.bin").content)
    assert columns.header["columns"][2] == {"name": "class", "type": "uint16"}
    np.testing.assert_array_equal(columns.arrays["class"], latents.labels)


def test_codes_without_labels_have_no_class(browser, own_home):
    some = synthetic(50, 3, 2)
    save(own_home, "bare", Latents(some.mean, some.log_var, None, some.split, some.index), ())
    columns = read_columns(browser.get("/checkpoints/bare/points/pca.bin").content)
    assert (columns.arrays["class"] == 255).all()
    assert columns.header["classes"] == []
    assert columns.header["quality"]["neighbourHit"] is None
    point = browser.get("/checkpoints/bare/points/pca/0.json").json()
    assert point["label"] is point["className"] is None


def test_an_autoencoder_has_a_distortion_and_says_why_no_rate(browser, own_home, patiently):
    some = synthetic(300, 3, 2)
    codes = Latents(some.mean, None, some.labels, some.split, np.arange(300) % 100)
    save(own_home, "plain", codes, family="autoencoder")
    columns = read_columns(patiently("/checkpoints/plain/points/pca.bin?value=rate").content)
    assert columns.header["value"] is None
    assert "no prior" in columns.header["valueNote"]
    columns = read_columns(patiently("/checkpoints/plain/points/pca.bin?value=distortion").content)
    assert columns.header["value"]["title"] == "Distortion of the code"
    values = browser.get("/checkpoints/plain/points/pca/0.json").json()["values"]
    assert values["rate"] is values["log_p"] is None
    assert np.isfinite(values["distortion"])


@pytest.mark.parametrize("n", [1, 2, 3])
@pytest.mark.parametrize("k", [1, 2])
def test_the_smallest_maps_are_no_error(browser, own_home, n, k, patiently):
    save(own_home, "small", synthetic(n, k, 2))
    for query in ("", "value=rate", "value=trust"):
        columns = read_columns(patiently(f"/checkpoints/small/points/pca.bin?{query}").content)
        assert columns.header["n"] == n
        assert (columns.header["quality"] is None) == (n < 3)
    point = browser.get("/checkpoints/small/points/dims/0.json").json()
    assert len(point["neighbours"]) == n - 1
    answer = browser.get("/checkpoints/small/points/tsne.bin")
    assert answer.status_code == 400
    assert "needs 5 or more codes" in answer.text
