"""A very small AEOS for the adapter's own tests: enough state to see what a sequence of requests leaves."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from tests.acs.aeos.scripted import SCHEMA, Asked, fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from hamilton_sdk.flow import Response

TEMPLATES = {51: "Visitors", 52: "Meeting rooms"}
TYPES = {2: ("Badge", "Number", "10000000", "99999999"), 3: ("QR code", "String", "", "")}
REASONS = {5: ("Suspended", True, False), 6: ("Returned", False, True)}
HOST = 60
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
REMOVED = f'<RemoveResult xmlns="{SCHEMA}" {XSI} xsi:type="xs:string">(null)</RemoveResult>'


@dataclass
class Token:
    type_id: int
    number: str
    carrier: int | None
    status: int = 1
    blocked: bool = False
    id: int = 0


@dataclass
class World:
    """Visitors, visits, profiles and identifiers by id; `answers` is what a `Script` needs."""

    visitors: dict[int, dict[str, str]] = field(default_factory=dict)
    visits: dict[int, dict[str, str]] = field(default_factory=dict)
    profiles: dict[int, str] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    tokens: list[Token] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ids = count(1201)

    @property
    def answers(self) -> dict[str, Callable[[Asked], str | Response]]:
        known = {
            "TemplateSearchInfo": self._templates,
            "IdentifierTypeSearchInfo": self._types,
            "BlockReasonSearch": self._reasons,
            "PersonSearchInfo": self._persons,
            "VisitorSearchInfo": self._find_visitors,
            "VisitorAdd": self._add_visitor,
            "VisitorChange": self._change_visitor,
            "VisitorId": self._remove_visitor,
            "VisitSearchInfo": self._find_visits,
            "VisitAdd": self._add_visit,
            "VisitChange": self._change_visit,
            "VisitId": lambda asked: self._remove(self.visits, asked, 93),
            "CarrierIdProfile": lambda asked: self._profile(int(asked.root.text or "")),
            "ProfileAdd": self._add_rights,
            "ProfileChange": self._change_profile,
            "CarrierIdStates": lambda asked: self._states(int(asked.root.text or "")),
            "CarrierIdBlock": self._block,
            "CarrierIdUnBlock": self._unblock,
            "CarrierIdToken": self._carrier_tokens,
            "IdentifierSearchInfo": self._find_tokens,
            "IdentifierAdd": self._assign,
            "IdentifierWithdraw": self._withdraw,
            "IdentifierWithdrawAndBlock": self._kill,
            "IdentifierUnblock": self._unblock_token,
        }
        return dict(known)

    def open_tokens(self) -> list[str]:
        """Numbers in somebody's hands that are not blocked."""
        return [each.number for each in self.tokens if each.carrier is not None and not each.blocked]

    # Lists

    def _templates(self, asked: Asked) -> str:
        kind = asked.text("TemplateInfo/UnitOfAuthType")
        known = TEMPLATES if kind == "OnLine" else {71: "Offline lockers"}
        each = "<Template><Id>{}</Id><Name>{}</Name><UnitOfAuthType>{}</UnitOfAuthType></Template>"
        items = "".join(each.format(key, name, kind) for key, name in known.items())
        return f"<TemplateList>{items}</TemplateList>"

    def _types(self, _asked: Asked) -> str:
        each = (
            "<Identifier><Id>{}</Id><Name>{}</Name><IdentificationType>{}</IdentificationType>"
            "<MinimumValue>{}</MinimumValue><MaximumValue>{}</MaximumValue></Identifier>"
        )
        items = "".join(each.format(key, *values) for key, values in TYPES.items())
        return f"<IdentifierTypeList>{items}</IdentifierTypeList>"

    def _reasons(self, _asked: Asked) -> str:
        each = (
            "<BlockReason><Id>{}</Id><Description>{}</Description><CarrierBlockReason>{}</CarrierBlockReason>"
            "<IdentifierBlockReason>true</IdentifierBlockReason>"
            "<IdentifierWithdrawReason>{}</IdentifierWithdrawReason></BlockReason>"
        )
        items = [
            each.format(key, name, str(one).lower(), str(other).lower())
            for key, (name, one, other) in REASONS.items()
        ]
        return f"<BlockReasonList>{''.join(items)}</BlockReasonList>"

    def _persons(self, asked: Asked) -> str:
        number = asked.text("PersonInfo/PersonnelNo") or ""
        people = {HOST: "E-77", 61: "E-770"}
        items = [
            f'<Person {XSI} xsi:type="EmployeeInfo"><Id>{key}</Id>'
            f"<LastName>Host</LastName><PersonnelNo>{value}</PersonnelNo></Person>"
            for key, value in people.items()
            if value.startswith(number)
        ]
        return f"<PersonList>{''.join(items)}</PersonList>"

    # Visitors

    def _visitor(self, key: int, root: str) -> str:
        fields = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in self.visitors[key].items())
        return f"<{root}><Id>{key}</Id><CarrierType>Visitor</CarrierType>{fields}</{root}>"

    def _find_visitors(self, asked: Asked) -> str:
        wanted_id, number = asked.text("VisitorInfo/Id"), asked.text("VisitorInfo/PersonnelNo")
        found = [
            key
            for key, fields in self.visitors.items()
            if (wanted_id is None or str(key) == wanted_id)
            and (number is None or fields.get("PersonnelNo", "").startswith(number))
        ]
        start = int(asked.text("SearchRange/startRecordNo") or 0)
        page = found[start : start + int(asked.text("SearchRange/nrOfRecords") or 1000)]
        items = "".join(f"<Visitor>{self._visitor(key, 'VisitorInfo')}</Visitor>" for key in page)
        return f"<VisitorList>{items}</VisitorList>"

    def _add_visitor(self, asked: Asked) -> str:
        key = next(self._ids)
        self.visitors[key] = {
            child.tag.partition("}")[2]: child.text or "" for child in asked.root if not len(child)
        }
        self.profiles[key] = ""
        return self._visitor(key, "VisitorResult")

    def _change_visitor(self, asked: Asked) -> str | Response:
        key = int(asked.text("Id") or "")
        if key not in self.visitors:
            return fault(72, "Visitor not found")
        changed = {child.tag.partition("}")[2]: child.text or "" for child in asked.root}
        del changed["Id"]
        self.visitors[key] |= changed
        return self._visitor(key, "VisitorResult")

    def _remove_visitor(self, asked: Asked) -> str | Response:
        return self._remove(self.visitors, asked, 73)

    def _remove(self, there: dict[int, dict[str, str]], asked: Asked, code: int) -> str | Response:
        key = int(asked.root.text or "")
        if key not in there:
            return fault(code, "Visitor not found")
        del there[key]
        return REMOVED

    # Visits

    def _visit(self, key: int, root: str) -> str:
        inner = "".join(f"<{name}>{text}</{name}>" for name, text in self.visits[key].items())
        return f"<{root}><Id>{key}</Id>{inner}</{root}>"

    def _find_visits(self, asked: Asked) -> str:
        visitor, key = asked.text("VisitorId"), asked.text("Id")
        items = [
            self._visit(each, "Visit")
            for each, fields in self.visits.items()
            if key == str(each) or (key is None and fields["VisitorId"] == visitor)
        ]
        return f"<VisitList>{''.join(items)}</VisitList>"

    def _add_visit(self, asked: Asked) -> str | Response:
        if int(asked.text("VisitorId") or "") not in self.visitors:
            return fault(91)
        key = next(self._ids)
        self.visits[key] = _inner(asked.root)
        return self._visit(key, "VisitResult")

    def _change_visit(self, asked: Asked) -> str | Response:
        key = int(asked.text("Id") or "")
        if key not in self.visits:
            return fault(92)
        self.visits[key] = _inner(asked.root)
        return self._visit(key, "VisitResult")

    # Profiles

    def _profile(self, key: int) -> str | Response:
        if key not in self.visitors:
            return fault(101)
        return f"<ProfileResult><CarrierId>{key}</CarrierId>{self.profiles[key]}</ProfileResult>"

    def _add_rights(self, asked: Asked) -> str | Response:
        fields = _inner(asked.root)
        key = int(fields.pop("CarrierId"))
        if key not in self.visitors:
            return fault(116)
        self.profiles[key] += "".join(f"<{name}>{text}</{name}>" for name, text in fields.items())
        return self._profile(key)

    def _change_profile(self, asked: Asked) -> str | Response:
        key = int(asked.text("CarrierId") or "")
        if key not in self.visitors:
            return fault(111)
        self.profiles[key] = ""
        return self._add_rights(asked)

    # States

    def _states(self, key: int) -> str | Response:
        if key not in self.visitors:
            return fault(100)
        reason = "<BlockReason>5</BlockReason>" if key in self.blocked else ""
        states = f"<Blocked>{str(key in self.blocked).lower()}</Blocked>{reason}"
        return (
            f"<CarrierStateResult><CarrierId>{key}</CarrierId><States>{states}</States></CarrierStateResult>"
        )

    def _block(self, asked: Asked) -> str | Response:
        key = int(asked.text("CarrierId") or "")
        self.blocked.add(key)
        return self._states(key)

    def _unblock(self, asked: Asked) -> str | Response:
        key = int(asked.root.text or "")
        self.blocked.discard(key)
        return self._states(key)

    # Identifiers

    def _token(self, token: Token, root: str = "Identifier") -> str:
        return (
            f"<{root}><Id>{token.id}</Id><IdentifierType>{token.type_id}</IdentifierType>"
            f"<BadgeNumber>{token.number}</BadgeNumber><Blocked>{str(token.blocked).lower()}</Blocked>"
            f"<Status>{token.status}</Status></{root}>"
        )

    def _carrier_tokens(self, asked: Asked) -> str | Response:
        if int(asked.root.text or "") not in self.visitors:
            return fault(103)
        items = [self._token(each) for each in self.tokens if str(each.carrier) == asked.root.text]
        return f"<IdentifierList>{''.join(items)}</IdentifierList>"

    def _find_tokens(self, asked: Asked) -> str:
        number = asked.text("IdentifierSearch/BadgeNumber") or ""
        kind = asked.text("IdentifierSearch/IdentifierType")
        items = [
            f"<IdentifierAndCarrierId>{self._token(each)}"
            + (f"<CarrierId>{each.carrier}</CarrierId>" if each.carrier else "")
            + "</IdentifierAndCarrierId>"
            for each in self.tokens
            if each.number.startswith(number) and kind in {None, str(each.type_id)}
        ]
        return f"<IdentifierAndCarrierIdList>{''.join(items)}</IdentifierAndCarrierIdList>"

    def _known(self, asked: Asked) -> Token | None:
        kind, number = asked.text("IdentifierType"), asked.text("BadgeNumber")
        return next((e for e in self.tokens if str(e.type_id) == kind and e.number == number), None)

    def _assign(self, asked: Asked) -> str | Response:
        token = self._known(asked)
        if token is None:
            token = Token(int(asked.text("IdentifierType") or ""), asked.text("BadgeNumber") or "", None)
            token.id = 100 + len(self.tokens)
            self.tokens.append(token)
        elif token.status != 0:
            return fault(113, "Token is in use by Durand")
        token.carrier, token.status = int(asked.text("CarrierId") or ""), 1
        return self._token(token, "IdentifierResult")

    def _withdraw(self, asked: Asked) -> str | Response:
        token = self._known(asked)
        if token is None or token.carrier is None:
            return fault(125, "Token not found")
        token.carrier = None
        token.status = 2 if token.blocked else 0
        return REMOVED

    def _kill(self, asked: Asked) -> str | Response:
        token = self._known(asked)
        if token is None or token.carrier is None:
            return fault(126, "Token not found")
        token.carrier, token.status, token.blocked = None, 2, True
        return REMOVED

    def _unblock_token(self, asked: Asked) -> str | Response:
        token = self._known(asked)
        if token is None or token.status != 3:
            return fault(124)
        token.status, token.blocked = 1, False
        return ""


def _inner(root: ET.Element) -> dict[str, str]:
    """Children but Id, by name, as text without namespaces."""
    fields: dict[str, str] = {}
    for child in root:
        text = (
            ET.tostring(child, encoding="unicode").replace(f' xmlns:ns0="{SCHEMA}"', "").replace("ns0:", "")
        )
        name = child.tag.partition("}")[2]
        if name != "Id":
            fields[name] = text.partition(">")[2].rpartition("<")[0] if not text.endswith("/>") else ""
    return fields
