"""A corpus by time, in passes of its own."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

from degrade.audited import TimeAudit
from degrade.auditing.chunks import Numbered, labels
from degrade.auditing.counting import Baseline, Gathering
from degrade.auditing.measures import Measures
from degrade.auditing.passes import measured_of
from degrade.auditing.timing import Bins, counted
from degrade.auditing.trending import trends
from degrade.auditing.worst import Worst
from degrade.errors import InputError, UsageError
from degrade.options import Progress
from degrade.readers import Corpus, Fields


@dataclass(frozen=True, slots=True)
class Timing:
    """A corpus of which the source of a document is its time, and the bins of times."""

    field: str
    corpus: Corpus
    bins: Bins
    undated: int

    @classmethod
    def of(cls, opened: Corpus, field: str) -> Timing:
        """Read all times of ``opened``.

        Raises UsageError where there are none, and for documents in memory, which are not kept with
        their times.
        """
        if any(opened.format_of(path) == "spool" for path in opened.paths):
            raise UsageError(
                "documents in memory have one field besides text, id and cluster: name their time "
                "as the source field, or write them to a file"
            )
        fields = opened.fields
        # A copy is as one in another process: it counts for itself, and removes no files.
        timed = copy(opened)
        timed.fields = Fields(fields.text, fields.id, fields.cluster, field)
        try:
            found, example, documents = counted(labels(timed))
        except InputError as error:
            # Read in the place of sources, so it is called that.
            said = str(error).replace("--source-field", "--time-field")
            raise InputError(said) from error
        if not found:
            shown = f"; {example!r} is no date (ISO 8601) and no whole number" if example else ""
            raise UsageError(f"no document has a time in field {field!r}{shown}")
        return cls(field, timed, Bins.of(found), documents - found.total())

    def audited(
        self, measures: Measures, base: Baseline | None, workers: int, progress: Progress | None
    ) -> TimeAudit:
        """Read all documents, and return what they show by time."""
        gathering, numbered = Gathering(Worst(0)), Numbered()
        label = self.bins.label
        for chunk, measured in measured_of(
            self.corpus, numbered, measures, workers, progress, label
        ):
            gathering.add(chunk, measured, numbered)
        names = sorted(filter(None, numbered.sources), key=self.bins.place)
        order = [numbered.sources[name] for name in names]
        found = gathering.gathered(order, base)
        return TimeAudit(
            field=self.field,
            unit=self.bins.unit,
            width=self.bins.width,
            bins=tuple(gathering.sources(names, order, found)),
            undated=self.undated,
            trends=trends(found, names, shared=self.corpus.fields.cluster is not None),
        )
