"""Parsing 1,000 visitor records from one find reply: ours, zeep with the same reply, and bare ElementTree."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree as ET

import zeep
from requests import Response

from benchmarks.measure import Row, in_turn
from hamilton_sdk.acs.aeos import messages
from hamilton_sdk.acs.aeos.soap import read_envelope

__all__ = ["rows"]

# A schema of our own that describes the same messages; the tests drive the simulator with it.
_WSDL = Path(__file__).parent.parent / "tests" / "testing" / "aeos_wsdl" / "aeos.wsdl"
_RECORDS = 1000
_LARGEST = 16 * 1024 * 1024

_RECORD = """<Visitor><VisitorInfo><Id>{id}</Id><CarrierType>Visitor</CarrierType><UnitId>1</UnitId>\
<ArrivalDateTime>2026-03-27T08:45:00</ArrivalDateTime><LeaveDateTime>2026-03-27T18:00:00</LeaveDateTime>\
<ReadOnly>false</ReadOnly><Freefield><DefinitionId>12</DefinitionId><Name>ExternalId</Name>\
<value>HV-2026-{id}</value></Freefield><LastName>Durand-{id}</LastName><PersonnelNo>HV-{id}</PersonnelNo>\
<FirstName>Zoé</FirstName><Gender>Unknown</Gender><Language>fr</Language><Email>zoe.{id}@example.org</Email>\
<ContactPersonId>60</ContactPersonId><Company>Exemple &amp; Fils</Company></VisitorInfo></Visitor>"""


def _reply() -> bytes:
    records = "".join(_RECORD.format(id=number) for number in range(1, _RECORDS + 1))
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>'
        '<VisitorList xmlns:ns2="http://www.nedap.com/aeosws" xmlns="http://www.nedap.com/aeosws/schema">'
        f"{records}</VisitorList></soap:Body></soap:Envelope>"
    ).encode()


def _ours(body: bytes) -> list[Any]:
    message = messages.find_visitors({"PersonnelNo": "HV-"}, 0, _RECORDS)
    root = read_envelope(body, _LARGEST).root
    if root is None:
        text = "the reply has no root"
        raise RuntimeError(text)
    return list(message.read(root).items)


class _Zeep:
    def __init__(self, body: bytes) -> None:
        self._client = zeep.Client(str(_WSDL))
        service = next(iter(self._client.wsdl.services.values()))
        self._binding = next(iter(service.ports.values())).binding
        self._operation = self._binding.get("findVisitor")
        response = Response()
        response.status_code = 200
        response.headers["Content-Type"] = "text/xml; charset=utf-8"
        response._content = body
        self._response = response

    def parse(self) -> list[Any]:
        reply = self._binding.process_reply(self._client, self._operation, self._response)
        return cast("list[Any]", reply.Visitor)


def rows() -> list[Row]:
    """How many times faster than zeep, both having read the same."""
    body = _reply()
    peer = _Zeep(body)
    ours, theirs = _ours(body), peer.parse()
    same = [(each.id, each.last_name, each.personnel_no) for each in ours] == [
        (each.VisitorInfo.Id, each.VisitorInfo.LastName, each.VisitorInfo.PersonnelNo) for each in theirs
    ]
    if not same or len(ours) != _RECORDS:
        text = "ours and zeep read different things: the comparison would say nothing"
        raise RuntimeError(text)
    times = in_turn(
        {"ours": lambda: _ours(body), "zeep": peer.parse, "floor": lambda: ET.fromstring(body)},  # noqa: S314 (ours)
        rounds=15,
    )
    ours_ms, zeep_ms, floor_ms = (times[name] * 1000 for name in ("ours", "zeep", "floor"))
    made_of = (
        f"ours {ours_ms:.1f} ms, zeep {zeep.__version__} {zeep_ms:.1f} ms, ElementTree {floor_ms:.1f} ms"
    )
    speed = f"parsing {_RECORDS} visitors: zeep takes, of our time"
    floor = "  ours takes, of bare ElementTree's time"
    return [
        Row(speed, zeep_ms / ours_ms, "x", 7, at_most=False, note=made_of),
        Row(floor, ours_ms / floor_ms, "x", note="the floor: nothing is read from the tree"),
    ]
