"""Parsers of checkpoints: a folder's files, a report, and a zip that comes from anybody."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from random import Random

from tests.fuzzing.campaign import Target, names_below
from tests.fuzzing.data_targets import damaged_member, members_of
from tests.fuzzing.files import zip_of
from tests.fuzzing.mutate import mutated
from tests.fuzzing.trees import mutated_json, mutated_tree
from tests.small_checkpoints import small_checkpoint
from vaelab.checkpoints import (
    CheckpointError,
    DamagedCheckpoint,
    list_checkpoints,
    load_latents,
    load_mixture,
    load_model,
    load_splits,
    read_checkpoint,
)
from vaelab.evaluation.report import Report
from vaelab.web.share.import_panel import import_upload

CONFIG, WEIGHTS = "config.json", "weights" + ".safetensors"
BUNDLED = Path(__file__).resolve().parents[2] / "checkpoints" / "digits-cvae"


def small_files(sandbox: Path) -> dict[str, bytes]:
    """The files of a small checkpoint, with a bundled model's report of few values."""
    folder = small_checkpoint(sandbox / "input", "small").path
    found = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    shutil.rmtree(sandbox / "input" / "small")
    return {**found, "report.json": json.dumps(small_report()).encode()}


def small_report() -> dict[str, object]:
    """A report with one of every part; long lists are cut, as they are parsed alike."""
    report: dict[str, object] = json.loads((BUNDLED / "report.json").read_bytes())
    for key, value in report.items():
        if isinstance(value, list):
            report[key] = value[:3]
    return report


def damaged(rng: Random, name: str, content: bytes) -> bytes:
    """A file of a checkpoint, damaged as its kind suggests."""
    if name.endswith(".json"):
        return mutated_json(rng, json.loads(content))
    if name.endswith(".npz") and rng.random() < 0.6:
        return damaged_member(rng, members_of(content))
    if name == WEIGHTS and rng.random() < 0.6:
        return _with_header(rng, content)
    return mutated(rng, [content])


def _with_header(rng: Random, content: bytes) -> bytes:
    """safetensors whose header of JSON is damaged, and its length right."""
    size = int.from_bytes(content[:8], "little")
    header = mutated_json(rng, json.loads(content[8 : 8 + size]))
    return len(header).to_bytes(8, "little") + header + content[8 + size :]


def damaged_folder(rng: Random, files: dict[str, bytes]) -> dict[str, bytes]:
    """The files with one or two damaged; weights with the hash that the settings ask for."""
    found = dict(files)
    for name in rng.sample(sorted(found), rng.choice((1, 1, 2))):
        if rng.random() < 0.05:
            del found[name]
        else:
            found[name] = damaged(rng, name, found[name])
    if WEIGHTS in found and found[WEIGHTS] != files[WEIGHTS] and CONFIG in found:
        digest = hashlib.sha256(found[WEIGHTS]).hexdigest()
        old = hashlib.sha256(files[WEIGHTS]).hexdigest()
        found[CONFIG] = found[CONFIG].replace(old.encode(), digest.encode())
    return found


def read_all(folder: Path) -> None:
    """Everything that pages read of a checkpoint."""
    checkpoint = read_checkpoint(folder)
    load_model(checkpoint)
    load_latents(checkpoint)
    load_mixture(checkpoint)
    load_splits(checkpoint)
    shown = (checkpoint.class_names, checkpoint.data_name, checkpoint.created, checkpoint.history)
    json.dumps(shown, ensure_ascii=False).encode()  # half a character would break every page


def checkpoint_folder(sandbox: Path) -> Target:
    """A folder among the checkpoints, as listed and as opened."""
    files = small_files(sandbox)
    root = sandbox / "checkpoints"

    def read(found: dict[str, bytes]) -> str | None:
        folder = root / "damaged"
        folder.mkdir()
        try:
            for name, content in found.items():
                (folder / name).write_bytes(content)
            (listed,) = list_checkpoints(root)
            if isinstance(listed, DamagedCheckpoint) and not listed.reason:
                return "damaged, but nobody says why"
            read_all(folder)
        finally:
            shutil.rmtree(folder)
        return None

    def strays() -> set[str]:
        return names_below(sandbox, ("input", "home"))

    return Target(lambda rng: damaged_folder(rng, files), read, (CheckpointError,), strays)


def checkpoint_zip(sandbox: Path) -> Target:
    """A zip that is uploaded as a checkpoint, under its own name or another."""
    files = small_files(sandbox)
    root = sandbox / "checkpoints"
    seed = zip_of({f"small/{name}": content for name, content in files.items()})
    names = ("", "", "mine", "../outside", "a/b", ".hidden", "x" * 200, "con\0", "small")

    def make(rng: Random) -> tuple[str, bytes, str]:
        name, kind = rng.choice(names), rng.random()
        if kind < 0.4:
            return "small.zip", mutated(rng, [seed]), name
        if kind < 0.6:
            return "../../x.zip", damaged_member(rng, members_of(seed)), name
        found = damaged_folder(rng, files)
        return "é.zip", zip_of({f"small/{k}": content for k, content in found.items()}), name

    def read(made: tuple[str, bytes, str]) -> str | None:
        file_name, data, name = made
        imported = import_upload(file_name, data, name)
        try:
            if imported.path.parent != root.resolve():
                return f"it lies in {imported.path}"
            read_all(imported.path)
        finally:
            shutil.rmtree(imported.path)
        return None

    def strays() -> set[str]:
        return names_below(sandbox, ("input", "home"))

    return Target(make, read, (ValueError,), strays)


def report(_sandbox: Path) -> Target:
    """A report's JSON, once it is parsed."""
    seed = small_report()

    def read(tree: object) -> None:
        Report.from_dict(tree).to_dict()  # type: ignore[arg-type]

    return Target(lambda rng: mutated_tree(rng, seed), read, (ValueError, RecursionError))


PARSERS = {
    "checkpoint folder": checkpoint_folder,
    "checkpoint zip": checkpoint_zip,
    "report": report,
}
