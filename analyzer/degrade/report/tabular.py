"""Findings as a table, one row each, as CSV and as Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from degrade.errors import MissingExtraError
from degrade.record import Record
from degrade.report.escape import plain
from degrade.report.frame import COLUMNS, FLAGS, NUMBERS, WHOLE_NUMBERS, rows_of

_FORMULA = tuple("=+-@＝＋－＠")
"""What a spreadsheet takes for the start of a formula; tabs and line breaks are gone by then."""


class CsvReport:
    """Findings as CSV: UTF-8 with a comma between cells and a line a finding.

    A number not there is an empty cell. Text that a spreadsheet would take for a formula has an
    apostrophe before it; numbers are numbers.
    """

    name = "csv"
    suffixes = (".csv",)

    def render(self, record: Record) -> str:
        """Return one row a finding of ``record``."""
        return csv_of(COLUMNS, ([row[name] for name in COLUMNS] for row in rows_of(record)))


class ParquetReport:
    """Findings as Parquet, with the columns and types of ``Run.to_frame``."""

    name = "parquet"
    suffixes = (".parquet",)

    def render(self, record: Record) -> bytes:
        """Return one row a finding of ``record``. Raises MissingExtraError without pyarrow."""
        try:
            import pyarrow as pa
            import pyarrow.parquet as pq
        except ImportError as error:
            raise MissingExtraError(
                "Parquet needs pyarrow: pip install 'degrade[arrow]'; .csv needs nothing"
            ) from error
        kinds = {
            **dict.fromkeys(NUMBERS, pa.float64()),
            **dict.fromkeys(WHOLE_NUMBERS, pa.int64()),
            **dict.fromkeys(FLAGS, pa.bool_()),
        }
        schema = pa.schema([(name, kinds.get(name, pa.string())) for name in COLUMNS])
        rows = [{name: _encodable(cell) for name, cell in row.items()} for row in rows_of(record)]
        file = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), file, compression="zstd")
        return file.getvalue()


CSV = CsvReport()
PARQUET = ParquetReport()


def csv_of(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    """Return ``rows`` of cells under ``columns`` as CSV that no spreadsheet takes for formulas."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return file.getvalue()


def safe(cell: object) -> object:
    """Return what is written for a cell: text in one line that no spreadsheet computes."""
    if not isinstance(cell, str):
        return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else cell
    said = plain(cell)
    return f"'{said}" if said.lstrip().startswith(_FORMULA) else said


def _encodable(cell: object) -> object:
    """Return text that UTF-8 can hold: half a surrogate pair becomes U+FFFD."""
    if isinstance(cell, str):
        return cell.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return cell
