"""DataSpec: a round trip through JSON, and every value checked."""

from __future__ import annotations

import json

import pytest

from vaelab.data import DataError, DataSpec


def test_round_trip_through_json() -> None:
    spec = DataSpec("/data/cats", 64, "rgb", 0.2, 0.3, 7)
    assert DataSpec.from_dict(json.loads(json.dumps(spec.to_dict()))) == spec


def test_defaults_fill_what_is_missing() -> None:
    assert DataSpec.from_dict({"source": "digits"}) == DataSpec("digits")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"source": "digits", "size": 3}, "no field size"),
        ({"seed": 3}, "needs the field source"),
        ({"source": " "}, "source must be"),
        ({"source": 3}, "source must be"),
        ({"source": "digits", "image_size": 7}, r"image_size must be .* 8\.\.128 .* got 7"),
        ({"source": "digits", "image_size": 129}, "got 129"),
        ({"source": "digits", "image_size": 32.0}, "got 32.0"),
        ({"source": "digits", "image_size": True}, "got True"),
        ({"source": "digits", "colour": "gray"}, "one of auto, grey, rgb, got 'gray'"),
        ({"source": "digits", "validation_fraction": 0}, "validation_fraction must be"),
        ({"source": "digits", "test_fraction": 0.6}, "test_fraction must be"),
        ({"source": "digits", "test_fraction": "a"}, "test_fraction must be"),
        ({"source": "digits", "seed": -1}, "seed must be"),
    ],
)
def test_refuses(values: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        DataSpec.from_dict(values)
