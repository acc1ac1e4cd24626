"""The verdict as test results that a build server shows: JUnit XML."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from degrade.findings import SEVERITY, Comparison
from degrade.record import Record
from degrade.report.blocks import FamilyBlock, Row
from degrade.report.escape import plain, shortened
from degrade.report.outline import Section, outline

_LONGEST = 1_000
_FORBIDDEN = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class JUnitReport:
    """The verdict and its metrics as JUnit XML, one suite a comparison.

    A test fails for a loss of the level in the setting ``fail_on`` or worse; of any level without
    it. Tests of metrics fail only along with the verdict, so that a build that passes the gate
    shows none. What cannot be told is skipped.
    """

    name = "junit"
    suffixes = (".xml",)

    def render(self, record: Record) -> str:
        """Return the test results of ``record``."""
        limit = SEVERITY.get(str(record.settings.get("fail_on")), 1)
        said = outline(record)
        suites = [
            _suite(record, comparison, section, limit)
            for comparison, section in zip(record.comparisons, said.sections, strict=True)
        ]
        whole = ET.Element("testsuites", {"name": "degrade", **_sums(suites)})
        if isinstance(record.run.get("seconds"), int | float):
            whole.set("time", f"{record.run['seconds']}")
        whole.extend(suites)
        ET.indent(whole)
        text = ET.tostring(whole, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


REPORTER = JUnitReport()


def _suite(record: Record, comparison: Comparison, section: Section, limit: int) -> ET.Element:
    suite = ET.Element("testsuite", {"name": _text(f"{section.candidate} against "
                                                   f"{section.reference}")})  # fmt: skip
    started = record.run.get("started")
    if isinstance(started, str):
        suite.set("timestamp", _text(started).removesuffix("Z"))
    failing = SEVERITY.get(comparison.verdict.level, 0) >= limit
    cases = [_verdict(section, failing=failing)]
    for block in section.families:
        rows = (row for row in block.rows if row.primary)
        cases += [_metric(section, block, row, limit if failing else None) for row in rows]
    suite.extend(cases)
    for name, number in _counted(cases).items():
        suite.set(name, str(number))
    suite.set("time", "0")
    said = [section.headline, *section.basis, *map(str, section.advice)]
    _child(suite, "system-out", "\n".join(said))
    return suite


def _verdict(section: Section, *, failing: bool) -> ET.Element:
    case = _case(section, "verdict", "Verdict")
    if failing:
        _child(case, "failure", section.headline, message=section.headline, type=section.level)
    elif section.level == "inconclusive":
        _child(case, "skipped", message=section.headline)
    else:
        _child(case, "system-out", section.headline)
    return case


def _metric(section: Section, block: FamilyBlock, row: Row, limit: int | None) -> ET.Element:
    """Return the test of a metric; ``limit`` is the level that fails it, None if none does."""
    case = _case(section, block.name.lower(), f"{row.title} ({row.metric})")
    said = _said(section, row)
    if not row.change:
        _child(case, "skipped", message=row.note)
    elif limit is not None and SEVERITY.get(row.tone or "none", 0) >= limit:
        _child(case, "failure", f"{said}\n{row.note}".rstrip(), message=said, type=row.level)
    elif row.tone == "inconclusive" or row.level == "not counted":
        _child(case, "skipped", message=said)
    else:
        _child(case, "system-out", said)
    return case


def _said(section: Section, row: Row) -> str:
    values = ""
    if row.reference and row.candidate:
        values = f": {section.reference} {row.reference}, {section.candidate} {row.candidate}"
    change = f"{row.change} {row.interval}".rstrip()
    noise = f"; {row.noise} is noise" if row.noise else ""
    level = f" ({row.level})" if row.level else ""
    return f"{row.title}{values}; change {change}{noise}{level}"


def _case(section: Section, family: str, name: str) -> ET.Element:
    # A build server takes what stands before the last dot for a package.
    parts = (part.replace(".", "_") for part in (section.candidate, family))
    return ET.Element(
        "testcase", {"classname": _text(".".join(parts)), "name": _text(name), "time": "0"}
    )


def _child(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> None:
    made = ET.SubElement(parent, tag, {name: _text(value) for name, value in attributes.items()})
    if text:
        made.text = "\n".join(_text(line) for line in text.split("\n"))


def _counted(cases: list[ET.Element]) -> dict[str, int]:
    return {
        "tests": len(cases),
        "failures": sum(case.find("failure") is not None for case in cases),
        "errors": 0,
        "skipped": sum(case.find("skipped") is not None for case in cases),
    }


def _sums(suites: list[ET.Element]) -> dict[str, str]:
    return {
        name: str(sum(int(suite.get(name, "0")) for suite in suites))
        for name in ("tests", "failures", "errors")
    }


def _text(text: str) -> str:
    """Return ``text`` in one line that XML 1.0 can hold."""
    return shortened(_FORBIDDEN.sub("\ufffd", plain(text)), _LONGEST)
