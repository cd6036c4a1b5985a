"""What `python -m vaelab` can do: one module a command, each with `add_arguments` and `run`."""
