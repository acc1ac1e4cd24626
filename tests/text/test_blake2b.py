"""Ids are hashed by the kernel as hashlib hashes them."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from degrade.text.blake2b import short_digests
from degrade.text.document import Batch, Columns, Document, stable_hash
from degrade.text.lanes import padded
from degrade.text.strings import Strings

# Without compiling, numpy's scalars warn where hashes are meant to wrap.
pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar:RuntimeWarning"),
]

STRINGS = st.lists(st.binary(max_size=140), max_size=4)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ROWS = st.lists(st.tuples(NAMES.filter(bool), NAMES, NAMES, NAMES), min_size=1, max_size=5)


def digest(data, size):
    """Return the digest that hashlib gives."""
    return hashlib.blake2b(data, digest_size=size)


@settings(deadline=None)
@given(STRINGS)
@example([b"a" * n for n in (0, 1, 7, 8, 127, 128, 129, 255, 256, 257, 1024)])
def test_digests_are_those_of_hashlib(strings):
    column = Strings.of(strings)
    lanes = padded(column.data)[1]
    for size in (8, 16, 64):
        found = short_digests(lanes, column.bounds, size, hexadecimal=False)
        assert found.tolist() == [
            int.from_bytes(digest(each, size).digest()[:8], "little") for each in strings
        ]
    found = short_digests(lanes, column.bounds, 8, hexadecimal=True)
    assert found.tolist() == [stable_hash(digest(each, 16).hexdigest()) for each in strings]


@settings(deadline=None)
@given(ROWS, st.data())
def test_documents_side_by_side_are_those_that_stand_alone(rows, data):
    documents = [Document(t, i, c, {"source": s} if s else {}) for t, i, c, s in rows]
    columns = Columns(
        *(Strings.of([f.encode() for f in field]) for field in zip(*rows, strict=True))
    )
    assert list(columns) == documents
    cut = data.draw(st.integers(0, len(rows)))
    mixed = [columns.part(0, cut), *documents[cut:], columns.part(cut, cut)]
    alone = Batch(documents)
    for batch in (Batch([columns]), Batch(mixed)):
        assert batch.documents == tuple(documents)
        for part, expected in ((batch, alone), (batch.level(1), alone.level(1))):
            for name in ("data", "bounds", "ids", "clusters", "clustered", "groups"):
                found, wanted = getattr(part, name), getattr(expected, name)
                assert (found.dtype, found.tolist()) == (wanted.dtype, wanted.tolist())
            assert part.documents == expected.documents
    assert alone.ids.tolist() == [stable_hash(d.id) for d in documents]
    assert alone.clusters.tolist() == [stable_hash(d.cluster or d.id) for d in documents]


def test_what_a_document_holds_besides_is_there_in_every_part_of_a_batch():
    documents = [Document(f"text {i}", metadata={"n": str(i)}) for i in range(200)]
    batch = Batch(documents)
    assert [d.metadata for d in batch.documents] == [d.metadata for d in documents]
    assert {*map(str, batch.level(1).documents)} == {
        str(d) for d in documents if stable_hash(d.id) < 1 << 60
    }
