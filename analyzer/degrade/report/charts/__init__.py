"""The pictures of a report, drawn as SVG in plain Python: no script, no font, no request."""
