"""SOAP 1.1 around the payload: requests read safely, replies and faults as the real server writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from hamilton_sdk.flow import Response
from hamilton_sdk.testing.simulators.aeos.reader import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

__all__ = [
    "ENVELOPE",
    "LARGEST_REQUEST",
    "REMOVED_ROOT",
    "ROOT",
    "Malformed",
    "fault",
    "payload",
    "reply",
    "soap_fault",
]

ENVELOPE: Final = "http://schemas.xmlsoap.org/soap/envelope/"
LARGEST_REQUEST: Final = 1024 * 1024
_SERVICE: Final = "http://www.nedap.com/aeosws"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_XS: Final = "http://www.w3.org/2001/XMLSchema"
ROOT: Final = f' xmlns:ns2="{_SERVICE}" xmlns="{NAMESPACE}"'
"""What stands in a payload's opening tag: the default namespace and one that nothing uses."""
REMOVED_ROOT: Final = f' xmlns:xs="{_XS}"{ROOT} xsi:type="xs:string"'
"""The same for the text of a removal."""
_HEADERS: Final[Mapping[str, str]] = {"content-type": "text/xml;charset=UTF-8"}


class Malformed(Exception):
    """The request is no SOAP 1.1 message with one payload.

    Args:
        because: The fault's text.
        code: The local name of the SOAP fault code.
    """

    def __init__(self, *, because: str, code: str = "Client") -> None:
        super().__init__(because)
        self.because = because
        self.code = code


def payload(body: bytes) -> Element:
    """The one element in the Body.

    Raises:
        Malformed: Not UTF-8, not XML, with a DOCTYPE, not SOAP 1.1, or not exactly one payload.
    """
    root = _parse(body)
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise Malformed(because="Not a SOAP 1.1 envelope", code="VersionMismatch")
    header = root.find(f"{{{ENVELOPE}}}Header")
    for block in header if header is not None else ():
        if block.get(f"{{{ENVELOPE}}}mustUnderstand") == "1":
            raise Malformed(because="A header block is not understood", code="MustUnderstand")
    payloads = root.findall(f"{{{ENVELOPE}}}Body/*")
    if len(payloads) != 1:
        raise Malformed(because="The Body does not hold one element")
    return payloads[0]


def _parse(body: bytes) -> Element:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed(because="The message is not UTF-8") from None
    # expat stops entity bombs by itself; a SOAP message has no document type at all (SOAP 1.1, section 3).
    if "<!DOCTYPE" in text:
        raise Malformed(because="The message has a document type")
    try:
        return ET.fromstring(text)  # noqa: S314 (no DOCTYPE, and the size is capped)
    except (ET.ParseError, ValueError):  # the latter for an encoding declared other than UTF-8
        raise Malformed(because="The message is not well-formed XML") from None


def reply(content: str) -> Response:
    """An answer with a payload, or with an empty Body."""
    if " xsi:type=" in content:
        content = content.replace(" xmlns:ns2=", f' xmlns:xsi="{_XSI}" xmlns:ns2=', 1)
    return _envelope(200, content)


def fault(code: int, message: str, status: int) -> Response:
    """A fault of the service. Its envelope and status are inferred; the detail is certain."""
    detail = (
        f'<detail><StatusInfo xmlns="{NAMESPACE}"><ErrorCode>{code}</ErrorCode>'
        f"<Message>{escape(message)}</Message></StatusInfo></detail>"
    )
    return _fault("Server", message, detail, status)


def soap_fault(malformed: Malformed) -> Response:
    """A fault of the SOAP layer, which knows nothing of the service's codes."""
    return _fault(malformed.code, malformed.because, "", 500)


def _fault(code: str, message: str, detail: str, status: int) -> Response:
    content = (
        f"<soap:Fault><faultcode>soap:{code}</faultcode><faultstring>{escape(message)}</faultstring>"
        f"{detail}</soap:Fault>"
    )
    return _envelope(status, content)


def _envelope(status: int, content: str) -> Response:
    body = f"<soap:Body>{content}</soap:Body>" if content else "<soap:Body/>"
    text = f'<soap:Envelope xmlns:soap="{ENVELOPE}">{body}</soap:Envelope>'
    return Response(status=status, headers=_HEADERS, body=text.encode())
