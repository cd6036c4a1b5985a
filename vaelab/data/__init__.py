"""Images in: data sets, folders, archives, arrays and uploads, all as one `ImageDataset`."""

from vaelab.data.binarisation import BINARISATIONS, binarise
from vaelab.data.dataset import DataError, ImageDataset, SkippedFile
from vaelab.data.framing import FRAMINGS, Framing, framing_for, measure_framing
from vaelab.data.labels import require_labels
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
from vaelab.data.upload import (
    MAX_UPLOAD_BYTES,
    UPLOAD_SUFFIXES,
    Preprocessed,
    Step,
    prepare_upload,
)

__all__ = [
    "BINARISATIONS",
    "FRAMINGS",
    "MAX_UPLOAD_BYTES",
    "PATH_SOURCES",
    "SOURCES",
    "UPLOAD_SUFFIXES",
    "DataError",
    "DataSpec",
    "DatasetSplits",
    "Framing",
    "ImageDataset",
    "Preprocessed",
    "SkippedFile",
    "SourceDescription",
    "SourceInfo",
    "Step",
    "binarise",
    "class_histogram",
    "describe_source",
    "fingerprint",
    "framing_for",
    "grey_share",
    "load_dataset",
    "make_splits",
    "measure_framing",
    "prepare_upload",
    "preview_grid",
    "require_labels",
    "resolve_source",
]
