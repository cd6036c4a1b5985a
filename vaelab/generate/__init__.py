"""Many pictures at once, into one file."""

from vaelab.generate.request import FORMATS, MOST_PICTURES, SampleRequest
from vaelab.generate.write import Samples, write_samples

__all__ = ["FORMATS", "MOST_PICTURES", "SampleRequest", "Samples", "write_samples"]
