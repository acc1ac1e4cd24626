"""An audit: a corpus read once, in bounded memory, and what that shows."""

from __future__ import annotations

from contextlib import ExitStack
from copy import copy
from dataclasses import replace
from pathlib import Path

from degrade import registry
from degrade.audited import Audit
from degrade.auditing.chunks import Numbered
from degrade.auditing.counting import Baseline, Gathering
from degrade.auditing.flags import Flags
from degrade.auditing.measures import Measures
from degrade.auditing.passes import measured_of
from degrade.auditing.shares import References
from degrade.auditing.standing import with_list
from degrade.auditing.timed import Timing
from degrade.auditing.whole import against, bursts_in
from degrade.auditing.worst import Worst
from degrade.baselines import open_baseline
from degrade.corpora import PROFILE_SUFFIX, Opened
from degrade.engines.local import available_cores
from degrade.errors import ProfileError, UsageError
from degrade.options import Progress
from degrade.profiles import Profile
from degrade.readers import Corpus, Fields, OnError, open_corpus
from degrade.readers.plain import Split
from degrade.text.document import Document

WORST = 1_000


def audit(
    corpus: object,
    *,
    source_field: str | None = None,
    time_field: str | None = None,
    shards: bool = False,
    baseline: object = None,
    store: str | None = None,
    human: object = None,
    machine: object = None,
    bursts: bool = False,
    worst: int = WORST,
    write_flags: str | Path | None = None,
    text_field: str = "text",
    id_field: str | None = None,
    cluster_field: str | None = None,
    split: Split | None = None,
    format: str | None = None,  # noqa: A002 - the option's name
    limit: int | None = None,
    on_error: OnError = "fail",
    workers: int = 0,
    progress: Progress | None = None,
) -> Audit:
    """Return which sources of ``corpus`` stand out, and its worst documents.

    A source is what ``source_field`` holds, or else a file; files are told besides with ``shards``,
    and times with ``time_field``. Each is held against the rest of the corpus and, in what
    documents themselves show, against the sampled documents of ``baseline``, where one is given: a
    profile, or the name of one in the baseline ``store``, with which the whole is compared too.
    With ``bursts``, phrases of one source or time are looked for. How much of each is like
    ``machine`` text and not like ``human`` text is told where both are given, as by
    ``degrade.machine_share``. What was measured of each document is written to the folder
    ``write_flags``, in files that line up with those of the corpus. At most ``worst`` documents are
    listed.

    Files, times, the baseline and bursts take passes of their own, and so do the documents of a
    source that stands out, where they are listed for that. Memory does not grow with the
    corpus beyond the capacities of ``Copies``, ``Alike``, ``Variety`` and ``Drawing``, and some
    kilobytes a source. The same comes of any number of ``workers`` (0: all cores). Raises
    UsageError for a profile in place of a corpus, where no document names a source and where flags
    cannot be written, ProfileError for a baseline that keeps no documents.
    """
    if workers < 0 or worst < 0:
        raise UsageError("workers and worst count something: 0 or more")
    if isinstance(corpus, str | Path) and str(corpus).endswith(PROFILE_SUFFIX):
        raise UsageError(f"{corpus}: an audit reads documents, and a profile is a summary of them")
    measures = Measures.found(fractions=write_flags is not None)
    workers = workers or available_cores()
    reading = {"text_field": text_field, "on_error": on_error, "workers": workers}
    references = References.of(human, machine, store, reading)
    held = _opened(baseline, store) if baseline is not None else None
    base = _measured(held, measures) if held is not None else None
    with ExitStack() as stack:
        opened = stack.enter_context(
            open_corpus(
                corpus,
                Fields(text_field, id_field, cluster_field, source_field),
                split=split,
                format=format,
                limit=limit,
                on_error=on_error,
                readers=registry.all_of(registry.READERS),
            )
        )
        timing = None if time_field is None else Timing.of(opened, time_field)
        flags = None
        if write_flags is not None:
            flags = stack.enter_context(Flags.of(str(write_flags), opened, corpus))
        gathering = Gathering(Worst(worst), flags, references)
        found = _audited(gathering, opened, measures, base, workers, progress)
        listing = gathering.worst
        # Its tables are not needed while other passes fill theirs.
        del gathering
        if shards and source_field is not None:
            files = copy(opened)
            files.fields = replace(opened.fields, source=None)
            told = _audited(Gathering(Worst(0)), files, measures, base, workers, progress)
            found = replace(found, shards=told.sources)
        found = with_list(found, listing, opened, measures, workers, progress)
        if timing is not None:
            found = replace(found, time=timing.audited(measures, base, workers, progress))
        if held is not None:
            compared, note = against(held, opened, workers, progress)
            found = replace(found, against=compared, against_note=note)
        return _with_bursts(found, opened, timing) if bursts else found


def _audited(
    gathering: Gathering,
    corpus: Corpus,
    measures: Measures,
    base: Baseline | None,
    workers: int,
    progress: Progress | None,
) -> Audit:
    """Return what one pass over ``corpus`` shows."""
    numbered = Numbered()
    for chunk, measured in measured_of(corpus, numbered, measures, workers, progress):
        gathering.add(chunk, measured, numbered)
    if [*numbered.sources] == [""]:
        raise UsageError(f"no document has a source in field {corpus.fields.source!r}")
    return gathering.audit(corpus, numbered, base, workers)


def _with_bursts(found: Audit, corpus: Corpus, timing: Timing | None) -> Audit:
    """Return ``found`` with the bursts of sources and of times; of a single one there are none."""
    if len(found.sources) > 1:
        found = replace(found, bursts=bursts_in(corpus))
    if timing is not None and found.time is not None and len(found.time.bins) > 1:
        of_times = bursts_in(timing.corpus, timing.bins.label)
        found = replace(found, time=replace(found.time, bursts=of_times))
    return found


def _opened(given: object, store: str | None) -> Opened:
    """Return the profile that is meant by ``given``."""
    opened = open_baseline(given, store)
    if isinstance(opened, Profile):
        opened = Opened("baseline", None, opened)
    if not isinstance(opened, Opened) or opened.profile is None:
        raise UsageError(
            f"--baseline {given}: a profile is meant (`degrade profile TEXT -o FILE.profile`), or "
            "the name of one in a baseline store (--store)"
        )
    return opened


def _measured(baseline: Opened, measures: Measures) -> Baseline:
    sample = [*baseline.profile.sample] if baseline.profile is not None else []
    if not sample:
        raise ProfileError(
            f"{baseline.file or baseline.name}: the profile keeps no documents to measure; make it "
            "without --no-text"
        )
    documents = [Document(each.text, each.id) for each in sample]
    return Baseline.of(documents, [each.cluster for each in sample], measures)
