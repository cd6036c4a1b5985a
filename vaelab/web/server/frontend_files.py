"""The files of the built frontend and its runtime, each under the hash of its content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FRONTEND = Path(__file__).resolve().parents[1] / "frontend"
DIST = FRONTEND / "dist"
RUNTIME = FRONTEND / "vendor" / "onnxruntime-web"

# What is served, and from where; nothing else in these folders is.
FILES: dict[str, Path] = {
    "draw.js": DIST / "draw.js",
    "map.js": DIST / "map.js",
    "interpolate.js": DIST / "interpolate.js",
    "sliders.js": DIST / "sliders.js",
    "worker.js": DIST / "worker.js",
    "ort.wasm.bundle.min.mjs": RUNTIME / "ort.wasm.bundle.min.mjs",
    "ort-wasm-simd-threaded.wasm": RUNTIME / "ort-wasm-simd-threaded.wasm.gz",
}
MEDIA_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm"}


@dataclass(frozen=True)
class FrontendFile:
    """A file as it goes over the wire.

    Attributes:
        content: its bytes, compressed if `encoding` says so.
        digest: hexadecimal, of the content; part of the address, so it may be kept for ever.
        media_type: of the content once it is unpacked.
        encoding: `gzip`, or empty.
    """

    content: bytes
    digest: str
    media_type: str
    encoding: str


def is_built() -> bool:
    """Whether all of it is there; if not, the pages do without."""
    return all(path.is_file() for path in FILES.values())


def frontend_file(name: str) -> FrontendFile | None:
    """The file of that name; None for any other name."""
    path = FILES.get(name)
    if path is None or not path.is_file():
        return None
    return _read(path, Path(name).suffix, path.stat().st_mtime_ns)


def frontend_path(name: str) -> str:
    """Path of a file on this server, without `server.baseUrlPath`.

    Raises:
        ValueError: for a name that is not served.
    """
    file = frontend_file(name)
    if file is None:
        raise ValueError(f"name must be one of {', '.join(FILES)}, got {name!r}.")
    return f"/assets/{file.digest}/{name}"


@cache
def _read(path: Path, suffix: str, _changed: int) -> FrontendFile:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:16]
    encoding = "gzip" if path.suffix == ".gz" else ""
    return FrontendFile(content, digest, MEDIA_TYPES[suffix], encoding)
