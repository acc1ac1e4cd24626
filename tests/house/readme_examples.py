"""Run the examples of a Markdown file, in the order they stand, among the sample corpora.

``console`` fences hold commands after ``$ `` and what they print on both streams; a line ``...``
stands for any lines, and ``...`` within a line for any text. ``python`` fences are whole scripts.

``python tests/house/readme_examples.py README.md`` writes into the file what is printed now.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

CORPORA = Path(__file__).resolve().parents[2] / "sample_corpora"
FENCE = re.compile(r"^```(console|python)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIRST_RUN = re.compile(r"^Compiling kernels.*\n", re.MULTILINE)
"""What only a first run says; see cli/progress."""
PROMPT = re.compile(r"^\$ ", re.MULTILINE)


@dataclass(frozen=True)
class Example:
    """A script, or a command and what the file says that it prints."""

    language: str
    source: str
    expected: str | None = None

    def run(self, folder: Path, programs: Path | None = None) -> tuple[int, str]:
        """Return the exit status and what was printed on both streams, right-trimmed.

        Commands are looked for in ``programs`` first, which are those of this interpreter if not
        given.
        """
        interpreter = ["bash", "-c"] if self.language == "console" else [sys.executable, "-c"]
        programs = programs or Path(sys.executable).parent
        plain = {"COLUMNS": "100", "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            [*interpreter, self.source],
            cwd=folder,
            env=os.environ | plain | {"PATH": os.pathsep.join([str(programs), os.environ["PATH"]])},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
        return done.returncode, trimmed(FIRST_RUN.sub("", done.stdout))

    def promises(self, printed: str) -> bool:
        """Whether the file says that ``printed`` is printed."""
        return self.expected is None or matches(self.expected, printed)


def trimmed(text: str) -> str:
    """Return ``text`` without white space at the end of its lines, and without empty last lines."""
    return "\n".join(line.rstrip() for line in text.splitlines()).rstrip("\n")


def matches(expected: str, printed: str) -> bool:
    """Whether ``printed`` is ``expected``, with ``...`` standing for anything."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else ".*?".join(map(re.escape, line.split("..."))) + r"\n"
        for line in expected.splitlines()
    )
    return bool(re.fullmatch(pattern, "".join(f"{line}\n" for line in printed.splitlines())))


def parse(language: str, body: str) -> Iterator[Example]:
    """Yield the examples in the body of one fence."""
    if language == "python":
        yield Example(language, body)
        return
    for part in PROMPT.split(body)[1:]:
        command, _, expected = part.partition("\n")
        yield Example(language, command, trimmed(expected))


def examples(text: str) -> list[Example]:
    """Return the examples in ``text``, in order."""
    return [example for fence in FENCE.finditer(text) for example in parse(*fence.groups())]


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a copy of the sample corpora to run examples in."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copytree(CORPORA, Path(folder) / "sample_corpora"))


def shortened(expected: str, printed: str) -> str:
    """Return ``printed`` without what ``expected`` leaves out by lines ``...``.

    Of the beginning and the end as many lines are left as before, and of what is between two such
    lines those from its first line on; all is left where that line is not printed any more.
    """
    lines = printed.splitlines()
    first, *rest = re.split(r"^\.\.\.\n?", expected, flags=re.M)
    kept = [first.splitlines(), *(part.strip("\n").splitlines() for part in rest)]
    if len(kept) == 1:
        return printed
    found = lines[: len(kept[0])]
    at = len(found)
    for part in kept[1:-1]:
        if part[0] not in lines[at:]:
            return printed
        at = lines.index(part[0], at)
        found += ["...", *lines[at : at + len(part)]]
    end = lines[len(lines) - len(kept[-1]) :]
    return "\n".join([*found, "...", *end])


def refreshed(text: str) -> str:
    """Return ``text`` with what its commands print now wherever it says something else."""

    def body(fence: re.Match[str]) -> str:
        language, source = fence.groups()
        parts = []
        for example in parse(language, source):
            status, printed = example.run(folder)
            if status != 0:
                sys.exit(f"{example.source}\n{printed}\nexit status {status}")
            shown = example.expected
            if not example.promises(printed):
                shown = shortened(example.expected or "", printed)
            parts.append(f"$ {example.source}\n" + (f"{shown}\n" if shown else ""))
        changed = "\n".join(parts) if language == "console" else source
        return f"```{language}\n{changed}```"

    with workplace() as folder:
        return FENCE.sub(body, text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        path = Path(name)
        path.write_text(refreshed(path.read_text(encoding="utf-8")), encoding="utf-8")
