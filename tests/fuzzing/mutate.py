"""Damage done to valid files: to bytes, to fields of formats, to chunks whose sums are mended."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Sequence
from random import Random

# What parsers stumble over: limits of widths, signs, nothing, one more than there is.
ODD_NUMBERS = (0, 1, 2, 7, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x10000)
HUGE_NUMBERS = (0x7FFFFFFF, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF)
# Where a signature of a format stands, these fields follow: (offset, bytes).
FIELDS: dict[bytes, tuple[tuple[int, int], ...]] = {
    b"PK\x01\x02": (
        *((4, 2), (6, 2), (8, 2), (10, 2), (16, 4), (20, 4), (24, 4)),
        *((28, 2), (30, 2), (32, 2), (34, 2), (38, 4), (42, 4)),
    ),
    b"PK\x03\x04": ((4, 2), (6, 2), (8, 2), (14, 4), (18, 4), (22, 4), (26, 2), (28, 2)),
    b"PK\x05\x06": ((4, 2), (6, 2), (8, 2), (10, 2), (12, 4), (16, 4), (20, 2)),
    b"\x93NUMPY": ((6, 1), (7, 1), (8, 2)),
    b"IHDR": ((4, 4), (8, 4), (12, 1), (13, 1), (14, 1), (16, 1)),
    b"VP8X": ((4, 4), (8, 1), (12, 2), (15, 2)),
    b"RIFF": ((4, 4),),
    b"II*\x00": ((4, 4),),
    b"MM\x00*": ((4, 4),),
    b"\xff\xc0": ((2, 2), (4, 1), (5, 2), (7, 2), (9, 1)),
    b"GIF8": ((6, 2), (8, 2), (10, 1)),
    b"BM": ((2, 4), (10, 4), (14, 4), (18, 4), (22, 4), (28, 2), (30, 4)),
    b"\x1f\x8b": ((2, 1), (3, 1)),
}
MOST_BYTES = 2**18  # what duplication may grow a file to


def mutated(rng: Random, seeds: Sequence[bytes]) -> bytes:
    """One of the files, damaged in one to eight ways; now and then bytes of no format at all."""
    if rng.random() < 0.03:
        return rng.randbytes(rng.choice((0, 1, 4, 64, 1000)))
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 1, 2, 3, 8))):
        _DAMAGE[rng.randrange(len(_DAMAGE))](rng, data, seeds)
    found = bytes(data[:MOST_BYTES])
    return _with_sums(found) if rng.random() < 0.5 else found


def _flip(rng: Random, data: bytearray, _: Sequence[bytes]) -> None:
    for _i in range(rng.choice((1, 1, 4, 16))):
        if data:
            data[_place(rng, data)] ^= 1 << rng.randrange(8)


def _number(rng: Random, data: bytearray, _: Sequence[bytes]) -> None:
    """An odd number somewhere, in either byte order."""
    _put(rng, data, _place(rng, data), rng.choice((1, 2, 4, 8)))


def _field(rng: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    """An odd number in a field of a format that stands there."""
    mark = rng.choice([mark for mark in FIELDS if mark in data] or [b""])
    if not mark:
        _number(rng, data, seeds)
        return
    starts, at = [], data.find(mark)
    while at >= 0 and len(starts) < 64:
        starts.append(at)
        at = data.find(mark, at + 1)
    offset, width = rng.choice(FIELDS[mark])
    _put(rng, data, rng.choice(starts) + offset, width)


def _cut(rng: Random, data: bytearray, _: Sequence[bytes]) -> None:
    del data[_place(rng, data) :]


def _remove(rng: Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = _place(rng, data)
    del data[at : at + rng.choice((1, 2, 4, 16, 256))]


def _repeat(rng: Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = _place(rng, data)
    piece = bytes(data[at : at + rng.choice((1, 4, 32, 512))])
    data[at:at] = piece * rng.choice((1, 2, 16, 200))


def _splice(rng: Random, data: bytearray, seeds: Sequence[bytes]) -> None:
    """The rest of another file."""
    other = rng.choice(seeds)
    data[_place(rng, data) :] = other[_place(rng, other) :]


def _noise(rng: Random, data: bytearray, _: Sequence[bytes]) -> None:
    at = _place(rng, data)
    data[at : at + rng.choice((0, 4, 64))] = rng.randbytes(rng.choice((1, 4, 64)))


_DAMAGE: tuple[Callable[[Random, bytearray, Sequence[bytes]], None], ...] = (
    _flip,
    _flip,
    _number,
    _field,
    _field,
    _cut,
    _remove,
    _repeat,
    _splice,
    _noise,
)


def _place(rng: Random, data: bytes | bytearray) -> int:
    """Somewhere, more often in the first bytes and the last, where headers and directories are."""
    if not data:
        return 0
    kind = rng.random()
    if kind < 0.4:
        return rng.randrange(min(len(data), 128))
    if kind < 0.6:
        return len(data) - 1 - rng.randrange(min(len(data), 128))
    return rng.randrange(len(data))


def _put(rng: Random, data: bytearray, at: int, width: int) -> None:
    number = rng.choice((*ODD_NUMBERS, *HUGE_NUMBERS, rng.getrandbits(32)))
    order = rng.choice(("little", "big"))
    data[at : at + width] = (number % 2 ** (8 * width)).to_bytes(width, order)


def _with_sums(data: bytes) -> bytes:
    """A PNG whose chunks have the check sums of what they hold now; anything else as it is."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return data
    parts, at = [data[:8]], 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        if at + 12 + length > len(data):
            break
        body = data[at + 4 : at + 8 + length]
        parts.append(struct.pack(">I", length) + body + struct.pack(">I", zlib.crc32(body)))
        at += 12 + length
    return b"".join(parts) + data[at:]
