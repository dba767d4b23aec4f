"""What rights are sent so that those of an order stand, or none: pure, over the rights that were read.

Three things are never lost: rights that the rule engine set (they carry a RuleId and cannot be changed: AEOS
manual v33); rights by entrance or entrance group that somebody gave by hand, until everything ends; and the
ids of what stays, so that a server which changes by id and one which replaces the list come to the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hamilton_sdk.acs.aeos.localtime import LocalTime
    from hamilton_sdk.acs.aeos.records import Authorisation
    from hamilton_sdk.acs.aeos.soap import Content, Fields

__all__ = ["TEMPLATE", "Ending", "Wanted", "as_read", "differs", "ended", "given"]

TEMPLATE: Final = "TemplateAuthorisation"
_ORDER: Final = (TEMPLATE, "EntranceGroupAuthorisation", "EntranceAuthorisation")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The rights of an order.

    Attributes:
        online: Ids of the templates of online doors.
        offline: Ids of the templates of offline doors; they have no dates.
        begin: Local text.
        end: Local text.
        enabled: Whether they give access, or are only reserved.
    """

    online: tuple[int, ...]
    offline: tuple[int, ...]
    begin: str
    end: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """When rights end that end now.

    Attributes:
        end: Local text.
        begin: Local text of the second before, for what had not begun.
    """

    end: str
    begin: str

    def begin_of(self, begin: str, local: LocalTime) -> str:
        """A beginning, moved before the end where it would come after it."""
        return begin if local.read_start(begin) < local.read_end(self.end) else self.begin

    def end_of(self, end: str | None, local: LocalTime) -> str:
        """An end, moved to now where it would come later."""
        return self.end if end is None or local.read_end(end) > local.read_end(self.end) else end


def _own(each: Authorisation) -> bool:
    return each.name == TEMPLATE and not each.rule


def given(stand: Sequence[Authorisation], templates: Iterable[int], wanted: Wanted, *, dated: bool) -> Fields:
    """A section of rights in which our templates are those wanted and everything else stays.

    Args:
        stand: The section as read.
        templates: Which templates of this kind.
        wanted: Their dates, and whether they are enabled.
        dated: Whether this kind has dates.
    """
    kept = [(each.name, each.content) for each in stand if not _own(each)]
    ids = {each.subject: _id_of(each) for each in reversed(stand) if _own(each)}
    dates: Fields = (("DateFrom", wanted.begin), ("DateUntil", wanted.end)) if dated else ()
    ours: list[tuple[str, Content]] = [
        (TEMPLATE, (("Id", ids.get(each)), ("Enabled", wanted.enabled), ("TemplateId", each), *dates))
        for each in templates
    ]
    return _sorted([*kept, *ours])


def ended(stand: Sequence[Authorisation], ending: Ending, local: LocalTime) -> Fields:
    """A section of rights in which nothing of ours, and nothing given by hand, gives access any more.

    Rights without dates are left out: disabled ones could not be told from reserved ones later.
    """
    return _sorted(
        [
            (each.name, each.content if each.rule else _closed(each, each.start, ending, local))
            for each in stand
            if each.rule or each.start is not None
        ]
    )


def _closed(each: Authorisation, start: str | None, ending: Ending, local: LocalTime) -> Fields:
    values: dict[str, Content] = {
        "Enabled": False,
        "DateFrom": ending.begin_of(start or ending.begin, local),
        "DateUntil": ending.end_of(each.until, local),
    }
    closed: list[tuple[str, Content]] = []
    for name, content in each.content:
        if name == "DateUntil":
            continue  # it follows DateFrom, whether it was there or not
        closed.append((name, values.get(name, content)))
        if name == "DateFrom":
            closed.append(("DateUntil", values["DateUntil"]))
    return tuple(closed)


def as_read(stand: Sequence[Authorisation]) -> Fields:
    """A section of rights as it was read."""
    return _sorted([(each.name, each.content) for each in stand])


def differs(
    stand: Sequence[Authorisation], templates: Iterable[int], wanted: Wanted, local: LocalTime
) -> bool:
    """Whether our templates in a section are others than those wanted, or have other dates."""
    begin, end = local.read_start(wanted.begin), local.read_end(wanted.end)
    ours = [each for each in stand if _own(each)]
    if sorted(each.subject for each in ours) != sorted(templates):
        return True
    return any(
        each.enabled != wanted.enabled
        or (
            each.start is not None
            and (local.read_start(each.start) != begin or local.read_end(each.until) != end)
        )
        for each in ours
    )


def _sorted(rights: list[tuple[str, Fields]] | list[tuple[str, Content]]) -> Fields:
    return tuple(sorted(rights, key=lambda each: _ORDER.index(each[0])))


def _id_of(each: Authorisation) -> Content:
    return dict(each.content).get("Id")
