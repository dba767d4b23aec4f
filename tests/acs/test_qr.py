"""QR codes are read back from the pictures themselves, with a decoder that is not the encoder's."""

from __future__ import annotations

import re
import struct
import sys
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import zxingcpp

from hamilton_sdk.acs.credentials import QrPayload, random_number
from hamilton_sdk.acs.qr import qr_png, qr_svg
from hamilton_sdk.errors import ConfigurationError, HamiltonError, Invalid

if TYPE_CHECKING:
    from collections.abc import Callable

WHITE, BLACK = 255, 0


def png_pixels(picture: bytes) -> list[bytes]:
    """Rows of grey values of a PNG with one bit a pixel, each row whole or as changes to the one above."""
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    place, chunks = 8, {}
    while place < len(picture):
        (size,) = struct.unpack_from(">I", picture, place)
        chunks[picture[place + 4 : place + 8]] = picture[place + 8 : place + 8 + size]
        place += size + 12
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    assert (depth, colour, chunks[b"IEND"]) == (1, 0, b"")
    data = zlib.decompress(chunks[b"IDAT"])
    stride = 1 + (width + 7) // 8
    rows = [bytes(stride - 1)]
    for start in range(0, height * stride, stride):
        filtering, row = data[start], data[start + 1 : start + stride]
        assert filtering in {0, 2}  # none; the difference from the row above (PNG specification, 9.2)
        rows.append(bytes((new + filtering // 2 * old) % 256 for new, old in zip(row, rows[-1], strict=True)))
    return [
        bytes(WHITE if row[x // 8] >> (7 - x % 8) & 1 else BLACK for x in range(width)) for row in rows[1:]
    ]


def svg_pixels(picture: bytes) -> list[bytes]:
    """Rows of grey values of an SVG that is a white square and a path of black lines along the rows."""
    root = ET.fromstring(picture)  # noqa: S314 (made here)
    width, height = int(root.attrib["width"]), int(root.attrib["height"])
    space = "{http://www.w3.org/2000/svg}"
    group = root.find(f"{space}g")
    scale = 1 if group is None else int(group.attrib["transform"].removeprefix("scale(").removesuffix(")"))
    ground, lines = root.iter(f"{space}path")
    assert (ground.attrib["fill"], lines.attrib["stroke"]) == ("#fff", "#000")
    rows = [bytearray([WHITE]) * (width // scale) for _ in range(height // scale)]
    x = y = 0
    for command, first, second in re.findall(r"([Mmh])(-?\d+)(?: (-?[\d.]+))?", lines.attrib["d"]):
        if command == "h":
            rows[y][x : x + int(first)] = bytes(int(first))
            x += int(first)
        else:
            x, y = (int(first), int(float(second))) if command == "M" else (x + int(first), y + int(second))
    return [bytes(value for value in row for _ in range(scale)) for row in rows for _ in range(scale)]


RENDERERS = pytest.mark.parametrize(
    ("render", "pixels"), [(qr_png, png_pixels), (qr_svg, svg_pixels)], ids=["png", "svg"]
)


def read(rows: list[bytes]) -> zxingcpp.Barcode:
    """The only code in a picture."""
    image = memoryview(b"".join(rows)).cast("B", (len(rows), len(rows[0])))
    (found,) = zxingcpp.read_barcodes(image)
    return found


@RENDERERS
def test_a_short_number_is_a_full_qr_code_and_not_a_micro_one(render, pixels) -> None:
    """Eight digits would fit a Micro QR code, which many door readers cannot read."""
    found = read(pixels(render("48213377")))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    assert found.format != zxingcpp.BarcodeFormat.MicroQRCode
    assert found.text == "48213377"


@RENDERERS
@pytest.mark.parametrize(
    "payload",
    ["0", "00000042", "170048213377", "02DFAD81", "04:5A:57:69:71:3E:80", "V-48213377", "a" * 500, "~ !"],
)
def test_every_payload_is_read_back_exactly(render, pixels, payload) -> None:
    assert read(pixels(render(payload, scale=4))).text == payload


@RENDERERS
def test_a_drawn_number_goes_through_the_picture_and_back(render, pixels) -> None:
    number, site = random_number(), QrPayload("fixed", digits=10, prefix="17")
    assert site.decode(read(pixels(render(site.encode(number)))).text) == number


@RENDERERS
@pytest.mark.parametrize(("scale", "border"), [(1, 0), (1, 4), (3, 10), (20, 4), (2, 100)])
def test_the_picture_has_the_scale_and_the_white_border_asked_for(render, pixels, scale, border) -> None:
    """The smallest QR code has 21 modules a side, and a black one in its upper left corner."""
    rows = pixels(render("48213377", scale=scale, border=border))
    side = (21 + 2 * border) * scale
    assert (len(rows), {len(row) for row in rows}) == (side, {side})
    edge = border * scale
    assert all(set(row) == {WHITE} for row in rows[:edge] + rows[side - edge :])
    assert all(set(row[:edge] + row[side - edge :]) <= {WHITE} for row in rows)
    assert rows[edge][edge : edge + 7 * scale] == bytes(7 * scale)


@RENDERERS
def test_the_largest_scale_is_100(render, pixels) -> None:
    assert render("48213377", scale=100) != render("48213377", scale=99)


@RENDERERS
def test_a_module_has_eight_pixels_and_the_border_four_modules_unless_told(render, pixels) -> None:
    assert render("48213377") == render("48213377", scale=8, border=4, error="m")
    assert len(pixels(render("48213377"))) == (21 + 8) * 8


@RENDERERS
@pytest.mark.parametrize(("error", "ranks"), [("l", "LMQH"), ("m", "MQH"), ("q", "QH"), ("h", "H")])
def test_the_error_correction_is_at_least_what_was_asked(render, pixels, error, ranks) -> None:
    found = read(pixels(render("a" * 100, error=error)))
    assert found.ec_level in ranks


@RENDERERS
def test_error_correction_is_medium_unless_told(render, pixels) -> None:
    """Text that fills its symbol, so that no higher level is free."""
    payload = "a" * 152  # the most bytes of version 8 at level M
    found = read(pixels(render(payload)))
    assert (found.text, found.ec_level) == (payload, "M")


@RENDERERS
def test_the_same_payload_is_the_same_picture(render, pixels) -> None:
    assert render("48213377") == render("48213377")
    assert pixels(render("48213377")) != pixels(render("48213378"))


def test_png_and_svg_show_the_same() -> None:
    assert png_pixels(qr_png("48213377")) == svg_pixels(qr_svg("48213377"))


# Refusals


def refusal(kind: type[HamiltonError], call: Callable[[], object]) -> tuple[str, str | None]:
    """What an integrator reads when the call is refused."""
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value), caught.value.hint


@RENDERERS
@pytest.mark.parametrize("payload", ["", "café", "48213377\n", "\x00", "\N{FULLWIDTH DIGIT FOUR}8"])
def test_a_payload_that_readers_may_read_differently_is_refused(render, pixels, payload) -> None:
    assert refusal(Invalid, lambda: render(payload)) == (
        "the payload is empty or holds something else than ASCII characters",
        "keep to ASCII: readers differ in how they read anything else",
    )


@RENDERERS
def test_a_payload_longer_than_any_qr_code_is_refused_without_repeating_it(render, pixels) -> None:
    """The largest code at level M holds 2331 bytes (ISO/IEC 18004)."""
    assert render("a" * 2331, scale=1)
    assert refusal(Invalid, lambda: render("a" * 2332)) == (
        "2332 characters are too many for a QR code of error correction 'm'",
        "shorten the payload, or lower the error correction",
    )


@RENDERERS
@pytest.mark.parametrize("error", ["", "M", "x", None])
def test_an_unknown_error_correction_is_refused(render, pixels, error) -> None:
    assert refusal(Invalid, lambda: render("48213377", error=error)) == (
        "error of the QR code is unknown",
        "use one of l, m, q, h",
    )


@RENDERERS
@pytest.mark.parametrize(
    ("name", "value", "lowest"),
    [
        ("scale", 0, 1),
        ("scale", 101, 1),
        ("scale", 1.5, 1),
        ("scale", True, 1),
        ("border", -1, 0),
        ("border", 101, 0),
        ("border", None, 0),
    ],
)
def test_a_size_outside_its_limits_is_refused(render, pixels, name, value, lowest) -> None:
    assert refusal(Invalid, lambda: render("48213377", **{name: value})) == (
        f"{name} of the QR code is not a whole number from {lowest} to 100",
        "scale 8 and border 4 suit screens and paper",
    )


@RENDERERS
def test_without_the_extra_the_error_says_what_to_install(render, pixels, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "segno", None)
    assert refusal(ConfigurationError, lambda: render("48213377")) == (
        "rendering a QR code needs the package segno, which is not installed",
        "pip install 'hamilton-apps-sdk[qr]'",
    )
