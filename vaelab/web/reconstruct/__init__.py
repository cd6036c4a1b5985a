"""The Reconstruct page."""
