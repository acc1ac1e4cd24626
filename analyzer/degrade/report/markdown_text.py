"""Text of others in Markdown: shown as it is, and nothing in it takes effect."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from degrade.report.escape import plain, shortened

SHORT, LONG = 80, 600
_BREAK = "&#8203;"  # Takes no room, and parts what GitHub and GitLab would link.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "$": "&#36;"}
_SIGNS = re.compile(r"[\\`*_\[\]~#]")
_LINKED = (
    re.compile(r"(?<=[@#!~%^$&])(?=\w)"),  # Mentions, issues, merge requests, labels, snippets.
    re.compile(r"(?<=:)(?=//)"),
    re.compile(r"(?<=www)(?=\.)", re.IGNORECASE),
    re.compile(r"(?<=GH-)(?=\d)", re.IGNORECASE),
    re.compile(r"(?<=:)(?=[\w+-]+:)"),  # Emoji by name.
)
# Commits; not what is all digits, which figures are.
_COMMIT = re.compile(r"\b(?=[0-9]*[a-f])[0-9a-f]{7,40}\b", re.IGNORECASE)
_MARK = "\ue000"
_START = re.compile(r"^(\d{1,9})([.)])(?=\s|$)|^([-+=])(?=[\s=-]|$)")
_GFM_TABLE = "| {} |"


def words(text: str, most: int = LONG) -> str:
    """Return ``text`` as one line of Markdown prose of ``most`` characters, less its escapes."""
    said = shortened(plain(text).strip(), most).replace(_MARK, "")
    for linked in _LINKED:
        said = linked.sub(_MARK, said)
    said = _COMMIT.sub(lambda m: _MARK.join(re.findall(".{1,4}", m[0])), said)
    said = "".join(_ENTITIES.get(character, character) for character in said)
    # Entities are made of signs that must not be escaped again.
    parts = re.split(r"(&(?:amp|lt|gt|#124|#36);)", said)
    said = "".join(p if i % 2 else _SIGNS.sub(r"\\\g<0>", p) for i, p in enumerate(parts))
    said = _START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", said)
    return said.replace(_MARK, _BREAK)


def strong(text: str, most: int = LONG) -> str:
    """Return ``text`` as ``words`` in bold, and nothing of nothing."""
    said = words(text, most)
    return f"**{said}**" if said else ""


def code(text: str, most: int = SHORT) -> str:
    """Return ``text`` as a code span, in which nothing is linked, mentioned or set."""
    said = shortened(plain(text).strip(), most)
    if not said:
        return ""
    longest = max((len(run) for run in re.findall("`+", said)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if "`" in (said[0], said[-1]) else ""
    return f"{fence}{pad}{said}{pad}{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> str:
    """Return a table; ``right`` are the columns of figures. Cells are Markdown already."""
    figures = set(right)
    rule = ["--:" if at in figures else "---" for at in range(len(head))]
    return "\n".join(_GFM_TABLE.format(" | ".join(row)) for row in (head, rule, *rows))


def details(summary: str, body: str) -> str:
    """Return ``body`` folded away under ``summary``, which is Markdown of words alone."""
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"
