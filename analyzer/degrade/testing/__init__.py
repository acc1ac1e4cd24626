"""The laws that every metric, summary, reader and engine must pass: ours, and those of plugins.

Each function raises AssertionError, saying which law is broken and how. They need no test runner.
Nor does ``assert_no_degradation``, which tests text.
"""

from degrade.testing.corpora import hostile_corpora, ordinary_documents, varied_documents
from degrade.testing.degradation import assert_no_degradation
from degrade.testing.engine_laws import check_engine
from degrade.testing.metric_laws import check_metric
from degrade.testing.reader_laws import check_reader
from degrade.testing.summary_laws import check_summary

__all__ = [
    "assert_no_degradation",
    "check_engine",
    "check_metric",
    "check_reader",
    "check_summary",
    "hostile_corpora",
    "ordinary_documents",
    "varied_documents",
]
