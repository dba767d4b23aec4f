"""Examples in docstrings and in Markdown run as tests, so that none of them goes stale."""

from __future__ import annotations

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

_docstrings = Sybil(parsers=[DocTestParser()], path="hamilton_sdk", patterns=["**/*.py"])
_pages = Sybil(parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["README.md", "docs/**/*.md"])

pytest_collect_file = (_docstrings + _pages).pytest()
