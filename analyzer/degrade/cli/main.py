"""The command ``degrade``: one file a command, and one place where errors become exit codes."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

import click

from degrade.cli.startup import start_quickly
from degrade.errors import DegradeError, DegradeWarning
from degrade.version import __version__

ERROR = 2
INTERRUPTED, READER_GONE = 130, 141
"""As shells say it of programs that SIGINT and SIGPIPE end."""
_COMMANDS = {
    "audit": "Tell which sources of a corpus stand out, and list its worst documents.",
    "baseline": "Keep profiles of human text by name, and verify that they are what was added.",
    "check": "Compare files with a baseline, and fail where too much was lost.",
    "compare": "Compare a reference with candidates: what was lost, and how sure that is.",
    "evidence": "Show what is behind a finding of a saved run, in context.",
    "merge": "Merge profiles of parts of a corpus into one.",
    "metrics": "List the metrics, or explain one.",
    "profile": "Reduce a corpus to a profile, to compare often.",
    "provenance": "Tell how much of a corpus is machine text, and what it took over.",
    "report": "Show a saved run again, or write it in another format.",
    "simulate": "Train on text, on the text of that model, and so on: what is lost of it.",
}


class _ReaderGoneError(Exception):
    """Whoever read the output has gone."""


@contextmanager
def _writing() -> Iterator[None]:
    """Raise _ReaderGoneError for a broken pipe: click would exit 1, as if a gate had failed."""
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderGoneError from error


class Commands(click.Group):
    """Commands that are imported when they are called: ``--help`` must not wait for numba."""

    def make_context(self, *given: Any, **more: Any) -> click.Context:
        """Return the context of the arguments; where they ask for help, it is shown here."""
        with _writing():
            return super().make_context(*given, **more)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command asked for."""
        with _writing():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands in the order in which they are shown."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, loaded only if it is run."""
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"degrade.cli.{cmd_name}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write what each command does, without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command asked for. An unknown one answers with the nearest."""
        import difflib

        if args and args[0] not in _COMMANDS and not args[0].startswith("-"):
            close = difflib.get_close_matches(args[0], _COMMANDS, n=1)
            hint = f"did you mean {close[0]}? " if close else ""
            ctx.fail(f"no command {args[0]!r}; {hint}known: {', '.join(_COMMANDS)}")
        return super().resolve_command(ctx, args)


@click.command(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="degrade")
def cli() -> None:
    """Tell whether generated text is losing what human text has.

    Compares corpora of successive model generations with calibrated statistics: rare words and
    phrases, variety, repetition, and how alike documents have become.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 done, 1 a gate failed, 2 an error, 3 undecided.

    130 if interrupted, 141 if whoever reads the output has gone.
    """
    start_quickly()
    with warnings.catch_warnings():
        warnings.simplefilter("always", DegradeWarning)
        warnings.showwarning = _told
        code = _status(arguments)
    sys.exit(code if isinstance(code, int) else 0)


def _told(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """Show a warning as ``warnings.showwarning`` does; what is meant for people without a place."""
    said = warnings.formatwarning(message, category, filename, lineno, line).rstrip()
    if issubclass(category, DegradeWarning):
        said = f"degrade: {message}"
    click.echo(said, err=True, file=file)


def _status(arguments: Sequence[str] | None) -> object:
    code: object
    try:
        code = cli.main(arguments and list(arguments), prog_name="degrade", standalone_mode=False)
    except DegradeError as error:
        click.echo(f"degrade: {error}", err=True)
        code = ERROR
    except click.ClickException as error:
        error.show()
        code = ERROR
    except (click.Abort, KeyboardInterrupt):
        click.echo("degrade: interrupted; nothing is half-written", err=True)
        code = INTERRUPTED
    except _ReaderGoneError:
        # Say nothing more, and not at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = READER_GONE
    except Exception:  # noqa: BLE001 - a defect must not exit 1: that says that a gate failed
        traceback.print_exc()
        click.echo("degrade: a defect of degrade itself; please report it with the above", err=True)
        code = ERROR
    return code
