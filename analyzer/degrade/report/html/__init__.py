"""The report as one HTML page that asks for nothing: no network, no font, no library."""

from degrade.report.html.page import REPORTER, HtmlReport, page

__all__ = ["REPORTER", "HtmlReport", "page"]
