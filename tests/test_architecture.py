"""The house's rules: who may import whom, and what is done in one room only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

CORE = {"settings", "nearest", "data", "models", "objectives", "pictures"}
# Each room and the rooms it may import; whoever is not named here may import nothing.
MAY_IMPORT: dict[str, set[str]] = {
    "settings": set(),
    "nearest": set(),
    "pictures": set(),
    "data": {"settings", "nearest"},
    "models": {"nearest"},
    "objectives": {"models"},
    "training": {"nearest", "data", "models", "objectives"},
    "latent": {"data", "models", "objectives"},
    "evaluation": {"data", "models", "objectives", "latent"},
    "checkpoints": {"settings", "data", "models", "latent", "evaluation"},
    "runs": {*CORE, "training", "latent", "evaluation", "checkpoints", "export"},
    "export": {"models", "checkpoints"},
    "generate": {"models", "latent", "checkpoints", "pictures"},
    "standalone": {"settings", "models", "latent", "evaluation", "checkpoints"},
    "api": {*CORE, "training", "latent", "evaluation", "checkpoints", "runs", "export", "commands"},
    "commands": {
        *CORE,
        *("training", "latent", "evaluation", "checkpoints", "runs", "export", "api", "cli"),
        *("standalone", "generate"),
    },
    "cli": {"nearest", "commands", "checkpoints", "data", "runs"},
    "__main__": {"cli"},
    "__init__": {"api", "checkpoints", "data", "models", "training", "web", "latent", "runs"},
    "web": {
        *CORE,
        *("training", "latent", "evaluation", "checkpoints", "runs", "export"),
        *("standalone", "generate"),
    },
}
# What only some places may import.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "streamlit": ("app.py", "pages/", "vaelab/web/"),
    "starlette": ("app.py", "pages/", "vaelab/web/"),
    "plotly": ("app.py", "pages/", "vaelab/web/"),
    "sqlalchemy": ("vaelab/runs/",),
    "subprocess": ("vaelab/runs/",),
    "multiprocessing": ("vaelab/runs/",),
    "ray": ("vaelab/runs/launchers/",),
    "safetensors": ("vaelab/checkpoints/",),
    "pickle": (),
    "joblib": (),
    "shelve": (),
    "marshal": (),
}
PURE = ("vaelab/models/", "vaelab/objectives.py", "vaelab/training/")  # no disk, no process
IMPURE = {"os", "pathlib", "io", "shutil", "tempfile", "socket", "signal"}

SOURCES = [
    "app.py",
    *sorted(
        path.relative_to(PROJECT).as_posix()
        for folder in ("vaelab", "pages")
        for path in (PROJECT / folder).rglob("*.py")
    ),
]


def parse(source: str) -> ast.Module:
    return ast.parse((PROJECT / source).read_text())


def imported(source: str) -> Iterator[str]:
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}:{node.lineno}: imports are absolute"
            module = node.module or ""
            yield from (f"{module}.{a.name}" if module == "vaelab" else module for a in node.names)


def room_of(source: str) -> str:
    return Path(source).parts[1].removesuffix(".py")


@pytest.mark.parametrize("source", [s for s in SOURCES if s.startswith("vaelab/")])
def test_imports_go_one_way(source: str) -> None:
    room = room_of(source)
    allowed = MAY_IMPORT[room] | {room}
    used = {name.split(".")[1] for name in imported(source) if name.startswith("vaelab.")}
    assert used <= allowed, f"{source} imports {sorted(used - allowed)}"


def test_the_rooms_form_no_circle() -> None:
    def reaches(room: str, seen: tuple[str, ...] = ()) -> None:
        assert room not in seen, " -> ".join((*seen, room))
        # the command line calls the notebook's functions, which print as the command line does
        for other in MAY_IMPORT[room] - {"commands", "cli", "api"}:
            reaches(other, (*seen, room))

    for room in MAY_IMPORT:
        reaches(room)


@pytest.mark.parametrize("source", [s for s in SOURCES if not s.startswith("vaelab/")])
def test_pages_know_the_web_room_alone(source: str) -> None:
    used = {name.split(".")[1] for name in imported(source) if name.startswith("vaelab.")}
    assert used <= {"web", "settings"}, used


@pytest.mark.parametrize("source", SOURCES)
def test_some_packages_have_one_room(source: str) -> None:
    for name in imported(source):
        places = ONLY_IN.get(name.split(".")[0])
        assert places is None or source.startswith(places), f"{source} imports {name}"


@pytest.mark.parametrize("source", [s for s in SOURCES if s.startswith(PURE)])
def test_the_core_touches_no_disk_and_no_process(source: str) -> None:
    assert not {name.split(".")[0] for name in imported(source)} & IMPURE


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_is_unpickled_and_no_error_swallowed(source: str) -> None:
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            call = ast.unparse(node.func)
            keywords = {k.arg: ast.unparse(k.value) for k in node.keywords}
            if call in ("np.load", "numpy.load"):
                assert keywords.get("allow_pickle") == "False", f"{source}:{node.lineno}"
            if call == "torch.load":
                assert keywords.get("weights_only") == "True", f"{source}:{node.lineno}"
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"{source}:{node.lineno} catches everything"
            broad = ast.unparse(node.type) in ("Exception", "BaseException")
            assert not broad or isinstance(node.body[-1], ast.Raise), f"{source}:{node.lineno}"


def test_only_checkpoints_knows_the_files_of_a_checkpoint() -> None:
    names = ("weights.safetensors", "latents.npz", "history.json", "splits.npz")
    for source in SOURCES:
        if not source.startswith("vaelab/checkpoints/"):
            for node in ast.walk(parse(source)):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    assert node.value not in names, f"{source}:{node.lineno}"


def test_rooms_have_names_that_say_something() -> None:
    stems = {Path(source).stem for source in SOURCES}
    assert not stems & {"utils", "util", "helpers", "helper", "common", "misc", "base"}
