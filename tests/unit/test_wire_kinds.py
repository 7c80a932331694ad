from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire.kinds import KIND_NAMES, KINDS, TicketTaken

numbers = st.integers(-(2**53) + 1, 2**53 - 1)
by_type = {
    str: st.text(max_size=8),
    bool: st.booleans(),
    float: st.floats(allow_nan=False, allow_infinity=False),
}


def values(type_info):
    """Any value that a field may have."""
    shapes = {
        msgspec.inspect.IntType: lambda: numbers,
        msgspec.inspect.StrType: lambda: by_type[str],
        msgspec.inspect.BoolType: lambda: by_type[bool],
        msgspec.inspect.FloatType: lambda: by_type[float],
        msgspec.inspect.NoneType: st.none,
        msgspec.inspect.UnionType: lambda: st.one_of(*map(values, type_info.types)),
        msgspec.inspect.TupleType: lambda: st.tuples(*map(values, type_info.item_types)),
        msgspec.inspect.VarTupleType: lambda: st.lists(values(type_info.item_type), max_size=2).map(tuple),
        msgspec.inspect.DictType: lambda: st.dictionaries(by_type[str], values(type_info.value_type), max_size=2),
    }
    return shapes[type(type_info)]()


def examples(kind):
    described = msgspec.inspect.type_info(kind)
    return st.builds(kind, **{field.name: values(field.type) for field in described.fields})


@pytest.mark.parametrize("name", KINDS)
@given(st.data())
def test_a_kind_reads_back_as_it_was_written(name, data):
    written = data.draw(examples(KINDS[name]))

    assert msgspec.json.decode(msgspec.json.encode(written), type=KINDS[name]) == written


def test_each_kind_has_one_name():
    assert {name: KIND_NAMES[kind] for name, kind in KINDS.items()} == {name: name for name in KINDS}


def test_every_name_says_thing_dot_what_happened():
    assert [name for name in KINDS if name != "carried" and name.count(".") != 1] == []


def test_fields_that_nobody_knows_yet_are_not_in_the_way():
    taken = {"day": 1, "ticket": "A-001", "service": "move", "office": "64.02.05", "village": "outside", "later": [1]}

    assert msgspec.convert(taken, TicketTaken).service == "move"


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**63, 10**40])
@pytest.mark.parametrize("name", ["day", "by", "noted"])
def test_a_number_that_no_database_could_store_is_refused(name, number):
    taken = {"day": 1, "ticket": "A-001", "service": "move", "office": "64.02.05", "village": "outside", name: number}

    with pytest.raises(msgspec.ValidationError, match=r"9007199254740991"):
        msgspec.convert(taken, TicketTaken)
