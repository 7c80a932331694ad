from __future__ import annotations

import struct
import sys
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData
from agent.wire import frames
from tests.contract.cases import refusal

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

SOME = zstd.compress(b"some lines\n" * 50)
MB = 1024 * 1024


def skippable(inside):
    return struct.pack("<II", 0x184D2A50, len(inside)) + inside


def wide(window_log, size):
    """A frame of zeros that asks its reader for a window of 2**window_log bytes."""
    options = {zstd.CompressionParameter.window_log: window_log, zstd.CompressionParameter.content_size_flag: 0}
    writer = zstd.ZstdCompressor(options=options)
    return writer.compress(bytes(size)) + writer.flush()


def with_dictionary():
    trained = zstd.train_dict([b"line %d of many lines\n" % n for n in range(500)], 1024)
    return zstd.compress(b"line 7 of many lines\n", zstd_dict=trained)


@given(st.lists(st.binary().filter(lambda line: b"\n" not in line), min_size=1))
def test_lines_that_were_packed_come_out_again(lines):
    frame, raw = frames.pack(lines)
    found = frames.unpack(frame, field="lines")

    assert (frames.split(found, field="lines"), len(found)) == (lines, raw)


@given(st.binary())
def test_any_bytes_are_a_frame_or_refused(text):
    with pytest.raises(BadData, match="malformed: -: lines"):
        frames.unpack(text, field="lines")


@given(st.binary())
def test_anything_behind_the_magic_number_is_a_frame_or_refused(text):
    assert refusal(lambda: frames.unpack(frames.MAGIC + text, field="lines")) in {"", "malformed"}


@given(st.integers(0, len(SOME) - 1))
def test_a_frame_that_was_cut_short_is_refused(size):
    with pytest.raises(BadData):
        frames.unpack(SOME[:size], field="lines")


@pytest.mark.parametrize(
    "file",
    [
        SOME + SOME,
        SOME + b"\0",
        skippable(b"hidden") + SOME,
        SOME + skippable(b"hidden"),
        skippable(b"hidden"),
        b"some lines\n",
        b"\x1e\xb5\x2f\xfd" + SOME[4:],
        with_dictionary(),
    ],
    ids=[
        "two frames",
        "a byte behind",
        "skippable before",
        "skippable behind",
        "only skippable",
        "plain",
        "v0.1",
        "dictionary",
    ],
)
def test_anything_but_exactly_one_frame_without_a_dictionary_is_refused(file):
    with pytest.raises(BadData, match="malformed"):
        frames.unpack(file, field="lines")


def test_a_frame_that_needs_a_dictionary_is_refused_for_that():
    with pytest.raises(BadData, match="may not need a dictionary"):
        frames.unpack(with_dictionary(), field="lines")


def test_a_window_of_8_mb_is_the_widest():
    assert frames.unpack(wide(23, 1000), field="lines") == bytes(1000)
    with pytest.raises(BadData, match="damaged"):
        frames.unpack(wide(24, 1000), field="lines")


def test_8_mb_are_the_most_that_a_frame_may_hold():
    assert len(frames.unpack(zstd.compress(bytes(8 * MB)), field="lines")) == 8 * MB
    with pytest.raises(BadData, match="malformed"):
        frames.unpack(zstd.compress(bytes(8 * MB + 1)), field="lines")


@pytest.mark.parametrize("frame", [zstd.compress(bytes(1024 * MB)), wide(23, 1024 * MB)], ids=["sized", "unsized"])
def test_a_gigabyte_in_a_small_frame_is_refused_in_bounded_memory(frame):
    assert len(frame) < MB
    tracemalloc.start()
    with pytest.raises(BadData, match="malformed"):
        frames.unpack(frame, field="lines")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 40 * MB


@pytest.mark.parametrize(
    ("raw", "lines"),
    [(b"", []), (b"\n", [b""]), (b"a\n", [b"a"]), (b"a\n\nb\n", [b"a", b"", b"b"]), (b"a\r\n", [b"a\r"])],
)
def test_each_line_is_ended_by_one_newline(raw, lines):
    assert frames.split(raw, field="lines") == lines


@pytest.mark.parametrize("raw", [b"a", b"a\nb", b"\r"])
def test_a_last_line_without_newline_is_refused(raw):
    with pytest.raises(BadData, match="no newline"):
        frames.split(raw, field="lines")
