"""Images in: data sets, folders, archives, arrays and uploads, all as one `ImageDataset`."""

from vaelab.data.dataset import DataError, ImageDataset, SkippedFile
from vaelab.data.labels import require_labels
from vaelab.data.preview import class_histogram, preview_grid
from vaelab.data.source import SourceDescription, SourceInfo
from vaelab.data.sources import (
    PATH_SOURCES,
    SOURCES,
    describe_source,
    load_dataset,
    resolve_source,
)
from vaelab.data.spec import DataSpec
from vaelab.data.splits import DatasetSplits, fingerprint, make_splits

__all__ = [
    "PATH_SOURCES",
    "SOURCES",
    "DataError",
    "DataSpec",
    "DatasetSplits",
    "ImageDataset",
    "SkippedFile",
    "SourceDescription",
    "SourceInfo",
    "class_histogram",
    "describe_source",
    "fingerprint",
    "load_dataset",
    "make_splits",
    "preview_grid",
    "require_labels",
    "resolve_source",
]
