"""Share checkpoints through an object store: put some there, fetch what is new."""

from __future__ import annotations

import argparse
import json
import sys

from vaelab import settings
from vaelab.checkpoints import publish, read_checkpoint, refresh
from vaelab.cli import PROGRAM, USAGE_ERROR

EPILOG = f"""examples:
  {PROGRAM} remote push mnist-cvae first --url s3://bucket/models
  VAELAB_REMOTE=s3://bucket/models {PROGRAM} remote pull

With VAELAB_REMOTE set, runs push what they have trained, and the app pulls every 30 seconds."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="push|pull")
    push = kinds.add_parser("push", help="put checkpoints into the store")
    push.add_argument("names", nargs="+", metavar="NAME", help="of checkpoints here")
    pull = kinds.add_parser("pull", help="fetch what the store has and the folder has not")
    for kind in (push, pull):
        kind.add_argument("--url", help="of the store (default: $VAELAB_REMOTE)")
        kind.add_argument("--json", action="store_true", help="print what was done as JSON")


def run(parsed: argparse.Namespace) -> int:
    url = parsed.url or settings.remote_store()
    if not url:
        raise ValueError("name the store: --url, or VAELAB_REMOTE, such as s3://bucket/models.")
    return _push(parsed, url) if parsed.kind == "push" else _pull(parsed, url)


def _push(parsed: argparse.Namespace, url: str) -> int:
    root = settings.checkpoints_dir()
    for checkpoint in [read_checkpoint(root / name) for name in parsed.names]:
        publish(checkpoint, url)
        if not parsed.json:
            print(f"{checkpoint.id} is in {url}")
    if parsed.json:
        print(json.dumps({"url": url, "published": parsed.names}))
    return 0


def _pull(parsed: argparse.Namespace, url: str) -> int:
    said = refresh(settings.checkpoints_dir(), url)
    if parsed.json:
        print(json.dumps({"url": url, "fetched": said.fetched, "refused": said.refused}))
    else:
        print(f"fetched {', '.join(said.fetched)}" if said.fetched else "nothing new")
        print(*said.refused, sep="\n", file=sys.stderr, end="\n" if said.refused else "")
    return USAGE_ERROR if said.refused else 0
