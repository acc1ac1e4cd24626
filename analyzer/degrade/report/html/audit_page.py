"""An audit as one page: what stands out and why, all sources, and the worst documents."""

from __future__ import annotations

from collections.abc import Sequence

from degrade.audited import Audit, SourceAudit
from degrade.report import figures
from degrade.report.audit import Account, Standout, account_of
from degrade.report.escape import plain
from degrade.report.html.page import footer, whole
from degrade.report.html.parts import badge, section, table
from degrade.report.markup import Markup, element, joined

_SOURCES = 500
_COLUMNS = ("Source", "Documents", "Words", "Copies", "Near-duplicates", "Stands out for")


def page(found: Audit) -> str:
    """Return the page of ``found``: equal audits, equal bytes."""
    account = account_of(found)
    bar = element("header", element("span", "degrade", class_="brand"), class_="bar")
    main = element("main", *_blocks(found, account), id="report")
    return whole(f"Audit of {plain(found.name)}", joined(bar, main, footer()))


def _blocks(found: Audit, account: Account) -> list[Markup]:
    blocks = [_hero(found, account)]
    if account.sources:
        why = "Worse than the others beyond chance, and by enough to matter; the worst first."
        parts = _standing_out(account.sources)
        blocks.append(section("standing-out", "Sources that stand out", *parts, lead=why))
    blocks.append(_all("sources", "All sources", found.sources, account.too_little))
    if account.shards:
        parts = [*_standing_out(account.files), _sources_table(found.shards, "File")]
        blocks.append(section("files", "By file", *parts, lead=account.shards))
    if account.time and found.time is not None:
        blocks.append(
            section(
                "times",
                "By time",
                _listed(account.trends),
                *_standing_out(account.times),
                _sources_table(found.time.bins, "Time"),
                lead=account.time,
            )
        )
    if account.against:
        lead, *lines = account.against
        blocks.append(section("baseline", "Against the baseline", _listed(lines), lead=lead))
    if account.machine is not None:
        rows = table("Shares of machine text", ("Source", "Share"), account.machine.sources)
        parts = [_listed(account.machine.warnings), rows if account.machine.sources else Markup()]
        blocks.append(section("machine", "Machine text", *parts, lead=account.machine.headline))
    for i, phrases in enumerate(account.bursts):
        rows = table("Phrases", ("Of", "Documents and phrase"), phrases.rows)
        shown = rows if phrases.rows else Markup()
        blocks.append(section(f"bursts-{i + 1}", "Bursts", shown, lead=phrases.headline))
    blocks.append(
        section(
            "worst",
            "The worst documents",
            _listed(account.listing),
            table("The worst documents", ("Where", "Document and reasons"), account.worst),
            lead=account.documents,
        )
    )
    blocks.append(section("how", "How this was told", _listed(account.notes)))
    return blocks


def _hero(found: Audit, account: Account) -> Markup:
    return element(
        "section",
        element("p", f"Audit of {plain(found.name)}", class_="title"),
        element("h1", badge(account.badge, account.tone, large=True), id="worse-title"),
        element("p", account.headline, class_="headline"),
        class_=f"hero t-{account.tone}",
        aria_labelledby="worse-title",
    )


def _standing_out(sources: Sequence[Standout]) -> list[Markup]:
    return [
        joined(element("h3", f"{each.name} ({each.size})"), _listed(each.reasons))
        for each in sources[:_SOURCES]
    ]


def _listed(lines: Sequence[str]) -> Markup:
    return element("ul", *(element("li", line) for line in lines)) if lines else Markup()


def _all(key: str, title: str, sources: Sequence[SourceAudit], lead: str) -> Markup:
    more = ""
    if len(sources) > _SOURCES:
        more = f"The first {_SOURCES} of {figures.count(len(sources))}: all are in the JSON. "
    return section(key, title, _sources_table(sources, "Source"), lead=f"{more}{lead}")


def _sources_table(sources: Sequence[SourceAudit], kind: str) -> Markup:
    rows = []
    for each in sources[:_SOURCES]:
        copies, alike = (
            figures.percent(count / max(1, each.documents))
            for count in (each.copies, each.near_duplicates)
        )
        rows.append(
            (
                plain(each.name) or "(none)",
                figures.count(each.documents),
                figures.count(each.words),
                copies,
                alike,
                ", ".join(judged.measure for judged in each.stands_out),
            )
        )
    return table("What was counted", (kind, *_COLUMNS[1:]), rows)
