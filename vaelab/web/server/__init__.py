"""The server beside the pages: its life, its routes, the files it serves."""
