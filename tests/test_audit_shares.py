"""Audits with references: which sources a machine wrote more of, and where that cannot be told."""

import json
from pathlib import Path

import numpy as np
import pytest

import degrade
from degrade.auditing.chunks import Chunk
from degrade.auditing.shares import EACH, TOGETHER, Drawing
from degrade.errors import UsageError
from degrade.text.document import Batch, Document

SAMPLES = Path(__file__).resolve().parents[1] / "sample_corpora"
HUMAN, MACHINE = SAMPLES / "gen0-heldout", SAMPLES / "gen5"


def lines(name, start, stop):
    return (SAMPLES / name / "part-000.jsonl").read_text("utf-8").splitlines(True)[start:stop]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Return a corpus of sources with a known share of generated documents in each."""
    folder = tmp_path_factory.mktemp("shares") / "mixed"
    folder.mkdir()
    texts = {
        "a": lines("gen0", 0, 300),
        "b": lines("gen0", 300, 600),
        "c": lines("gen0", 600, 720) + lines("gen4", 0, 180),
        "d": lines("gen0", 720, 740),
    }
    for name, of in texts.items():
        (folder / f"{name}.jsonl").write_text("".join(of), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(mixed):
    return degrade.audit(mixed, human=HUMAN, machine=MACHINE, workers=1)


def test_the_source_with_machine_text_stands_out_for_it_and_no_other(found):
    (source,) = [
        source
        for source in found.sources
        if "machine_share" in {each.measure for each in source.stands_out}
    ]
    assert Path(source.name).name == "c.jsonl"
    share = source.machine.share
    assert 0.5 < share.low < 0.6 + 0.1
    assert abs(share.share - 0.6) < 0.1
    assert found.sources[0] == source
    of_source = [each for each in found.worst if "source" in each.reasons]
    assert len(of_source) == source.documents == found.reasons["source"] == 300
    assert {each.file for each in of_source} == {source.name}
    assert all("machine_share" in each.stands_out for each in of_source)


def test_the_whole_and_sources_of_enough_text_have_a_share(found):
    by_name = {Path(source.name).name: source.machine for source in found.sources}
    assert by_name["d.jsonl"].share is None
    assert by_name["d.jsonl"].note == "fewer than 50 documents"
    assert by_name["a.jsonl"].share.share < 0.05
    # 180 of 920 documents.
    assert abs(found.machine.share.share - 180 / 920) < 0.06
    assert found.machine.share.documents[2] == 920


def test_references_that_are_alike_name_no_source(mixed):
    audit = degrade.audit(mixed, human=HUMAN, machine=SAMPLES / "gen0")
    assert "references-alike" in {w.code for w in audit.machine.share.warnings}
    assert not any(
        each.measure == "machine_share" for source in audit.sources for each in source.judged
    )


def test_workers_change_no_share(mixed, found):
    assert degrade.audit(mixed, human=HUMAN, machine=MACHINE, workers=2) == found


def test_one_reference_is_not_enough(mixed):
    with pytest.raises(UsageError, match=r"name machine text as well \(--machine\)"):
        degrade.audit(mixed, human=HUMAN)


def drawn(documents, sources):
    drawing = Drawing()
    for start in range(0, len(documents), 100):
        part = slice(start, start + 100)
        batch = Batch([Document(text) for text in documents[part]])
        drawing.add(Chunk(batch, sources[part], sources[part], sources[part]))
    return drawing


@pytest.mark.parametrize("several", [3, 80])
def test_samples_are_bounded_and_the_same_in_any_order(several):
    rng = np.random.default_rng(0)
    documents = [json.dumps([i]) for i in range(12_000)]
    sources = rng.integers(0, several, len(documents))
    order = rng.permutation(len(documents))
    one = drawn(documents, sources)
    two = drawn([documents[i] for i in order], sources[order])
    sizes = []
    for source in range(several):
        assert one.documents(source) == two.documents(source)
        sizes.append(len(one.documents(source)))
        inside = [documents[i] for i in np.flatnonzero(sources == source)]
        smallest = sorted(inside, key=lambda text: int(Batch([Document(text)]).ids[0]))
        assert {d.text for d in one.documents(source)} == set(smallest[: sizes[-1]])
    assert sizes == [min(EACH, TOGETHER // several, int(n)) for n in np.bincount(sources)]
    assert one.documents() == two.documents()
    assert len(one.documents()) == 5_000
