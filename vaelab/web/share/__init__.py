"""Taking a model along: files to download, many pictures, and checkpoints that come as a zip."""
