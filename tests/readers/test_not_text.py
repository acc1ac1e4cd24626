"""What is taken for text holds hardly any control characters, counted one by one."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given

from degrade.readers.sniff import not_text

USUAL = b"\t\n\v\f\r\x1b"
BYTES = st.sampled_from(
    [b"a", b" ", b"\n", b"\r\n", b"\t", b"\x1b", b"\x01", b"\x1f", b"\x7f", b"\xe9"]
)


@given(st.lists(st.tuples(BYTES, st.integers(1, 30)), max_size=20))
def test_text_holds_one_control_character_in_twenty_at_most(runs):
    head = b"".join(byte * number for byte, number in runs)
    controls = sum(octet == 0x7F or (octet < 0x20 and octet not in USUAL) for octet in head)
    refusal = not_text(head)
    assert (refusal is not None) == (controls > len(head) // 20)


def test_a_text_of_hardly_anything_but_line_ends_is_text():
    assert not_text(b"a\n" * 100) is None
    assert not_text(b"\r\n\t" * 100) is None
    assert not_text(b"\x7f" * 6 + b"a" * 94) is not None
    assert not_text(b"\x7f" * 5 + b"a" * 95) is None
