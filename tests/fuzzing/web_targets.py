"""What a browser says: bodies and queries of the routes, addresses, messages of components."""

from __future__ import annotations

import base64
import string
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote

import numpy as np
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.fuzzing.campaign import Target, names_below
from tests.fuzzing.mutate import mutated
from tests.fuzzing.trees import mutated_json, mutated_tree, odd_value
from tests.small_checkpoints import small_checkpoint
from vaelab.standalone.start import start_of
from vaelab.web.interpolate import live_panel as walks
from vaelab.web.map import live_map
from vaelab.web.map.columns import COLUMNS
from vaelab.web.opened import Opened, opened_from
from vaelab.web.reconstruct import draw_panel, mask_painter, pasting
from vaelab.web.server.routes import routes
from vaelab.web.sliders import live_panel as sliders
from vaelab.web.sliders.address_place import read_place
from vaelab.web.sliders.axis_modes import MODES

K, CLASSES, ROWS = 3, 10, 359
Z = [[0.5, -1.0, 2.0], [0.1, 0.2, 0.3]]
Y = np.eye(CLASSES)[:2].tolist()
X = base64.b64encode(bytes(64)).decode()
BODIES: dict[str, Any] = {
    "decode": {"z": Z, "y": Y},
    "reencode": {"z": Z, "y": Y},
    "reconstruct": {"x": X, "y": Y},
    "points/pca/place": {"z": Z},
    "film": {"z": Z, "y": Y, "format": "gif", "rate": 20, "back": True},
}
QUERY = {"split": "test", "n": "100", "dims": "0,1", "columns": "x,y,class", "quality": "later"}
GETS = ("points/pca.bin", "points/dims.bin", "points/pca/codes.bin", "points/pca/quality.json")
TAKEN = {"z": Z[0], "label": 3, "source": "a place", "row": None}
BITS = base64.b64encode(bytes([255] * 13)).decode()


class RefusedError(Exception):
    """The server's answer where it is a refusal: 4xx and a sentence."""


def posted_body(sandbox: Path) -> Target:
    """Bodies of everything that is posted."""
    client = _client(sandbox)

    def make(rng: Random) -> tuple[str, bytes]:
        kind = rng.random()
        path = rng.choice(sorted(BODIES))
        if path == "film" and kind < 0.8:  # a film takes a hundred times as long
            path = "decode"
        body = mutated_json(rng, BODIES[path])
        if path == "reencode" and kind < 0.5:
            one = {"z": Z[:1], "y": Y[:1]}
            path, body = f"axes/{rng.choice((*MODES, 'none'))}", mutated_json(rng, one)
        return path, body

    def read(made: tuple[str, bytes]) -> str | None:
        path, body = made
        return _judged(client.post(f"/checkpoints/small/{path}", content=body))

    return Target(make, read, (RefusedError,), lambda: names_below(sandbox, ("home",)))


def address_of_a_file(sandbox: Path) -> Target:
    """Paths and queries of everything that is fetched."""
    client = _client(sandbox)

    def make(rng: Random) -> str:
        path = rng.choice((*GETS, "points/pca/7.json", "thumbnails.webp", "preview.png"))
        query = {**QUERY, "columns": ",".join(rng.sample(COLUMNS, 2))}
        for _ in range(rng.choice((0, 1, 1, 2))):
            name = rng.choice(sorted(query))
            query[name] = _text(rng, query[name])
        if rng.random() < 0.3:
            path = _text(rng, path)
        model = "small" if rng.random() < 0.9 else _text(rng, "small/../small")
        parameters = "&".join(f"{name}={quote(value, '')}" for name, value in query.items())
        return f"/checkpoints/{quote(model)}/{quote(path)}?{parameters}"

    def read(made: str) -> str | None:
        return _judged(client.get(made))

    return Target(make, read, (RefusedError,), lambda: names_below(sandbox, ("home",)))


def page_address(sandbox: Path) -> Target:
    """The place in latent space that `?z=…&class=…` names."""
    opened = _opened(sandbox)
    seed = {"z": "0.5,-1,2", "class": "3", "blend": "5,0.25", "axes": "principal"}

    def make(rng: Random) -> dict[str, str]:
        asked = {name: seed[name] for name in seed if rng.random() < 0.7}
        return {name: _text(rng, value) for name, value in asked.items()}

    def read(asked: dict[str, str]) -> str | None:
        place = read_place(opened, asked)
        return None if np.isfinite([*place.z, place.blend]).all() else f"{place}"

    return Target(make, read, (ValueError,))


def map_message(sandbox: Path) -> Target:
    """What the map in the browser asks of the page."""
    opened = _opened(sandbox)
    seeds: list[dict[str, Any]] = [
        {"kind": "sliders", "taken": TAKEN},
        {"kind": "frame", "taken": {**TAKEN, "row": 7}},
        {"kind": "direction", "from": "a", "to": "b"},
        {"kind": "save", "name": "a", "split": "test", "n": 100, "bits": BITS},
        {"kind": "delete", "name": "a"},
    ]

    def read(message: Any) -> None:
        said = live_map.answered(opened, message, None)
        if said["isError"]:
            raise RefusedError(said["text"])

    return Target(lambda rng: _tree(rng, rng.choice(seeds)), read, (RefusedError,))


def component_state(sandbox: Path) -> Target:
    """What sliders, canvas and key frames report; nothing is refused, what does not fit is left."""
    opened = _opened(sandbox)
    frame = {"row": None, "label": 3, "z": Z[0], "source": "a place"}
    place = {"z": Z[0], "label": 3, "other": 5, "blend": 0.25, "mode": "principal"}
    edit = {"frames": [frame, {**frame, "row": 4}], "sequence": 3}
    seeds: list[tuple[Callable[[Any], object], Any]] = [
        (partial(sliders.take_over, opened), place),
        (partial(walks.frame_from, opened), frame),
        (partial(walks.take_edit, opened), edit),
        (partial(draw_panel.keep, opened, "drawn"), X),
        (pasting.pasted_file, {"name": "a.png", "content": X}),
        (partial(mask_painter.visible_of, size=(8, 8)), X),
    ]

    def make(rng: Random) -> tuple[int, Any]:
        which = rng.randrange(len(seeds))
        return which, _tree(rng, seeds[which][1])

    def read(made: tuple[int, Any]) -> None:
        which, said = made
        seeds[which][0](said)

    return Target(make, read, ())


def view(sandbox: Path) -> Target:
    """The view that a standalone file begins with."""
    opened = _opened(sandbox)
    checkpoint, model, latents = opened.checkpoint, opened.model, opened.latents
    codes = [{"z": z, "class": "3"} for z in Z]
    seed = {"z": Z[0], "class": "3", "blend": {"with": "5", "share": 0.5}, "frames": codes}

    def read(asked: Any) -> None:
        start_of(checkpoint, model, latents, asked)

    return Target(lambda rng: _tree(rng, seed), read, (ValueError,))


def _client(sandbox: Path) -> TestClient:
    small_checkpoint(sandbox / "checkpoints", "small")
    return TestClient(Starlette(routes=routes()), follow_redirects=False)


def _opened(sandbox: Path) -> Opened:
    if (sandbox / "checkpoints" / "small").exists():
        from vaelab.checkpoints import read_checkpoint

        return opened_from(read_checkpoint(sandbox / "checkpoints" / "small"))
    return opened_from(small_checkpoint(sandbox / "checkpoints", "small"))


def _judged(answer: Any) -> str | None:
    """A refusal is raised; anything that is neither success nor refusal is said."""
    if 400 <= answer.status_code < 500:
        raise RefusedError(answer.text)
    good = answer.status_code in (200, 202)
    return None if good else f"status {answer.status_code}: {answer.text[:200]}"


def _tree(rng: Random, seed: Any) -> Any:
    return odd_value(rng) if rng.random() < 0.05 else mutated_tree(rng, seed)


def _text(rng: Random, text: str) -> str:
    """A text changed in a few characters, or another one."""
    if rng.random() < 0.5:
        numbers = ("nan", "inf", "-1e400", "1e400", "1_0", "٣", "0x1", "9" * 5000, "-0", " 1 ", "")
        parts = text.split(",")
        parts[rng.randrange(len(parts))] = rng.choice(numbers)
        return ",".join(parts)
    if rng.random() < 0.2:
        return "".join(rng.choices(string.printable + "é\0💡", k=rng.choice((1, 9, 300))))
    return mutated(rng, [text.encode()]).decode("utf-8", "replace")[:10_000]


PARSERS = {
    "posted body": posted_body,
    "address of a file": address_of_a_file,
    "page's address": page_address,
    "map message": map_message,
    "component state": component_state,
    "view": view,
}
