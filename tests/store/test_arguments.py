"""What no database can keep is refused, and told by its name, never by its value."""

from __future__ import annotations

import pytest

from hamilton_sdk.errors import ConfigurationError
from hamilton_sdk.store.arguments import check_number, check_text


@pytest.mark.parametrize("text", ["a\x00b", "\ud800", "x\udfff"])
def test_text_that_no_database_keeps_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationError, match="site holds a character that a database cannot keep"):
        check_text("site", text)
    check_text("site", "Zoé 🚪")
    check_text("site", None, type(None))
    with pytest.raises(TypeError, match="site must be str, not int"):
        check_text("site", 5)


@pytest.mark.parametrize("number", [2**63, -(2**63), 2**70])
def test_a_number_of_more_than_64_bits_is_refused(number: int) -> None:
    with pytest.raises(ConfigurationError, match="delivery is no number of 64 bits"):
        check_number("delivery", number)
    check_number("delivery", 2**63 - 1)
    check_number("delivery", None, type(None))
    with pytest.raises(TypeError, match="delivery must be int, not bool"):
        check_number("delivery", True)
