"""Of what arrives, exactly the bytes of one answer are handed over, however they are cut."""

from __future__ import annotations

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hamilton_sdk.transport._body import headers_of
from hamilton_sdk.transport._portions import Portions

COUNTED = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n0\r\n\r\nHTTP/1."
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
ANSWERS = {
    "counted": COUNTED,
    "empty": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "status without a body": b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
    "no content": b"HTTP/1.1 204 No Content\r\n\r\n",
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok",
    "informational before": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + COUNTED,
    "chunked": CHUNKED + b"5\r\n\r\n0\r\n\r\n00A\r\n0123456789\r\n0\r\n\r\n",
    "chunked with extensions": CHUNKED + b'1;name="5";x\r\n0\r\n0;last\r\n\r\n',
    "chunked with trailers": CHUNKED + b"000\r\nA: 0\r\nff: 5\r\n\r\n",
}
EXTRA = st.one_of(
    st.binary(min_size=1, max_size=60),
    st.sampled_from([b"HTTP/1.1 299 Made up\r\nContent-Length: 0\r\n\r\n", b"\r\n", b"0\r\n\r\n", COUNTED]),
)


def handed_over(wire: bytes, sizes: list[int], method: str = "GET") -> tuple[bytes, bytes, bool]:
    """Read an answer as an HTTP library does: what it got, the body, and whether it is whole."""
    library = h11.Connection(h11.CLIENT)
    library.send(h11.Request(method=method, target="/", headers=[("Host", "peer.example")]))
    library.send(h11.EndOfMessage())
    portions, held, got, body = Portions(), b"", b"", b""
    cuts = iter(sizes)
    while True:
        event = library.next_event()
        if isinstance(event, h11.Response):
            portions.begin_body(method, event.status_code, headers_of(event.headers.raw_items()))
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            assert library.trailing_data == (b"", False)
            return got, body, True
        elif event is h11.NEED_DATA:
            if not held:
                size = next(cuts, len(wire))
                held, wire = wire[:size], wire[size:]
            if not held:
                return got, body, False
            size = portions.take(held)
            assert 0 < size <= len(held)
            library.receive_data(held[:size])
            got, held = got + held[:size], held[size:]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
@given(EXTRA, st.lists(st.integers(1, 40), max_size=8))
def test_the_answer_is_handed_over_whole_and_nothing_that_follows_it(answer, extra, sizes):
    assert handed_over(answer + extra, sizes)[0] == answer


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_it_is_so_byte_by_byte(answer):
    assert handed_over(answer + COUNTED, [1] * 400) == handed_over(answer, [len(answer)])


@given(st.lists(st.binary(min_size=1, max_size=40)), EXTRA, st.lists(st.integers(1, 40), max_size=8))
def test_chunks_of_any_content_are_handed_over_whole(chunks, extra, sizes):
    answer = CHUNKED + b"".join(b"%x\r\n%b\r\n" % (len(each), each) for each in chunks) + b"0\r\n\r\n"
    assert handed_over(answer + extra, sizes) == (answer, b"".join(chunks), True)


def test_an_answer_to_head_has_no_body_whatever_it_says():
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n"
    assert handed_over(head + COUNTED, [], "HEAD") == (head, b"", True)


def test_without_a_length_all_is_the_answer_up_to_the_end():
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100 + COUNTED
    assert handed_over(endless, [30, 50])[0] == endless


def test_chunks_that_come_together_are_handed_over_together():
    """Each portion costs a read; a line of its own for each chunk would double them."""
    portions, chunks = Portions(), b"5\r\nhello\r\n" * 100 + b"0\r\n"
    portions.begin_body("GET", 200, {"transfer-encoding": "chunked"})
    assert portions.take(chunks) == len(chunks)


def test_a_size_that_is_none_is_left_to_the_library_to_refuse():
    with pytest.raises(h11.RemoteProtocolError):
        handed_over(CHUNKED + b"size\r\nhello\r\n", [])


def test_nothing_is_handed_over_after_the_end():
    portions = Portions()
    portions.begin_body("GET", 200, {"content-length": "2"})
    assert [portions.take(b"ok+"), portions.take(b"+")] == [2, 0]
