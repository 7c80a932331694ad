"""Other ways to pack lines, to know what they would save: a trained dictionary, and columns instead of lines."""

from __future__ import annotations

import sys
from itertools import pairwise

import msgspec

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

LEVEL = 19
DICTIONARY = 16 * 1024


def trained(samples: list[list[bytes]]) -> zstd.ZstdDict:
    """A dictionary made of other offices' lines."""
    return zstd.train_dict([line for part in samples for line in part], DICTIONARY)


def with_dictionary(lines: list[bytes], dictionary: zstd.ZstdDict) -> int:
    """Bytes of a frame that needs this dictionary."""
    return len(zstd.compress(b"\n".join(lines), level=LEVEL, zstd_dict=dictionary))


def in_columns(lines: list[bytes]) -> int:
    """Bytes of the same lines as columns of differences: the least such a frame would take, its head left out."""
    rows = [msgspec.json.decode(line) for line in lines]
    head = [[rows[0][name], *(after[name] - before[name] for before, after in pairwise(rows))] for name in ("t", "b")]
    head.append([row["m"] - row["t"] - rows[0]["m"] + rows[0]["t"] for row in rows])
    kinds = sorted({row["k"] for row in rows})
    head.append([kinds.index(row["k"]) for row in rows])
    body = [column(rows, kind, name) for kind in kinds for name in names_of(rows, kind)]
    return len(zstd.compress(msgspec.msgpack.encode([rows[0]["n"], kinds, head, body]), level=LEVEL))


def names_of(rows: list[dict], kind: str) -> list[str]:
    return sorted({name for row in rows if row["k"] == kind for name in row["d"]})


def column(rows: list[dict], kind: str, name: str) -> list:
    """One member of one kind: numbers of lines and tickets by what they are beyond the expected, words by an index."""
    values = [(row["n"], row["d"].get(name)) for row in rows if row["k"] == kind]
    if name == "visit":
        return [n - value for n, value in values]
    if name == "ticket":
        last, found = {}, []
        for _, value in values:
            found.append((value[0], int(value[2:]) - last.get(value[0], 0)))
            last[value[0]] = int(value[2:])
        return [name, [letter for letter, _ in found], [step for _, step in found]]
    words = sorted({str(value) for _, value in values})
    return [name, words, [words.index(str(value)) for _, value in values]]
