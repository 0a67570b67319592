"""Passes requests and responses between the gate and a worker, as frames on a socket.

A message is one frame with its head, any number of frames with its body, and an empty frame. A frame is its length in
four bytes and its content.
"""

import marshal
import socket
import tempfile
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import IO, Any

LENGTH = 4
PIECE = 64 * 1024  # bytes of one frame of a body
SMALL = 256 * 1024  # bytes of a body that stay in memory; raised, many slow readers take more memory


class Body:
    """Keeps a body in memory while it is small, and in a file without a name when it grows.

    Raises OSError if the disk is full.
    """

    def __init__(self) -> None:
        self.size = 0
        self._start = bytearray()
        self._file: IO[bytes] | None = None

    @property
    def is_large(self) -> bool:
        return self._file is not None

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self._file is None and self.size <= SMALL:
            self._start += piece
            return
        if self._file is None:
            # A body outlives the function that began it.
            self._file = tempfile.TemporaryFile()  # noqa: SIM115
            self._file.write(self._start)
            self._start.clear()
        self._file.write(piece)

    def opened(self) -> IO[bytes]:
        """Returns a file that stands at the first byte."""
        if self._file is None:
            return BytesIO(self._start)
        self._file.seek(0)
        return self._file

    def whole(self) -> bytes:
        return bytes(self._start) if self._file is None else self.opened().read()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()


def frame(content: bytes) -> bytes:
    return len(content).to_bytes(LENGTH, "big") + content


def head_frame(head: tuple[Any, ...]) -> bytes:
    return frame(marshal.dumps(head))


def read_head(content: bytes) -> tuple[Any, ...]:
    """Reads a head. Both ends of the socket are processes of this server, so its content can be trusted."""
    return tuple(marshal.loads(content))  # noqa: S302


def body_frames(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yields a body in frames that are neither tiny nor huge, and the empty frame that ends a message."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) >= PIECE:
            yield frame(bytes(waiting[:PIECE]))
            del waiting[:PIECE]
    if waiting:
        yield frame(bytes(waiting))
    yield frame(b"")


class Frames:
    """Cuts a stream of bytes into frames."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, received: bytes) -> Iterator[bytes]:
        self._bytes += received
        start = 0
        while len(self._bytes) - start >= LENGTH:
            end = start + LENGTH + int.from_bytes(self._bytes[start : start + LENGTH], "big")
            if len(self._bytes) < end:
                break
            yield bytes(self._bytes[start + LENGTH : end])
            start = end
        del self._bytes[:start]


class Inbox:
    """Reads whole messages from a blocking socket."""

    def __init__(self, link: socket.socket) -> None:
        self._file = link.makefile("rb")

    def frame(self) -> bytes | None:
        """Returns the next frame, or None if the other end is gone."""
        length = self._file.read(LENGTH)
        if len(length) < LENGTH:
            return None
        content = self._file.read(size := int.from_bytes(length, "big"))
        return content if len(content) == size else None

    def message(self) -> tuple[tuple[Any, ...], Body] | None:
        head, body = self.frame(), Body()
        if head is None:
            return None
        while piece := self.frame():
            body.add(piece)
        return (read_head(head), body) if piece is not None else None
