"""A checkpoint as one HTML file that decodes by itself, without a server or a network."""

from vaelab.standalone.page import FrontendMissingError, standalone_html
from vaelab.standalone.start import KeyCode, Start

__all__ = ["FrontendMissingError", "KeyCode", "Start", "standalone_html"]
