"""Checkpoints and their reports: the cards of Home, the Evaluate page."""
