"""Settings by name on the command line: ``--set layers=4``."""

from __future__ import annotations

import click


def assignments(
    ctx: click.Context, option: click.Parameter, values: tuple[str, ...]
) -> dict[str, int | float | str]:
    """Return what is set, as numbers where they are numbers."""
    del ctx
    found: dict[str, int | float | str] = {}
    for value in values:
        name, given, text = value.partition("=")
        name = name.strip().replace("-", "_")
        if not (name and given):
            raise click.BadParameter(f"{value!r}: write NAME=VALUE, as layers=4", param=option)
        if name in found:
            raise click.BadParameter(f"{name} is set twice", param=option)
        found[name] = _number(text.strip())
    return found


def _number(text: str) -> int | float | str:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
