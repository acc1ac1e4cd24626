"""The command line, run as a person runs it, in this process."""

import json
import random
from pathlib import Path

import pytest

from degrade.cli.main import main

SAMPLES = Path(__file__).resolve().parents[2] / "sample_corpora"


@pytest.fixture
def degrade(capsys):
    """Return a function that runs a command and gives its exit status and both streams."""

    def run(*arguments):
        with pytest.raises(SystemExit) as stopped:
            main([str(argument) for argument in arguments])
        printed = capsys.readouterr()
        return stopped.value.code, printed.out, printed.err

    return run


@pytest.fixture
def samples(monkeypatch):
    """Work in the folder of the sample corpora."""
    monkeypatch.chdir(SAMPLES)
    return SAMPLES


@pytest.fixture
def damaged(tmp_path):
    """Return a folder with one good file and one of each kind of bad input, and their kinds."""
    import gzip

    rng = random.Random(1)
    words = [
        "the",
        "quick",
        "brown",
        "fox",
        "jumps",
        "over",
        "a",
        "lazy",
        "dog",
        "and",
        "runs",
        "far",
        "away",
    ]
    rows = [
        json.dumps({"id": f"d{i}", "text": " ".join(rng.choices(words, k=60))}) for i in range(120)
    ]
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / "good.jsonl").write_text("\n".join(rows) + "\n")
    archive = gzip.compress("\n".join(rows).replace('"d', '"g').encode())
    (folder / "cut.jsonl.gz").write_bytes(archive[: len(archive) // 2])
    (folder / "latin.txt").write_bytes("café crème".encode("latin-1"))
    (folder / "broken.jsonl").write_text(
        f'{{"id": "b1", "text": "one"}}\n{{"text": "o\n{rows[0]}\n'
    )
    (folder / "wrong.jsonl").write_text('{"id": "w", "content": "hello"}\n')
    (folder / "empty.jsonl").write_text("")
    (folder / "white.jsonl").write_text('{"id": "x", "text": "  "}\n')
    (folder / "long.txt").write_text("word salad here " * 200_000)
    (folder / "binary.dat").write_bytes(bytes(range(256)) * 100)
    return folder
