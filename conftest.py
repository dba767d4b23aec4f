"""Examples in docstrings and in Markdown run as tests, so that none of them goes stale."""

from __future__ import annotations

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

_docstrings = Sybil(parsers=[DocTestParser()], path="hamilton_sdk", patterns=["**/*.py"])
_pages = Sybil(parsers=[PythonCodeBlockParser(), SkipParser()], patterns=["README.md", "docs/**/*.md"])

pytest_collect_file = (_docstrings + _pages).pytest()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a document's examples in their order, whatever the shuffle: each builds on those before it."""
    places = [place for place, item in enumerate(items) if isinstance(item, SybilItem)]
    examples = sorted((items[place] for place in places), key=_place_in_document)
    for place, item in zip(places, examples, strict=True):
        items[place] = item


def _place_in_document(item: pytest.Item) -> tuple[str, int]:
    path, line, _ = item.reportinfo()
    return str(path), line or 0
