"""The table of types agrees with the description that third-party clients are given, which was made apart."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from hamilton_sdk.testing.simulators.aeos.operations import OPERATIONS
from hamilton_sdk.testing.simulators.aeos.schema import SIMPLE, schema
from hamilton_sdk.testing.simulators.aeos.tables import VALUES

FOLDER = Path(__file__).parents[2] / "aeos_wsdl"
XS = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
NEWER = schema("newer")

# Kinds that one of the two describes in more detail than the other.
SAME = {"base64Binary": "base64", "anyType": "any", "BlockReasonSearch": "NameSearch"}
SAME |= {"EventTypeSearchInfo": "NameSearch", "FreeFieldDefinitionSearchInfo": "NameSearch"}
LOOSE = {"AuthorisationSoaa", "AuthorisationSoaaId", "SortDirection"}


class Description:
    def __init__(self) -> None:
        root = ET.parse(FOLDER / "aeos.xsd").getroot()  # noqa: S314 (our own)
        self.types = {found.get("name") or "": found for found in root.iter(f"{XS}complexType")}
        self.roots = {found.get("name") or "": found for found in root.findall(f"{XS}element")}

    def elements(self, kind: str) -> list[ET.Element]:
        """The elements of a type, those of its base first."""
        found = self.types[kind]
        extension = found.find(f"{XS}complexContent/{XS}extension")
        if extension is None:
            return found.findall(f"{XS}sequence/{XS}element")
        base = (extension.get("base") or "").removeprefix("t:")
        return [*self.elements(base), *extension.findall(f"{XS}sequence/{XS}element")]


DESCRIPTION = Description()


def signature(element: ET.Element) -> tuple[str, bool, bool, int | None]:
    limit = element.find(f".//{XS}maxLength")
    return (
        element.get("name") or "",
        element.get("minOccurs") is None,
        element.get("maxOccurs") == "unbounded",
        None if limit is None else int(limit.get("value") or 0),
    )


def kind_of(element: ET.Element) -> str:
    kind = element.get("type", "xs:string").partition(":")[2]
    return SAME.get(kind, kind)


@pytest.mark.parametrize("kind", sorted(kind for kind in DESCRIPTION.types if kind in set(NEWER)))
def test_a_type_has_the_elements_that_are_described(kind):
    mine = [(field.name, field.mandatory, field.many, field.limit) for field in NEWER.fields(kind)]

    assert mine == [signature(element) for element in DESCRIPTION.elements(kind)]


@pytest.mark.parametrize("kind", sorted(kind for kind in DESCRIPTION.types if kind in set(NEWER)))
def test_elements_are_of_the_kind_that_is_described(kind):
    for field, element in zip(NEWER.fields(kind), DESCRIPTION.elements(kind), strict=True):
        described = kind_of(element)
        if element.find(f"{XS}complexType") is not None:
            [item] = NEWER.fields(field.kind)
            inner = element.find(f".//{XS}element")
            assert inner is not None
            assert (item.name, item.kind, item.many) == (inner.get("name"), kind_of(inner), True)
        elif field.kind in VALUES and described == "string":
            assert field.kind[0].isupper()
        elif described in LOOSE:
            assert field.kind in ("any", "string")
        else:
            assert field.kind == described


def test_every_described_operation_has_its_roots_and_every_done_operation_is_described():
    tree = ET.parse(FOLDER / "aeos.wsdl").getroot()  # noqa: S314 (our own)
    described = {}
    for operation in tree.findall(f"{WSDL}portType/{WSDL}operation"):
        sent, answered = operation.find(f"{WSDL}input"), operation.find(f"{WSDL}output")
        assert sent is not None
        assert answered is not None
        described[operation.get("name")] = tuple(
            (part.get("message") or "").removeprefix("s:") for part in (sent, answered)
        )

    assert described == {one.name: (one.root, one.reply) for one in OPERATIONS if one.handler is not None}


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.handler], ids=lambda one: one.name)
def test_the_roots_are_of_the_described_types(operation):
    for root, kind in ((operation.root, operation.content), (operation.reply, operation.result)):
        element = DESCRIPTION.roots[root]
        if element.find(f"{XS}complexType") is not None:
            listed = element.findall(f"{XS}complexType/{XS}sequence/{XS}element")
            assert [(field.name, field.kind) for field in NEWER.fields(kind)] == [
                (item.get("name"), kind_of(item)) for item in listed
            ]
        elif root == "RemoveResult":
            assert kind == "string"
        else:
            assert kind_of(element) == kind


def test_every_kind_is_simple_or_a_type():
    types = set(NEWER)

    assert {field.kind for kind in types for field in NEWER.fields(kind)} <= types | SIMPLE
