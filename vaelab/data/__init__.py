"""Images in: data sets, folders, archives, arrays and uploads, all as one `ImageDataset`."""

from vaelab.data.binarisation import BINARISATIONS, binarise
from vaelab.data.dataset import DataError, ImageDataset, SkippedFile
from vaelab.data.preparation import CHOICES, Preparation, guess_preparation
from vaelab.data.preview import class_histogram, grey_share, preview_grid
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
from vaelab.data.steps import Step
from vaelab.data.upload import (
    MAX_UPLOAD_BYTES,
    UPLOAD_SUFFIXES,
    Prepared,
    prepare,
)

__all__ = [
    "BINARISATIONS",
    "CHOICES",
    "MAX_UPLOAD_BYTES",
    "PATH_SOURCES",
    "SOURCES",
    "UPLOAD_SUFFIXES",
    "DataError",
    "DataSpec",
    "DatasetSplits",
    "ImageDataset",
    "Preparation",
    "Prepared",
    "SkippedFile",
    "SourceDescription",
    "SourceInfo",
    "Step",
    "binarise",
    "class_histogram",
    "describe_source",
    "fingerprint",
    "grey_share",
    "guess_preparation",
    "load_dataset",
    "make_splits",
    "prepare",
    "preview_grid",
    "resolve_source",
]
