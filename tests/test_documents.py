"""What the documents name must be there: files, headings, commands and their flags."""

from __future__ import annotations

import argparse
import importlib
import re
import shlex
from functools import cache
from pathlib import Path

import pytest

from vaelab.cli import COMMANDS, MODULES

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    [
        *PROJECT.glob("*.md"),
        *PROJECT.glob("docs/*.md"),
        PROJECT / "checkpoints" / "README.md",
        PROJECT / "vaelab" / "web" / "frontend" / "README.md",
    ]
)
each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[str(d.relative_to(PROJECT)) for d in DOCUMENTS]
)
# Where a path in a document may begin: a room is named as in ARCHITECTURE.md's tree.
ROOTS = [PROJECT, *(PROJECT / "vaelab" / r for r in ("", "web", "web/frontend/src", "evaluation"))]


def anchors(document: Path) -> set[str]:
    """Of a document's headings, as they are made for links."""
    titles = re.findall(r"^#+ (.*)$", document.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", t).strip().lower().replace(" ", "-") for t in titles}


@each_document
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
        if "://" in target:
            continue
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document
        assert file.exists(), f"{document.name} links to {target}"
        assert not anchor or anchor in anchors(file), f"{document.name}: no heading {target}"


@each_document
def test_files_that_are_named_are_there(document: Path) -> None:
    roots = (document.parent, document.parent / "src", *ROOTS)
    for name in re.findall(r"`((?:[\w.-]+/)+[\w-]+\.(?:py|ts|md|sh))`", document.read_text()):
        assert any((root / name).exists() for root in roots), f"{document.name} names {name}"


@cache
def flags(command: str) -> set[str]:
    parser = argparse.ArgumentParser()
    module = importlib.import_module(f"vaelab.commands.{MODULES.get(command, command)}")
    module.add_arguments(parser)
    actions = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    parsers = [parser, *(p for a in actions for p in a.choices.values())]
    return {word for p in parsers for word in p._option_string_actions}


@each_document
def test_commands_and_their_flags_exist(document: Path) -> None:
    text = document.read_text().replace("\\\n", " ")
    for line in re.findall(r"-m vaelab ([^`\n]+)", text):
        command, *words = shlex.split(line, comments=True)
        if command not in COMMANDS:
            assert "|" in line or not command.isalpha(), f"{document.name}: vaelab {line}"
            continue
        asked = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert asked <= flags(command), f"{document.name}: vaelab {line}"
