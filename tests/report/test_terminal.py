import io
import re

import pytest
from example_records import RECORDS, comparison, everything, finding, record, severe, unharmed
from golden_files import FOLDER, golden
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from degrade.report import terminal
from degrade.report.outline import outline

CASES = everything()
WIDTHS = (60, 80, 100, 120, 200)


def lines(name, width=100, **how):
    return terminal.render(CASES[name], width, **how).split("\n")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.mark.parametrize("name", golden())
def test_the_whole_report_is_as_kept(name):
    # Meant to change? PYTHONPATH=analyzer python tests/report/golden_files.py, and read the diff.
    assert golden()[name] == (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", CASES)
def test_no_line_is_wider_than_asked(name, width):
    assert max(map(cell_len, lines(name, width))) <= width


@given(RECORDS, st.sampled_from(WIDTHS), st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_record_breaks_the_report(record, width, details):
    text = terminal.render(record, width, details=details)
    assert max(map(cell_len, text.split("\n"))) <= width
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", CASES)
def test_the_verdict_comes_first_at_every_width(name, width):
    section = outline(CASES[name]).sections[0]
    text = [line for line in lines(name, width) if line.strip()]
    if len(outline(CASES[name]).sections) == 1:
        assert text[0].startswith(f" {section.badge.capitalize()} ")
        # A name as long as the hostile one pushes the verdict down by a line.
        assert section.headline[:20] in text[1][:20] + text[2][:20]
    else:
        assert text[0] == "3 candidates against gen0-heldout, in order"
        assert text[1].startswith("Against gen0-heldout: ")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", CASES)
def test_colour_adds_no_word_and_takes_none(name, width):
    styled = terminal.render(CASES[name], width, styled=True)
    assert "\x1b[" in styled
    bare = re.sub(r"\x1b\[[0-9;]*m", "", styled)
    unstyled = "\n".join(lines(name, width))
    assert [line.rstrip() for line in bare.split("\n")] == unstyled.split("\n")


@pytest.mark.parametrize("width", WIDTHS)
def test_every_finding_of_the_verdict_is_shown_at_every_width(width):
    text = " ".join(lines("severe", width))
    for block in outline(CASES["severe"]).sections[0].families:
        for row in block.rows:
            if row.primary:
                for words in (row.title, row.reference, row.candidate, row.change, row.interval):
                    assert words in text


def test_what_is_not_of_the_verdict_is_shown_on_request_or_when_alone():
    title = "Moving-average type-token ratio"
    assert title not in "\n".join(lines("severe"))
    assert "1 more measure is in the run file" in "\n".join(lines("severe"))
    assert title in "\n".join(lines("severe", details=True))
    alone = comparison("new", "none", (finding("mattr", (0.7, 0.6), (-0.1, -0.2, 0)),), families={})
    assert title in terminal.render(record(alone), 100)


def test_markup_in_the_text_of_others_is_shown_and_not_obeyed():
    assert "[bold]red[/]evil<script>" in "\n".join(lines("hostile"))


def test_no_escape_sequence_of_others_reaches_a_terminal():
    styled = terminal.render(CASES["hostile"], 100, styled=True)
    assert set(re.findall(r"\x1b[^m]*m?", styled)) <= set(re.findall(r"\x1b\[[0-9;]*m", styled))
    assert "\u202e" not in styled
    assert "owned" not in styled


def test_a_bar_shows_where_each_interval_lies_when_there_is_room():
    (line,) = [line for line in lines("unharmed", 140) if "Word types" in line]
    # From 3% better (one step left of no change) to 5% worse (a quarter past minor).
    assert "━━━━┿━●━┿━··│···│····" in line
    (line,) = [line for line in lines("unharmed", 100) if "Word types" in line]
    assert line.index("━━━━┿━●━┿━··│···│····") < line.index("below moderate")
    assert "●" not in "\n".join(lines("unharmed", 60))


def test_a_finding_takes_one_line_where_it_fits_and_two_where_not():
    rows = {
        width: [line for line in lines("severe", width) if "14,210" in line] for width in WIDTHS
    }
    assert "Word types at matched size" in rows[120][0]
    assert "Word types at matched size" not in rows[60][0]
    assert "severe" in rows[120][0]
    # Noise is not left out for want of room.
    assert all("2.6%" in row[0] for row in rows.values())


def test_the_ngram_stays_visible_however_narrow():
    for width in WIDTHS:
        assert "[right honourable]" in "\n".join(lines("severe", width))


def test_generations_that_do_not_fit_side_by_side_go_below(monkeypatch):
    many = [
        comparison(
            f"gen{at}", "none", (finding("types_1", (1, 1), (-0.01, -0.02, 0.0)),), families={}
        )
        for at in range(12)
    ]
    text = terminal.render(record(*many), 60)
    table = text[: text.index("─")]
    assert all(f"gen{at}" in table for at in range(12))
    assert table.count("Verdict") > 1


def test_of_several_candidates_the_worst_is_shown_whole_and_others_on_request():
    few, all_ = "\n".join(lines("generations")), "\n".join(lines("generations", details=True))
    for made in outline(CASES["generations"]).sections:
        assert made.headline.split(".")[0] in " ".join(few.split())
    assert few.count("How sure") + few.count("Both seen") == 2
    assert all_.count("Both seen") == 3
    assert "shown with --details" in few
    assert "shown with --details" not in all_


def test_bars_show_the_course_of_each_measure():
    # Half a step to minor, one and a quarter past it, then far past severe.
    (row,) = [
        line for line in lines("generations", 120) if line.startswith("Word types") and "█" in line
    ]
    assert "▂▃█" in row
    assert "how far towards severe" in " ".join(lines("generations", 120))
    two = terminal.render(record(unharmed(), severe()), 120)
    assert not re.search("[▁-█]", two)


@pytest.mark.parametrize("width", WIDTHS)
def test_every_trend_of_the_verdict_is_shown_at_every_width(width):
    text = " ".join(terminal.render(CASES["generations"], width).split())
    start = text.index("Trend from gen0 to gen5")
    text = text[start : text.index("\u2500", start)]
    assert "another run of the same training recipe may go otherwise" in text
    for row in outline(CASES["generations"]).trend.rows:
        if row.primary:
            for words in (row.slope, row.interval, row.p, row.date):
                assert words in text, row.metric
    assert "Moving-average" not in text


def test_a_trend_takes_one_line_where_it_fits_and_two_where_not():
    rows = {
        width: next(line for line in lines("generations", width) if "[-10.7, -10.0]" in line)
        for width in (60, 120)
    }
    assert rows[120].startswith("Word types at matched size")
    assert rows[60].startswith("    -10.4% [-10.7, -10.0], p < 0.0001")


def test_the_other_trends_are_shown_on_request():
    assert "Moving-average type-token ratio" in "\n".join(lines("generations", 120, details=True))


def shown(monkeypatch, stream, **environment):
    for name in ("NO_COLOR", "COLUMNS", "TERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    terminal.show(CASES["severe"], stream)
    return stream.getvalue()


def test_a_pipe_gets_no_escape_sequence(monkeypatch):
    assert "\x1b" not in shown(monkeypatch, io.StringIO(), FORCE_COLOR="1", TERM="xterm")


def test_a_terminal_gets_colour(monkeypatch):
    assert "\x1b[31m" in shown(monkeypatch, Terminal(), TERM="xterm-256color")


def test_no_color_takes_away_colour(monkeypatch):
    text = shown(monkeypatch, Terminal(), TERM="xterm-256color", NO_COLOR="1")
    styles = {part for found in re.findall(r"\x1b\[([0-9;]*)m", text) for part in found.split(";")}
    assert styles <= {"", "0", "1", "2", "4"}


def test_a_dumb_terminal_gets_no_escape_sequence(monkeypatch):
    assert "\x1b" not in shown(monkeypatch, Terminal(), TERM="dumb")


@pytest.mark.parametrize(("columns", "width"), [("72", 72), ("20", 60), ("900", 200)])
def test_the_window_sets_the_width(monkeypatch, columns, width):
    text = shown(monkeypatch, io.StringIO(), COLUMNS=columns)
    assert text == terminal.render(CASES["severe"], width)


def test_a_stream_without_the_signs_gets_plainer_ones(monkeypatch):
    buffer = io.BytesIO()
    stream = io.TextIOWrapper(buffer, encoding="ascii", newline="")
    monkeypatch.setenv("COLUMNS", "160")
    terminal.show(CASES["severe"], stream)
    stream.flush()
    text = buffer.getvalue().decode("ascii")
    assert "41 -> 0" in text
    # None but those that families ask.
    assert text.count("?") == terminal.render(CASES["severe"], 160).count("?")
    assert "=o=" in text
