"""The schema of JUnit XML that Jenkins' xUnit plugin and GitLab read, as assertions."""

import re

# Element: required and optional attributes, and what may be inside, in any order.
SCHEMA = {
    "testsuites": (set(), {"name", "time", "tests", "failures", "errors", "disabled"},
                   {"testsuite"}),
    "testsuite": ({"name", "tests"},
                  {"failures", "errors", "skipped", "time", "timestamp", "hostname", "id",
                   "package", "disabled"},
                  {"properties", "testcase", "system-out", "system-err"}),
    "testcase": ({"name", "classname"}, {"time", "status", "assertions"},
                 {"skipped", "error", "failure", "system-out", "system-err"}),
    "failure": (set(), {"message", "type"}, set()),
    "skipped": (set(), {"message"}, set()),
    "system-out": (set(), set(), set()),
}  # fmt: skip


def assert_valid(root):
    """Fail unless ``root`` is a testsuites element as the schema has it, its counts being right."""
    assert root.tag == "testsuites"
    for element in root.iter():
        required, optional, inside = SCHEMA[element.tag]
        assert required <= set(element.attrib) <= required | optional, element.tag
        assert {child.tag for child in element} <= inside, element.tag
        for name in ("tests", "failures", "errors", "skipped"):
            assert re.fullmatch(r"\d+", element.get(name, "0"))
        assert re.fullmatch(r"\d+(\.\d+)?(e[+-]?\d+)?", element.get("time", "0"))
        stamp = element.get("timestamp", "2026-01-01T00:00:00")
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", stamp)
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        for kind, tag in (("failures", "failure"), ("skipped", "skipped"), ("errors", "error")):
            assert int(suite.get(kind)) == sum(case.find(tag) is not None for case in cases)
    for name in ("tests", "failures", "errors"):
        assert int(root.get(name)) == sum(int(suite.get(name)) for suite in root)
