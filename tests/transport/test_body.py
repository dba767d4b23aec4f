"""Bodies are read under a cap, whatever their encoding and however they are cut into pieces."""

from __future__ import annotations

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.transport._body import Body, Undecodable, headers_of


def bare(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    " GZIP ": gzip.compress,
    "deflate": zlib.compress,
}


def read(body: Body, *pieces: bytes) -> bytes:
    for piece in pieces:
        body.feed(piece)
    return body.whole()


def test_header_names_are_lower_case_and_several_values_are_joined() -> None:
    pairs = [(b"Set-Cookie", b"a"), (b"X-Kind", b"caf\xe9"), (b"set-cookie", b"b"), (b"SET-COOKIE", b"c")]
    assert headers_of(pairs) == {"set-cookie": "a, b, c", "x-kind": "café"}


@given(data=st.binary(max_size=300), encoding=st.sampled_from(sorted(PACKERS)), size=st.integers(1, 50))
def test_a_body_comes_out_as_it_went_in_however_it_is_cut(data: bytes, encoding: str, size: int) -> None:
    packed = PACKERS[encoding](data)
    pieces = [packed[start : start + size] for start in range(0, len(packed), size)]
    assert read(Body({"content-encoding": encoding}, 1000), *pieces) == data


def test_deflate_without_the_header_that_it_should_have_is_read_too() -> None:
    packed = bare(b"x" * 500)
    assert read(Body({"content-encoding": "deflate"}, 1000), packed[:4], packed[4:]) == b"x" * 500


def test_members_of_gzip_may_follow_each_other() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    assert read(Body({"content-encoding": "gzip"}, 1000), packed) == b"one two"


def test_no_body_at_all_is_no_broken_encoding() -> None:
    assert read(Body({"content-encoding": "gzip"}, 1000)) == b""


@pytest.mark.parametrize("encoding", ["", "gzip", "deflate"])
def test_the_cap_is_the_last_size_that_passes(encoding: str) -> None:
    packed = PACKERS[encoding](b"x" * 1000)
    assert len(read(Body({"content-encoding": encoding}, 1000), packed)) == 1000
    with pytest.raises(Undecodable, match="larger than 999 bytes"):
        read(Body({"content-encoding": encoding}, 999), packed)


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with pytest.raises(Undecodable, match="larger than 100000 bytes"):
        read(Body({"content-encoding": "gzip"}, 100_000), bomb)


def test_what_comes_over_the_wire_counts_as_well() -> None:
    """Members of gzip that hold nothing would otherwise go on for ever."""
    empty = gzip.compress(b"")
    with pytest.raises(Undecodable, match="larger than 100 bytes"):
        read(Body({"content-encoding": "gzip"}, 100), *[empty] * 6)


@pytest.mark.parametrize(
    ("length", "refused"), [("1001", True), ("1000", False), ("-5", False), ("many", False)]
)
def test_an_announced_size_over_the_cap_is_refused_at_once(length: str, refused: bool) -> None:
    if refused:
        with pytest.raises(Undecodable, match="larger than 1000 bytes"):
            Body({"content-length": length}, 1000)
    else:
        assert read(Body({"content-length": length}, 1000)) == b""


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip"])
def test_an_encoding_that_was_not_asked_for_is_refused(encoding: str) -> None:
    with pytest.raises(Undecodable, match="not asked for") as caught:
        Body({"content-encoding": encoding}, 1000)
    assert "gzip, deflate" in caught.value.hint


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda packed: packed[:-5],
        lambda packed: b"\xff\xff" + packed,
        lambda packed: packed[:12] + b"\xff\xff\xff\xff" + packed[16:],
    ],
    ids=["end missing", "wrong header", "wrong data"],
)
def test_a_damaged_body_is_refused(encoding: str, damage: object) -> None:
    assert callable(damage)
    packed = damage(PACKERS[encoding](bytes(range(256))))
    with pytest.raises(Undecodable, match="damaged"):
        read(Body({"content-encoding": encoding}, 1000), packed)
