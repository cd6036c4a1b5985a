"""MNIST's relatives from OpenML, stored as the IDX files that every later load reads.

scikit-learn checks what it downloads against the MD5 that OpenML publishes; the SHA-256 of the
files written here is stored beside them and verified on every later load.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vaelab.data.dataset import DataError
from vaelab.data.idx import write_idx

PROBE_URL = "https://www.openml.org/"
PROBE_SECONDS = 5.0
N_TRAIN, N_TEST, SIDE = 60_000, 10_000, 28


def fetch_idx_files(
    openml_name: str, folder: Path, files: Sequence[str], checksums: str, absent: str
) -> None:
    """Write the four IDX `.gz` files of an OpenML data set and their checksums into `folder`.

    Each file appears whole or not at all.

    Args:
        openml_name: such as `mnist_784`.
        files: names of the training images, training labels, test images and test labels.
        checksums: name of the file of checksums, in the format of `sha256sum`.
        absent: the sentence to raise when OpenML cannot be reached.

    Raises:
        DataError: when OpenML cannot be reached, which is found out within seconds, or gives
            something else than 70,000 labelled images.
    """
    if not reachable():
        raise DataError(absent)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetching-") as scratch:
        images, labels = _fetch(openml_name, scratch, absent)
        parts = (images[:N_TRAIN], labels[:N_TRAIN], images[N_TRAIN:], labels[N_TRAIN:])
        lines = []
        for name, values in zip(files, parts, strict=True):
            path = Path(scratch) / name
            write_idx(path, values)
            lines.append(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {name}\n")
        (Path(scratch) / checksums).write_text("".join(lines), encoding="utf-8")
        for name in (*files, checksums):
            _publish(Path(scratch) / name, folder / name)


def reachable(url: str = PROBE_URL, seconds: float = PROBE_SECONDS) -> bool:
    """Whether a server answers within `seconds`, name look-up included.

    A look-up takes no timeout, so it is left behind in a daemon thread when it hangs.
    """
    answered = threading.Event()

    def ask() -> None:
        request = urllib.request.Request(url, method="HEAD")
        try:
            urllib.request.urlopen(request, timeout=seconds).close()
        except urllib.error.HTTPError:
            pass  # a refusal is an answer too
        except (OSError, ValueError):
            return
        answered.set()

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return answered.is_set()


def _fetch(
    openml_name: str, scratch: str, absent: str
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], ...]:
    """uint8 images (70000, 28, 28) and labels (70000,), training images first."""
    from sklearn.datasets import fetch_openml

    # scikit-learn's own ARFF parser needs minutes here; that of pandas, if installed, seconds
    parser = "pandas" if importlib.util.find_spec("pandas") else "liac-arff"
    try:
        bunch = fetch_openml(
            openml_name, version=1, data_home=scratch, as_frame=False, parser=parser, n_retries=1
        )
    except (OSError, ValueError) as error:
        raise DataError(f"{absent.removesuffix('.')} (OpenML: {error}).") from error
    data, target = np.asarray(bunch.data, np.float64), np.asarray(bunch.target).astype(np.int64)
    n = N_TRAIN + N_TEST
    if data.shape != (n, SIDE * SIDE) or target.shape != (n,):
        raise DataError(
            f"OpenML gave {data.shape} values for {openml_name}; {(n, SIDE * SIDE)} were expected."
        )
    return data.astype(np.uint8).reshape(n, SIDE, SIDE), target.astype(np.uint8)


def _publish(source: Path, target: Path) -> None:
    with source.open("rb") as file:
        os.fsync(file.fileno())
    source.replace(target)
    with contextlib.suppress(OSError):  # not every file system lets a folder be synced
        descriptor = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
