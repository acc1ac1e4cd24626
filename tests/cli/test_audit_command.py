"""``degrade audit`` from the shell: what it says, what it writes, how it exits."""

import json
import unicodedata

import pytest

HOSTILE = "\x1b]0;owned\x07\x1b[31m[bold]red[/]\u202eevil\r\n=1+1"


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """Work in a folder with a corpus of two sources, one of them full of copies."""
    monkeypatch.chdir(tmp_path)
    rows = [
        {
            "id": f"{HOSTILE}{i}",
            "site": site,
            "text": f"{HOSTILE} {site[:3]} says "
            + " ".join(f"{i % several}x{k}" for k in range(9)),
        }
        for site, several in ((f"bad{HOSTILE}", 100), ("good", 400))
        for i in range(400)
    ]
    (tmp_path / "some.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return tmp_path


def test_a_source_of_copies_is_named_and_all_of_it_written(degrade, copied):
    outputs = [word for name in ("a.json", "w.jsonl", "w.parquet") for word in ("-o", name)]
    status, said, errors = degrade("audit", "some.jsonl", "--source-field", "site", *outputs)
    assert status == 0
    assert "1 of 2 sources stands out" in said
    shown = " ".join(said.split())
    assert "Copies: 400 of 400 documents (100.0%) say the same as another document" in shown
    assert "elsewhere 0 of 400 (0%)" in shown
    assert "Too little to tell, by one measure or more: 2 sources" in shown
    assert "300 documents worth a look: copy, 300" in shown
    assert "Written to a.json" in errors
    whole = json.loads((copied / "a.json").read_text("ascii"))
    assert (whole["schema_version"], whole["documents"], whole["bad"]) == (1, 800, 300)
    assert whole["sources"][0]["name"] == f"bad{HOSTILE}"
    listed = [json.loads(line) for line in (copied / "w.jsonl").read_text("ascii").splitlines()]
    assert listed == whole["worst"]
    assert len(listed) == 300
    parquet = pytest.importorskip("pyarrow.parquet")
    assert parquet.read_table(copied / "w.parquet").to_pylist() == listed


def test_hostile_names_do_nothing_to_a_terminal(degrade, copied):
    _, said, _ = degrade("audit", "some.jsonl", "--source-field", "site", "--bursts")
    assert "[bold]red[/]evil" in said
    assert "burst: of one source, beyond chance" in said
    assert not [c for c in said if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")]


def test_a_clean_corpus_says_so(degrade, samples):
    status, said, _ = degrade("audit", "gen[01]/part-000.jsonl")
    assert status == 0
    assert "No source stands out" in said


def test_one_source_is_not_called_clean(degrade, samples):
    status, said, _ = degrade("audit", "gen5")
    assert status == 0
    assert "Too little to tell sources apart" in said
    assert "stands out" not in said.split("\n")[1]
    assert "name a field by --source-field, or good text by --baseline" in " ".join(said.split())


def test_no_more_documents_are_written_than_asked_for(degrade, copied):
    arguments = ("--worst", "5", "-q", "-o", "w.jsonl")
    assert degrade("audit", "some.jsonl", "--source-field", "site", *arguments)[:2] == (0, "")
    assert len((copied / "w.jsonl").read_text("ascii").splitlines()) == 5


def test_times_are_told_and_dated(degrade, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        {"id": f"{year}-{i}", "year": year, "text": f"{year} has {i % several} and {i % several}"}
        for year, several in ((2019, 900), (2020, 900), (2021, 900), (2022, 300), (2023, 300))
        for i in range(900)
    ]
    (tmp_path / "some.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    status, said, _ = degrade("audit", "some.jsonl", "--time-field", "year", "-o", "a.json")
    assert status == 0
    shown = " ".join(said.split())
    assert said.split("\n")[1] == " 2 of 5 times stand out"
    assert "name a field" not in shown
    assert "By year (year): 5 years, 2019 to 2023." in shown
    assert "Copies grow worse: 0% in 2019, 100.0% in 2023; " in shown
    assert "beyond the least that matters since 2022." in shown
    time = json.loads((tmp_path / "a.json").read_text("ascii"))["time"]
    assert [each["name"] for each in time["bins"]] == ["2019", "2020", "2021", "2022", "2023"]
    assert {t["measure"]: t["since"] for t in time["trends"]}["copies"] == "2022"


def test_flags_line_up_and_change_nothing_that_is_said(degrade, copied):
    status, said, errors = degrade("audit", "some.jsonl", "--write-flags", "flags")
    assert (status, said) == (0, degrade("audit", "some.jsonl")[1])
    assert "Written to flags" in errors
    lines = (copied / "flags" / "some.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["id"] for row in rows[:2]] == [f"{HOSTILE}0", f"{HOSTILE}1"]
    assert len(rows) == 800


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("some.jsonl", "--time-field", "site"), "no document has a time in field 'site'; 'bad"),
        (("some.jsonl", "--time-field", "nowhere"), "name it with --time-field"),
        (("some.jsonl", "--human", "some.jsonl"), "name machine text as well (--machine)"),
        (("some.jsonl", "--write-flags", "."), "take the place of a file of the corpus"),
        (("some.jsonl", "--write-flags", "some.jsonl"), "some.jsonl is a file"),
        ((".", "--write-flags", "flags"), "flags lies in ., where flags would be read"),
        (("some.jsonl", "--write-flags", "memory://flags"), "not to a URL"),
        (("some.jsonl", "-o", "worst.txt"), ".json, .html, .jsonl, .parquet"),
        (("some.jsonl", "--source-field", "nowhere"), 'no field "nowhere"'),
        (("gone.jsonl",), "gone.jsonl"),
        (("some.profile",), "a profile is a summary"),
        (("some.jsonl", "--baseline", "gone.profile"), "gone.profile"),
        (("some.jsonl", "--text-field", "body"), "some.jsonl, line 1"),
    ],
)
def test_bad_use_is_named_and_nothing_is_written(degrade, copied, arguments, message):
    status, said, errors = degrade("audit", *arguments, "-o", "a.json")
    assert (status, said) == (2, "")
    assert message in errors
    assert "Traceback" not in errors
    assert not (copied / "a.json").exists()
