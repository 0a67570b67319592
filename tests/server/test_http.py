"""Tests that the server reads HTTP strictly and writes it correctly."""

import http.client
import socket
from pathlib import Path

import pytest

from server.connection import LONGEST_HEAD, LONGEST_TARGET
from server.options import LARGEST_BODY
from tests.server import answering
from tests.server.serving import Served, read_all, served

CLOSE = b"Host: a\r\nConnection: close\r\n"


@pytest.fixture(scope="module")
def site():
    with served() as running:
        yield running


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def words(answer: bytes) -> list[str]:
    return answer.partition(b"\r\n\r\n")[2].decode().split("|")


def test_request_arrives_as_it_was_sent(site):
    answer = site.ask(
        b"POST /a%20b/%C3%A9?c=%20d HTTP/1.1\r\n" + CLOSE + b"Cookie: a=1\r\nCookie: b=2\r\n"
        b"Content-Length: 4\r\n\r\nabcd"
    )
    assert words(answer)[:5] == ["POST", "/a b/Ã©", "c=%20d", "4", "HTTP/1.1"]
    assert "cookie=a=1; b=2" in words(answer)


def test_body_in_chunks_arrives_whole(site):
    answer = site.ask(
        b"POST / HTTP/1.1\r\n"
        + CLOSE
        + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
    )
    assert words(answer)[3] == "7"


def test_large_body_arrives_whole(site):
    size = 2_000_000
    head = b"POST / HTTP/1.1\r\n" + CLOSE + b"Content-Length: %d\r\n\r\n" % size
    assert words(site.ask(head + b"x" * size))[3] == str(size)


def test_large_answer_arrives_whole(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    for _request in range(2):
        connection.request("GET", "/large/")
        assert len(connection.getresponse().read()) == answering.LARGE
    connection.close()


def test_file_is_sent_as_it_is(site):
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    for _request in range(2):
        connection.request("GET", "/file/")
        assert connection.getresponse().read() == Path(answering.__file__).read_bytes()
    connection.close()


def test_head_has_length_and_no_body(site):
    answer = site.ask(b"HEAD /file/ HTTP/1.1\r\n" + CLOSE + b"\r\n")
    assert status(answer) == 200
    assert b"Content-Length: " in answer
    assert answer.endswith(b"\r\n\r\n")


def test_requests_on_one_connection_are_answered_in_order(site):
    one = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
    answer = site.ask(one % 1 + one % 2 + b"GET /3 HTTP/1.1\r\n" + CLOSE + b"\r\n")
    places = [answer.index(b"GET|/%d|" % number) for number in (1, 2, 3)]
    assert places == sorted(places)


def test_client_that_sends_no_more_is_answered_whole(site):
    with site.connect() as connection:
        connection.sendall(b"GET /sleep/0.2 HTTP/1.1\r\nHost: a\r\n\r\n" * 3)
        connection.shutdown(socket.SHUT_WR)
        assert read_all(connection).count(b"HTTP/1.1 200 OK") == 3


def test_old_client_is_answered_and_let_go(site):
    assert b"Connection: close" in site.ask(b"GET / HTTP/1.0\r\n\r\n")


def test_client_that_asks_first_is_told_to_go_on(site):
    with site.connect() as connection:
        head = b"POST / HTTP/1.1\r\n" + CLOSE + b"Expect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        connection.sendall(head)
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"


def test_offered_protocol_is_not_taken_up(site):
    answer = site.ask(b"GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n")
    assert status(answer) == 200
    assert words(answer)[1] == "/x"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost a\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        b"CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n",
    ],
)
def test_malformed_request_is_refused(site, request_bytes):
    assert status(site.ask(request_bytes)) == 400


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    ],
)
def test_request_that_others_may_read_otherwise_is_refused(site, request_bytes, expected):
    answer = site.ask(request_bytes)
    assert status(answer) == expected
    assert b"Connection: close" in answer


def test_header_with_underscore_is_dropped(site):
    head = b"X_Forwarded_For: 1.1.1.1\r\nX-Forwarded-Proto: https\r\n"
    answer = site.ask(b"GET / HTTP/1.1\r\n" + CLOSE + head + b"\r\n")
    assert "HTTP_X_FORWARDED_PROTO=https" in words(answer)
    assert b"1.1.1.1" not in answer


def test_trailer_is_no_header(site):
    body = b"0\r\nX-Forwarded-For: 1.1.1.1\r\n\r\n"
    answer = site.ask(b"POST / HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n" + body)
    assert status(answer) == 200
    assert b"1.1.1.1" not in answer


@pytest.mark.parametrize(
    ("request_bytes", "expected"),
    [
        (b"GET /" + b"a" * LONGEST_TARGET + b" HTTP/1.1\r\n" + CLOSE + b"\r\n", 414),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * (LONGEST_HEAD + 100_000), 431),
        (b"POST / HTTP/1.1\r\n" + CLOSE + b"Content-Length: %d\r\n\r\n" % (LARGEST_BODY + 1), 413),
    ],
)
def test_too_much_is_refused_before_it_arrives(site, request_bytes, expected):
    assert status(site.ask(request_bytes)) == expected


CHUNKED = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


ENDLESS = b"a" * (LONGEST_HEAD + 100_000)


@pytest.mark.parametrize(
    "begun",
    [
        b"0\r\nX: ",
        b"1\r\na\r\n0\r\nX: ",
        b"1;x=",
        b"1\r\na\r\n1;x=",
    ],
    ids=["trailer", "trailer after a body", "extension", "later extension"],
)
def test_chunk_without_end_is_refused(site, begun):
    assert status(site.ask(CHUNKED + begun + ENDLESS)) == 431


def test_trailer_is_as_long_as_a_head_at_most(site):
    lines = b"X: y\r\n" * (LONGEST_HEAD // len(b"X: y\r\n"))
    assert status(site.ask(CHUNKED + b"0\r\n" + lines + b"\r\n")) == 431


@pytest.mark.parametrize("name_and_value", [b"X: " + b"a" * LONGEST_HEAD, b"a:\r\n" * LONGEST_HEAD])
def test_long_head_is_refused_also_if_it_arrives_at_once(site, name_and_value):
    assert status(site.ask(b"GET / HTTP/1.1\r\n" + CLOSE + name_and_value + b"\r\n\r\n")) == 431


def test_long_head_behind_another_request_is_not_answered(site):
    first = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    long = b"GET / HTTP/1.1\r\n" + CLOSE + b"X: " + b"a" * LONGEST_HEAD + b"\r\n\r\n"
    assert site.ask(first + long).count(b"HTTP/1.1 200 OK") == 1


def test_body_in_small_chunks_is_no_head(site):
    chunks = b"1\r\nx\r\n" * LONGEST_HEAD
    head = CHUNKED.replace(b"Host: a\r\n", CLOSE)
    assert words(site.ask(head + chunks + b"0\r\n\r\n"))[3] == str(LONGEST_HEAD)


def test_endless_chunks_are_refused_while_they_arrive(site: Served):
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with site.connect() as connection:
        connection.sendall(b"POST / HTTP/1.1\r\n" + CLOSE + b"Transfer-Encoding: chunked\r\n\r\n")
        for _chunk in range(LARGEST_BODY // 0x100000 + 1):
            connection.sendall(chunk)
        assert status(connection.recv(1000)) == 413


def test_each_answer_has_a_number_of_its_own(site):
    numbers = {site.get("/", **{"X-Request-ID": "mine"}).headers["X-Request-ID"] for _request in range(3)}
    assert len(numbers) == 3
    assert "mine" not in numbers
