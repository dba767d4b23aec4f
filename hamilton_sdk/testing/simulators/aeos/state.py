"""What the simulated server holds: carriers, visits, identifiers, grants and the site's reference data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal, TypeAlias

from hamilton_sdk.testing.simulators.aeos.errors import UNKNOWN_AUTHORISATION_TYPE, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from hamilton_sdk.testing.simulators.aeos.schema import Schema
    from hamilton_sdk.testing.simulators.aeos.values import Scalar

__all__ = [
    "Authorisation",
    "BlockReason",
    "Carrier",
    "CarrierKind",
    "Door",
    "DoorGroup",
    "Event",
    "Identifier",
    "IdentifierType",
    "Settings",
    "Site",
    "Subject",
    "Template",
    "Visit",
]

CarrierKind: TypeAlias = Literal["Employee", "Visitor"]
Subject: TypeAlias = Literal["Template", "EntranceGroup", "Entrance"]
AuthorisationKind: TypeAlias = Literal["OnLine", "OffLine"]

# The site's further kinds exist, but nothing here has them (AEOS manual v33, unit of authorisation types).
_OTHER_KINDS = ("SecurityLevel", "Soaa", "Loxs", "KeyCabinet")


@dataclass(slots=True)
class Authorisation:
    """One grant of a template, an entrance group or an entrance, of a carrier's own or of a visit.

    Attributes:
        id: Generated.
        subject: What is granted.
        subject_id: Which one.
        kind: Online doors hear of a change at once, offline ones when a card is next written.
        enabled: Whether it counts.
        date_from: Naive server local time; None for offline grants, which have no dates.
        date_until: Naive server local time; None for no end.
        rule_id: Set by the site's rule engine, whose grants cannot be changed through the service.
        schedule_id: For entrances and groups.
        special_days: For entrances and groups, newer generation.
    """

    id: int
    subject: Subject
    subject_id: int
    kind: AuthorisationKind = "OnLine"
    enabled: bool = True
    date_from: datetime | None = None
    date_until: datetime | None = None
    rule_id: int | None = None
    schedule_id: int | None = None
    special_days: bool | None = None


@dataclass(slots=True)
class Carrier:
    """A person who can hold identifiers: an employee or a visitor.

    Attributes:
        id: Generated, over all kinds.
        kind: Employee or visitor.
        fields: Simple elements by name, as they are echoed.
        free_fields: Values by definition id.
        lists: ``ContactPersonIds`` and ``GuideIds``.
        block_reason: Why it is blocked; None while it is not.
        flags: Elements of ``CarrierStates`` that are true.
        authorisations: Its own grants.
        access_during_holiday: As last changed.
    """

    id: int
    kind: CarrierKind
    fields: dict[str, Scalar]
    free_fields: dict[int, str] = field(default_factory=dict[int, str])
    lists: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    block_reason: int | None = None
    flags: set[str] = field(default_factory=set[str])
    authorisations: list[Authorisation] = field(default_factory=list[Authorisation])
    access_during_holiday: bool | None = None

    @property
    def personnel_number(self) -> str:
        """``PersonnelNo``, empty where there is none."""
        return str(self.fields.get("PersonnelNo", ""))


@dataclass(slots=True)
class Visit:
    """A visit with its own grants; times are naive server local time."""

    id: int
    visitor_id: int
    contact_person_id: int
    begin: datetime
    end: datetime
    authorisations: list[Authorisation] = field(default_factory=list[Authorisation])


@dataclass(slots=True)
class Identifier:
    """A badge, tag or number, in one of the states of the manual's drawing.

    Attributes:
        id: Generated.
        type_id: Of which identifier type.
        number: As it was first sent.
        status: 0 free, 1 in use, 2 permanently blocked, 3 temporarily blocked, 4 temporary replacement.
        carrier_id: Who has it; None for nobody.
        replaced_by: The identifier that stands in for it.
        date_blocked: Naive server local time.
        block_reason: Why.
        unit_id: Of which unit.
        end_validity: Naive server local time, of a replacement only.
        before_carrier_block: The status to go back to when its carrier is unblocked.
    """

    id: int
    type_id: int
    number: str
    unit_id: int
    status: int = 0
    carrier_id: int | None = None
    replaced_by: int | None = None
    date_blocked: datetime | None = None
    block_reason: int | None = None
    end_validity: datetime | None = None
    before_carrier_block: int | None = None

    @property
    def blocked(self) -> bool:
        """Whether it opens nothing for now or for good."""
        return self.status in (2, 3)


@dataclass(frozen=True, slots=True)
class IdentifierType:
    """A kind of number, with its alphabet and range as text."""

    id: int
    name: str
    identification: Literal["Number", "String", "Hexadecimal", "BCD"]
    minimum: str | None = None
    maximum: str | None = None


@dataclass(frozen=True, slots=True)
class BlockReason:
    """A reason and where it may be used; ids differ per site."""

    id: int
    description: str
    carrier: bool = False
    identifier: bool = False
    withdraw: bool = False
    withdraw_replaced: bool = False
    replacement: bool = False
    forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A set of doors with their hours."""

    id: int
    name: str
    kind: AuthorisationKind
    entrances: tuple[int, ...]
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """An entrance."""

    id: int
    name: str
    kind: AuthorisationKind


@dataclass(frozen=True, slots=True)
class DoorGroup:
    """An entrance group."""

    id: int
    name: str
    kind: AuthorisationKind
    entrances: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a door."""

    id: int
    type_id: int
    moment: datetime
    entrance_id: int
    number: str
    identifier_id: int | None
    identifier_type: int | None
    carrier_id: int | None
    value: int | None
    attribute: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The switches of `AeosSimulator`, which explains them."""

    zone: tzinfo
    page_cap: int
    mandatory_fields: tuple[str, ...]
    ignored_filters: Collection[str]
    cut_visitor_times: bool
    block_reply: Literal["empty", "identifier"]
    badges_of_removed: Literal["kept", "freed", "refused"]
    visits_of_removed: Literal["refused", "removed"]
    update_interval: timedelta


@dataclass(slots=True)
class Site:
    """All state of the server. Whoever uses it holds the simulator's lock.

    Attributes:
        schema: The types of its generation.
        settings: The switches.
        now: The moment of the call, naive server local time.
        effects: Changes of state that really happened, by operation.
    """

    schema: Schema
    settings: Settings
    now: datetime = datetime.min  # noqa: DTZ901 (server local time is naive; set at each call)
    carriers: dict[int, Carrier] = field(default_factory=dict[int, Carrier])
    visits: dict[int, Visit] = field(default_factory=dict[int, Visit])
    identifiers: dict[int, Identifier] = field(default_factory=dict[int, Identifier])
    events: list[Event] = field(default_factory=list[Event])
    units: dict[int, str] = field(default_factory=dict[int, str])
    identifier_types: dict[int, IdentifierType] = field(default_factory=dict[int, IdentifierType])
    block_reasons: dict[int, BlockReason] = field(default_factory=dict[int, BlockReason])
    free_fields: dict[int, str] = field(default_factory=dict[int, str])
    templates: dict[int, Template] = field(default_factory=dict[int, Template])
    doors: dict[int, Door] = field(default_factory=dict[int, Door])
    door_groups: dict[int, DoorGroup] = field(default_factory=dict[int, DoorGroup])
    schedules: dict[int, str] = field(default_factory=dict[int, str])
    effects: Counter[str] = field(default_factory=Counter[str])
    cards: dict[int, tuple[tuple[Authorisation, ...], datetime]] = field(
        default_factory=dict[int, tuple[tuple[Authorisation, ...], datetime]]
    )
    """What offline rights stand on an identifier's card, and until when, in UTC."""
    _numbers: dict[tuple[int, str], int] = field(default_factory=dict[tuple[int, str], int])
    _next: dict[str, int] = field(
        # The ids of the first things made, so that examples can be told in advance.
        default_factory=lambda: {"carrier": 1201, "visit": 901, "identifier": 101, "grant": 19022, "event": 1}
    )

    def new_id(self, kind: str) -> int:
        """The next id of a kind; never used twice."""
        self._next[kind] += 1
        return self._next[kind] - 1

    def carrier(self, carrier_id: int, kind: CarrierKind | None = None) -> Carrier:
        """A carrier by id.

        Raises:
            Refused: There is none, or it is of another kind.
        """
        carrier = self.carriers.get(carrier_id)
        if carrier is None or kind not in (None, carrier.kind):
            raise Refused(because=f"{kind or 'Carrier'} not found")
        return carrier

    def visits_of(self, carrier_id: int) -> Iterator[Visit]:
        """The visits of a visitor."""
        return (visit for visit in self.visits.values() if visit.visitor_id == carrier_id)

    def identifiers_of(self, carrier_id: int) -> Iterator[Identifier]:
        """What a carrier holds."""
        return (found for found in self.identifiers.values() if found.carrier_id == carrier_id)

    def identifier(self, type_id: int, number: str) -> Identifier | None:
        """An identifier by type and exact number; upper and lower case are the same number."""
        found = self._numbers.get((type_id, number.upper()))
        return None if found is None else self.identifiers[found]

    def add_identifier(self, type_id: int, number: str, unit_id: int) -> Identifier:
        """Make a free identifier of a number never seen."""
        made = Identifier(self.new_id("identifier"), type_id, number, unit_id)
        self.identifiers[made.id] = made
        self._numbers[type_id, number.upper()] = made.id
        return made

    def reason(self, reason_id: int, use: str) -> BlockReason:
        """A block reason that may be used there.

        Raises:
            Refused: There is none, or it is meant for other uses.
        """
        reason = self.block_reasons.get(reason_id)
        if reason is None or not getattr(reason, use):
            raise Refused(because="Block reason not found")
        return reason

    def doors_of(self, subject: Subject, subject_id: int) -> Collection[int]:
        """The entrances that a grant of something opens."""
        if subject == "Template":
            return self.templates[subject_id].entrances
        if subject == "EntranceGroup":
            return self.door_groups[subject_id].entrances
        return (subject_id,)

    def kind_asked(self, name: str | None) -> str:
        """A kind of authorisation in a search.

        Raises:
            Refused: No such kind (code 301).
        """
        if name not in ("OnLine", "OffLine", *_OTHER_KINDS):
            raise Refused(because="Unknown unit of authorisation type", code=UNKNOWN_AUTHORISATION_TYPE)
        return name
