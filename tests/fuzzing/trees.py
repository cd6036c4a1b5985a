"""Damage done to JSON: values of other kinds and sizes, repeated keys, nesting, and its bytes."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.fuzzing.mutate import mutated

_NESTING = (10, 200, 3_000)


def mutated_tree(rng: Random, tree: Any) -> Any:
    """A copy of a value of JSON with one to four of its parts changed."""
    copy = json.loads(json.dumps(tree))
    for _ in range(rng.choice((1, 1, 2, 4))):
        copy = _changed(rng, copy)
    return copy


def mutated_json(rng: Random, tree: Any) -> bytes:
    """The same as bytes; some of them damaged as bytes, or with a key given twice."""
    text = _dumped(mutated_tree(rng, tree))
    kind = rng.random()
    if kind < 0.2:
        return mutated(rng, [text, json.dumps(tree).encode()])
    if kind < 0.3 and text.startswith(b"{") and len(text) > 2:
        return text[:-1] + b", " + text[1:]  # every key a second time
    return text


def odd_value(rng: Random) -> Any:
    """What nobody expects where a number, a text or a list is due."""
    deep: Any = 1.0
    kind = rng.randrange(26)
    if kind == 0:
        for _ in range(rng.choice(_NESTING)):
            deep = [deep]
        return deep
    return (
        *(None, True, False, 0, 1, -1, 2, 2**31, 2**63, -(2**63), 10**400, 0.5, -0.0, 1e308),
        *(float("nan"), float("inf"), float("-inf"), "", "0", "é\ud800\0", "x" * 5_000),
        *([], {}, [[]], [1, [2]], {"z": []}),
    )[kind]


def _dumped(tree: Any) -> bytes:
    try:
        return json.dumps(tree).encode()
    except RecursionError:
        return b"[" * 100_000 + b"]" * 100_000


def _changed(rng: Random, tree: Any) -> Any:
    """The tree with one part replaced; a step down at every second chance."""
    if isinstance(tree, dict) and tree:
        key = rng.choice(sorted(tree))
        kind = rng.random()
        if kind < 0.08:
            del tree[key]
        elif kind < 0.14:
            tree[rng.choice(("é", "", "__class__", key + " "))] = odd_value(rng)
        elif kind < 0.5:
            tree[key] = odd_value(rng)
        else:
            tree[key] = _changed(rng, tree[key])
        return tree
    if isinstance(tree, list) and tree:
        at, kind = rng.randrange(len(tree)), rng.random()
        if kind < 0.1:
            del tree[at]
        elif kind < 0.2:
            tree[at:at] = [tree[at]] * rng.choice((1, 3, 100))
        elif kind < 0.5:
            tree[at] = odd_value(rng)
        else:
            tree[at] = _changed(rng, tree[at])
        return tree
    return _other(rng, tree)


def _other(rng: Random, value: Any) -> Any:
    """Another value, often of the same kind."""
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and abs(value) < 2**53 and rng.random() < 0.6:
        return rng.choice((value + 1, -value, value * 1000, value + 0.5, value / 3, 10**7))
    if isinstance(value, str) and rng.random() < 0.6:
        damaged = mutated(rng, [value.encode("utf-8", "replace")])
        return damaged.decode("utf-8", "replace")
    return odd_value(rng)
