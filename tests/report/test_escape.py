import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from degrade.report.escape import plain

# Half the draws are the characters that do harm, which would otherwise be rare.
HARMFUL = st.sampled_from("\x00\x07\x1b\x7f\x85\x9b\x9d\u202e\u2066\u200b\ufeff\u2028\ud800[]0;m\\")
TEXT = st.text(st.one_of(HARMFUL, st.characters(categories=None), st.characters(codec="utf-8")))


@given(TEXT)
def test_no_control_character_survives(text):
    left = {unicodedata.category(character) for character in plain(text)}
    assert not left & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    plain(text).encode("utf-8")


@given(TEXT)
def test_plain_text_stays_as_it_is(text):
    assert plain(plain(text)) == plain(text)


VISIBLE = st.characters(
    categories=["L", "N", "P", "S", "Zs"], exclude_characters="\u115f\u1160\u3164\uffa0"
)


@given(st.text(VISIBLE))
def test_visible_text_is_kept_whole(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b2Jcleared", "cleared"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0\x1b\\text", "text"),
        # An introducer without an end hides nothing.
        ("\x1b]0;unfinished and long", "]0;unfinished and long"),
        ("\x1b", ""),
        ("one\r\n\ttwo\u2028three", "one two three"),
        ("\u202egnp.exe", "gnp.exe"),
        ("pass\u200bword\u00ad\ufeff", "password"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("[bold]as it is[/]", "[bold]as it is[/]"),
        ("naïve 漢字 e\u0301 😀", "naïve 漢字 e\u0301 😀"),
    ],
)
def test_what_is_left(text, expected):
    assert plain(text) == expected
