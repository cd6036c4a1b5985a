"""What the fuzzer has found, each in its smallest form."""

import io
import json
import zipfile

import numpy as np
import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.fuzzing import checkpoint_targets, files
from tests.homes import settle_home
from tests.small_checkpoints import small_checkpoint
from vaelab.checkpoints import (
    CheckpointError,
    load_latents,
    load_model,
    read_checkpoint,
    unpack_checkpoint,
)
from vaelab.data import DataError, load_dataset
from vaelab.data import images as data_images
from vaelab.evaluation.report import Report
from vaelab.standalone.start import start_of
from vaelab.web.groups import Group
from vaelab.web.interpolate import live_panel as walks
from vaelab.web.map import live_map
from vaelab.web.opened import opened_from
from vaelab.web.reconstruct.pasting import pasted_file
from vaelab.web.server import routes
from vaelab.web.sliders import live_panel as sliders
from vaelab.web.sliders.steering import place_of

DEEP = json.loads("[" * 900 + "]" * 900)
HUGE = 10**400


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    folder = tmp_path_factory.mktemp("found")
    with pytest.MonkeyPatch.context() as patch:
        settle_home(patch, folder)
        small_checkpoint(folder / "checkpoints")
        yield folder


@pytest.fixture(scope="module")
def opened(root):
    return opened_from(read_checkpoint(root / "checkpoints" / "small"))


@pytest.fixture
def folder(root, tmp_path):
    found = tmp_path / "copy"
    found.mkdir()
    for path in (root / "checkpoints" / "small").iterdir():
        (found / path.name).write_bytes(path.read_bytes())
    return found


def test_an_archive_with_an_empty_name(tmp_path):
    path = tmp_path / "x.zip"
    path.write_bytes(files.zip_of({"": b"x", **files.image_folder()}))
    with pytest.raises(DataError, match="empty names"):
        load_dataset(path)


def test_an_archive_with_a_name_that_is_no_text(tmp_path):
    data = bytearray(files.zip_of({"a/é.png": files.picture("L", "PNG")}))
    data[data.find("é".encode())] = 0x92  # before the file, not in the directory
    path = tmp_path / "x.zip"
    path.write_bytes(data)
    with pytest.raises(DataError, match="damaged"):
        load_dataset(path)


@pytest.mark.parametrize("number", [0x110000, 0xFFFFFFFF, 0xD800])
def test_strings_of_numbers_that_are_no_characters(tmp_path, number):
    names = np.array([number, 97], "<u4").view("<U1")
    path = tmp_path / "x.npz"
    x = np.arange(24 * 64, dtype=np.uint8).reshape(24, 8, 8)
    path.write_bytes(files.npz_of(x=x, y=np.arange(24) % 2, class_names=names))
    with pytest.raises(DataError, match="no character"):
        load_dataset(path)


def test_a_picture_that_numbers_its_colours_and_has_none(monkeypatch):
    class Bare(Image.Image):
        def load(self):
            self.palette = None

    bare = Bare()
    bare._mode = "P"
    monkeypatch.setattr(data_images, "open_image", lambda *_, **__: bare)
    with pytest.raises(DataError, match="has none"):
        data_images.decode_image(b"")


def test_a_zip_whose_directory_points_before_its_begin(root, folder):
    members = {f"copy/{path.name}": path.read_bytes() for path in folder.iterdir()}
    data = bytearray(files.zip_of(members))
    at = data.find(b"PK\1\2")
    data[at + 42 : at + 46] = (0xFFFFFFFE).to_bytes(4, "little")
    path = root / "x.zip"
    path.write_bytes(data)
    with pytest.raises(CheckpointError):
        unpack_checkpoint(path, root / "unpacked")
    assert not list((root / "unpacked").iterdir())


@pytest.mark.parametrize(
    "content",
    [
        files.zip_of({"mean": b"no array at all"}),
        files.zip_of({"mean.npy": b"\x93NUMPY\1\0\x40\0" + b"{'descr': ('" + b" " * 52}),
        files.zip_of({"mean.npy": b"\x93NUMPY\1\0\x00\x20" + b"(" * 0x2000}),
    ],
)
def test_codes_that_are_no_arrays(folder, content):
    (folder / "latents.npz").write_bytes(content)
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_latents(read_checkpoint(folder))


@pytest.mark.parametrize(
    ("key", "value"),
    [("epoch", float("inf")), ("epoch", DEEP), ("created", "\ud800"), ("class_names", ["\udfff"])],
)
def test_settings_that_no_page_could_show(folder, key, value):
    config = json.loads((folder / "config.json").read_bytes())
    part = config["data"] if key in config["data"] else config
    part[key] = value
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="is damaged"):
        read_checkpoint(folder)


def test_codes_that_are_encrypted(folder):
    data = bytearray((folder / "latents.npz").read_bytes())
    data[data.find(b"PK\1\2") + 8] |= 1
    (folder / "latents.npz").write_bytes(data)
    with pytest.raises(CheckpointError, match="cannot be read"):
        load_latents(read_checkpoint(folder))


@pytest.mark.parametrize("key", ["width", "depth", "latent_dim", "n_classes"])
def test_settings_of_half_a_unit(folder, key):
    config = json.loads((folder / "config.json").read_bytes())
    config["model"][key] += 0.5
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="whole number"):
        read_checkpoint(folder)


def test_settings_with_a_whole_character_are_read(folder):
    config = json.loads((folder / "config.json").read_bytes())
    config["data"]["name"] = "a 💡"  # two halves, as json writes it
    (folder / "config.json").write_text(json.dumps(config))
    assert read_checkpoint(folder).data_name == "a 💡"


def test_a_folder_that_asks_for_more_weights_than_it_has(folder):
    config = json.loads((folder / "config.json").read_bytes())
    config["model"] |= {"width": 4096, "depth": 8, "network": "conv", "image_shape": [3, 128, 128]}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="do not fit"):
        load_model(read_checkpoint(folder))


@pytest.mark.parametrize("numbers", [3, None, {}, [[HUGE]], [[float("nan")]]])
def test_a_reports_table_of_no_numbers(numbers):
    report = checkpoint_targets.small_report()
    table = {"key": "t", "name": "T", "unit": "nats", "definition": "d", "rows": ["a"]}
    report["tables"] = [{**table, "columns": ["b"], "numbers": numbers}]
    with pytest.raises(ValueError, match="number"):
        Report.from_dict(report)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("decode", {"z": [[HUGE, 0, 0]], "y": None}),
        ("reencode", {"z": [[0, 0, 0]], "y": [[HUGE]]}),
        ("axes/latent", {"z": [[HUGE, 0, 0]]}),
        ("film", {"z": [[0, 0, 0]] * 2, "format": "gif", "rate": HUGE}),
        ("points/pca/place", {"z": [[HUGE, 0, 0]]}),
        ("reconstruct", {"x": "AA==", "y": HUGE}),
    ],
)
def test_a_body_with_a_number_larger_than_any_float(opened, path, body):
    client = TestClient(Starlette(routes=routes.routes()))
    answer = client.post(f"/checkpoints/small/{path}", content=json.dumps(body))
    assert answer.status_code == 400
    assert answer.text


@pytest.mark.parametrize(
    "message",
    [
        3,
        {},
        {"kind": DEEP},
        {"kind": "save", "name": "a", "split": "test", "n": float("inf"), "bits": ""},
        {"kind": "sliders", "taken": {"z": [], "label": 1, "source": "", "row": float("inf")}},
        {"kind": "frame", "taken": {"z": [HUGE], "label": 1, "source": "", "row": None}},
    ],
)
def test_a_message_of_the_map_that_makes_no_sense(opened, message):
    assert live_map.answered(opened, message, None)["isError"]


def test_a_group_has_a_name_that_can_be_shown():
    with pytest.raises(ValueError, match="printable"):
        Group("a\ud800", 1, (0.0,), {})


@pytest.mark.parametrize(
    "said",
    [
        3,
        {"z": 3},
        {"z": [0, 0, 0]},
        {"z": [float("nan"), 0, 0], "label": 1, "other": None, "blend": 0},
        {"z": [HUGE, 0, 0], "label": 1, "other": None, "blend": 0},
        {"z": [0, 0, 0], "label": "", "other": None, "blend": 0},
    ],
)
def test_a_place_that_makes_no_sense_is_left_alone(opened, monkeypatch, said):
    monkeypatch.setattr(sliders, "note_address", lambda _opened: None)
    before = list(place_of(opened).z)
    sliders.take_over(opened, said)
    assert place_of(opened).z == before


@pytest.mark.parametrize("label", [float("inf"), DEEP, "x"])
def test_a_key_frame_that_makes_no_sense_is_none(opened, label):
    assert walks.frame_from(opened, {"z": [0, 0, 0], "label": label, "row": None}) is None
    assert walks.frame_from(opened, {"z": [HUGE], "label": 1, "row": float("inf")}) is None


def test_a_pasted_file_that_is_not_even_ascii_is_none():
    assert pasted_file({"name": "a.png", "content": "é"}) is None


@pytest.mark.parametrize("view", [3, None, [], {"class": DEEP}, {"z": [HUGE, 0, 0]}])
def test_a_view_that_makes_no_sense(opened, view):
    with pytest.raises(ValueError, match="must be"):
        start_of(opened.checkpoint, opened.model, opened.latents, view)


def test_a_sound_zip_is_still_unpacked(root, folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"sound/{path.name}")
    (root / "sound.zip").write_bytes(buffer.getvalue())
    assert unpack_checkpoint(root / "sound.zip", root / "unpacked").id == "sound"
