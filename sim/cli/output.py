"""Standard streams, also narrow, full, closed or missing ones, and the exit codes.

A sign that a stream cannot hold becomes a plain one. A stream that takes no more text ends no command.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import io
import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, TextIO

import typer

FINE, FAILED, YOUR_INPUT, NOT_MET, STOPPED = 0, 1, 2, 3, 130
"""The exit codes: as asked; an error of the program or failed replications; an error in what was typed, a file or the
disk; finished but something asked for is not met or missing; stopped with Ctrl-C."""

PLAIN = {
    **dict.fromkeys("−–—‐‑‒", "-"),
    **dict.fromkeys("‘’‚′“”„″", "'"),  # no double one, which would end a text in JSON
    **dict(zip("≈×÷·•⁄øØłŁ", "~x/**/oOlL", strict=True)),
    **dict(zip("→←±≤≥≠…", ("->", "<-", "+-", "<=", ">=", "!=", "..."), strict=True)),
    **dict(zip("£€ßæÆœŒ", ("GBP", "EUR", "ss", "ae", "AE", "oe", "OE"), strict=True)),
}
"""What stands for a sign that a stream cannot hold; never a question mark, which has a meaning in tables."""


class Output(io.TextIOBase):
    """A standard stream that never raises. `failed` is the first thing that went wrong with it."""

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self.failed: OSError | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return getattr(self._stream, "encoding", None) or "utf-8"

    def write(self, text: str) -> int:
        """Write all of a text, as far as the stream takes any."""
        self._try("write", plain(text, self.encoding))
        return len(text)

    def flush(self) -> None:
        self._try("flush")

    def _try(self, what: str, *text: str) -> None:
        if self._stream is None or self.failed:
            return
        try:
            getattr(self._stream, what)(*text)
        except (OSError, ValueError) as error:  # ValueError: closed by somebody else
            self.failed = error if isinstance(error, OSError) else OSError(errno.EBADF, os.strerror(errno.EBADF))

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return self._stream is not None and not self._stream.closed and self._stream.isatty()

    def fileno(self) -> int:
        """Its number, by which the width of a terminal is found."""
        if self._stream is None:
            raise io.UnsupportedOperation("fileno")
        return self._stream.fileno()


def plain(text: str, encoding: str) -> str:
    """The text with every sign that the encoding lacks in plain signs of the same meaning.

    Of a letter with accents the letter stays; what has no plain form is written as its number, `\\u4e2d`.
    """
    return _encodable(text, encoding, _plain_sign.__name__)


def _encodable(text: str, encoding: str, errors: str) -> str:
    try:
        return text.encode(encoding, errors).decode(encoding)
    except LookupError:  # an encoding that Python does not know
        return text.encode("ascii", errors).decode("ascii")


def _plain_sign(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    sign, following = error.object[error.start], error.object[error.start + 1 : error.start + 2]
    parts = [part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part)]
    simple = PLAIN.get(sign, "".join(PLAIN.get(part, part) for part in parts))
    if unicodedata.category(sign) == "Zs":
        simple = " "
    elif sign in "£€" and following.isdecimal():
        simple += " "
    return (simple, error.start + 1) if simple and simple.isascii() else _numbered_sign(error)


def _numbered_sign(error: UnicodeError) -> tuple[str, int]:
    """As JSON and most programming languages write it by number."""
    assert isinstance(error, UnicodeEncodeError)
    return json.dumps(error.object[error.start])[1:-1], error.start + 1


for handler in (_plain_sign, _numbered_sign):
    codecs.register_error(handler.__name__, handler)


def print_json(document: str) -> None:
    """Print JSON on stdout; what the stream cannot hold is written by number, which means the same to any reader."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    sys.stdout.write(_encodable(document, encoding, _numbered_sign.__name__) + "\n")


def refuse(why: str) -> NoReturn:
    """Say on stderr what cannot be done, and end with the exit code for it."""
    typer.echo(why, err=True)
    raise typer.Exit(YOUR_INPUT)


def refuse_answer(folder: Path, file: str = "") -> NoReturn:
    """Refuse the folder of an answer where a run is asked for, or this file of one, and name those in it."""
    from sim.studies.answer import AnswerFolder, run_behind

    runs = [run_behind(folder, each["folder"]) / file for each in AnswerFolder(folder).read_answer().get("runs", ())]
    names = f"{', '.join(map(quoted, runs[:6]))}{' …' if len(runs) > 6 else ''}"
    fix = f"name one of those: {names}" if runs else "none of those is saved, so run the scenario and name that run"
    refuse(f"{folder}: holds an answer made from several runs; {fix}")


def quoted(path: Path) -> str:
    """A path as it is typed, also one with a space in it."""
    return f'"{path}"' if " " in str(path) else str(path)


def say_next(command: str) -> None:
    typer.echo(f"Next: python -m sim {command}")


@contextlib.contextmanager
def standard_streams() -> Iterator[Output]:
    """Put an `Output` in the place of stdout, which it yields, and of stderr, and an empty text in that of no stdin."""
    # Closed standard numbers are opened to lead nowhere: else a file opened next would get one of them.
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                nowhere = os.open(os.devnull, os.O_RDWR)  # the lowest that is free: this very number
                os.set_inheritable(nowhere, True)
    before = sys.stdin, sys.stdout, sys.stderr
    output, errors = Output(sys.stdout), Output(sys.stderr)
    sys.stdout, sys.stderr = output, errors  # type: ignore[assignment]
    if sys.stdin is None:
        sys.stdin = io.StringIO()
    try:
        yield output
    finally:
        output.flush()
        errors.flush()
        sys.stdin, sys.stdout, sys.stderr = before
        # Of a stream that failed Python would try to pass on the rest at its end, and make that the exit code.
        if output.failed:
            sys.stdout = None  # type: ignore[assignment]
        if errors.failed:
            sys.stderr = None  # type: ignore[assignment]


def lost(output: Output) -> str:
    """What to say of a standard output that took no more text; nothing if nobody was reading it any more."""
    error = output.failed
    if error is None or error.errno in (errno.EPIPE, errno.EBADF):
        return ""
    return f"standard output: {(error.strerror or 'cannot be written').lower()}"
