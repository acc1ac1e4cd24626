"""Every registered metric, summary and reader goes through the laws."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from degrade import registry
from degrade.readers import Fields
from degrade.readers.plain import SPLITS, PlainText
from degrade.summaries import Clusters, Contents, Extent, Mix, Need, Sample
from degrade.summaries.mix import EDITION
from degrade.testing import check_metric, check_reader, check_summary, ordinary_documents
from degrade.text.document import Document
from degrade.text.pipelines import PIPELINE_LAYERS

# Metrics that need a spaCy pipeline go through them in tests/pipelines, with one of their own.
METRICS = {
    name: metric
    for name, metric in registry.catalogue().metrics.items()
    if not {name for need in metric.needs for name in need.layers} & {*PIPELINE_LAYERS}
}
OWN = (
    Need(Clusters),
    Need(Contents),
    Need(Extent, layer="character"),
    Need(Mix, layer="character", edition=EDITION),
    Need(Mix, layer="word", edition=EDITION),
    Need(Sample, documents=30),
)
NEEDS = {need.key: need for need in (*(n for m in METRICS.values() for n in m.needs), *OWN)}
NAMED = [
    Document(re.sub(r" (b|f)(\w+)", lambda m: f" {m[1].upper()}{m[2]} {sum(map(ord, m[2])) ** 2}",
                    document.text), document.id)
    for document in ordinary_documents(400)
]  # fmt: skip
"""Ordinary documents, with names and numbers in them."""
READERS = {reader.name: reader for reader in registry.all_of(registry.READERS)}
RECORDS = [
    {"id": f"r{i}", "text": f"{text} {i}", "author": f"a{i % 3}"}
    for i, text in enumerate(
        ["one line", 'a "quoted", comma', "two\nlines", "größer 漢字 👩‍👩‍👧"] * 12
    )
]


@pytest.mark.parametrize("name", METRICS)
def test_registered_metric_keeps_the_laws(name: str) -> None:
    check_metric(METRICS[name], documents=NAMED if name in ("name_loss", "number_loss") else None)


@pytest.mark.parametrize("key", sorted(NEEDS))
def test_every_need_of_a_metric_keeps_the_laws(key: str) -> None:
    check_summary(NEEDS[key])


def _table() -> Any:
    pyarrow = pytest.importorskip("pyarrow")
    return pyarrow.table({name: [r[name] for r in RECORDS] for name in RECORDS[0]})


def _write_parquet(path: Path) -> None:
    table = _table()
    import pyarrow.parquet

    pyarrow.parquet.write_table(table, path, row_group_size=7)


def _write_arrow(path: Path) -> None:
    table = _table()
    import pyarrow.ipc

    with pyarrow.ipc.new_file(str(path), table.schema) as writer:
        writer.write_table(table, max_chunksize=7)


def _write_jsonl(path: Path) -> None:
    lines = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
    lines[5:5] = ["", "{broken", '{"text": 3}', '{"text": ""}']
    path.write_text("\n".join(lines), encoding="utf-8")


def _write_delimited(mark: str) -> Callable[[Path], None]:
    import csv

    def write(path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(RECORDS[0]), delimiter=mark)
            writer.writeheader()
            writer.writerows(RECORDS)

    return write


def _write_text(path: Path) -> None:
    text = "\n\n".join(record["text"] for record in RECORDS).encode() + b"\r\n\r\nbad \xff byte\n"
    path.write_bytes(text + b"last line, without an end")


WRITERS = {
    "parquet": _write_parquet,
    "arrow": _write_arrow,
    "jsonl": _write_jsonl,
    "csv": _write_delimited(","),
    "tsv": _write_delimited("\t"),
}


@pytest.mark.parametrize("name", sorted({*READERS} - {"text"}))
def test_registered_reader_keeps_the_laws(name: str, tmp_path: Path) -> None:
    reader = READERS[name]
    path = tmp_path / f"corpus{reader.suffixes[0]}"
    WRITERS[name](path)
    check_reader(reader, path, Fields())
    check_reader(reader, path, Fields(id="id", cluster="author"))


@pytest.mark.parametrize("split", SPLITS)
def test_plain_text_in_parts_keeps_the_laws(split: Any, tmp_path: Path) -> None:
    _write_text(tmp_path / "corpus.txt")
    check_reader(PlainText(split), tmp_path / "corpus.txt", Fields())


def test_plain_text_as_one_document_keeps_the_laws(tmp_path: Path) -> None:
    (tmp_path / "corpus.txt").write_text("one\n\ndocument", encoding="utf-8")
    check_reader(READERS["text"], tmp_path / "corpus.txt", Fields(), documents=1)
