"""The command line: finds the command, and turns errors into one sentence."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any, NoReturn, cast

import vaelab
from vaelab.nearest import did_you_mean
from vaelab.runs.threads import prepare_environment

PROGRAM = "python -m vaelab"
USAGE_ERROR = 2
INTERRUPTED = 130

# A new command is one module and one line here; a module is imported when its command is asked for.
COMMANDS: dict[str, str] = {
    "train": "train a model on images, here or in the background",
    "evaluate": "measure a checkpoint on its test images",
    "compare": "set checkpoints' reports side by side, as a table or a page",
    "export": "write a checkpoint as ONNX files, or as one page that works offline",
    "import": "make a checkpoint out of a zip file",
    "remote": "share checkpoints through an object store: push some, pull what is new",
    "sample": "draw many pictures into a zip of PNG files, or an npz",
    "data": "say what a data set, folder, zip or npz holds",
    "runs": "list, show, pause, resume, stop and serve training runs",
}

MODULES = {"import": "import_checkpoint"}  # a command that Python has another use for

EPILOG = f"""examples:
  {PROGRAM} train --dataset digits --family vae --latent-dim 2 --name first
  {PROGRAM} train --dataset ~/photos --image-size 64 --network conv --background
  {PROGRAM} evaluate checkpoints/first --json
  {PROGRAM} runs list

Each command has its own --help."""


class Parser(argparse.ArgumentParser):
    """argparse's, which also names the word that was probably meant."""

    def error(self, message: str) -> NoReturn:
        choice = re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message)
        if choice:
            message += "." + did_you_mean(choice[1], re.findall(r"[\w-]+", choice[2]))
        super().error(message)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """argparse's; `parser` of what is parsed is the innermost one, of a command's action."""
        parsed, unknown = super().parse_known_args(args, namespace)
        if not hasattr(parsed, "parser"):
            parsed.parser = self
        return parsed, unknown

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """End with the words that no flag or argument takes."""
        flag = unknown[0].partition("=")[0]
        known = re.findall(r"--[a-z][a-z-]*", self.format_help())
        self.error(f"unrecognized arguments: {' '.join(unknown)}.{did_you_mean(flag, known)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status: 0, 2 for input that cannot be used, 130 when stopped."""
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    parser = Parser(
        PROGRAM,
        description="A laboratory for latent spaces: train and measure autoencoders and VAEs.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"vaelab {vaelab.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    asked = next((word for word in arguments if not word.startswith("-")), None)
    for name, summary in COMMANDS.items():
        if name != asked:
            commands.add_parser(name, help=summary)
            continue
        prepare_environment(os.environ)  # OpenMP reads it when torch is imported, by this line:
        module = importlib.import_module(f"vaelab.commands.{MODULES.get(name, name)}")
        command = commands.add_parser(
            name,
            help=summary,
            description=module.__doc__,
            epilog=getattr(module, "EPILOG", None),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
        command.set_defaults(module=module)
    if not arguments:
        parser.print_help(sys.stderr)
        return USAGE_ERROR
    parsed, unknown = parser.parse_known_args(arguments)
    if unknown:
        parsed.parser.refuse(unknown)
    return _run(parsed.module, parsed)


def _run(module: ModuleType, parsed: argparse.Namespace) -> int:
    try:
        return cast(int, module.run(parsed))
    except BrokenPipeError:  # `... | head` has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return INTERRUPTED
    except (ValueError, ArithmeticError, OSError) as error:
        print(f"vaelab: {_sentence(error)}", file=sys.stderr)
        return USAGE_ERROR


def _sentence(error: Exception) -> str:
    """What is wrong, without the system's error number."""
    if isinstance(error, OSError) and error.filename is not None and error.strerror:
        return f"{error.filename} cannot be used: {error.strerror}."
    return str(error).strip()
