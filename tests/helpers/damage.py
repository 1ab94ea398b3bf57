"""Files in which something has been changed, and how much memory it takes to read one."""

import pickletools

import pytest
from hypothesis import strategies as st

# Bytes changed, cut out, doubled and put in, with more of them where a file says what it is.
places = st.integers(0, 10**6) | st.integers(0, 300) | st.integers(-700, 0)
telling = st.sampled_from([opcode.code.encode("latin-1") for opcode in pickletools.opcodes])
changes = st.lists(
    st.tuples(places, st.sampled_from([0, 1, 1, 1, 1, 9, 10**6]), st.none() | telling | st.binary(max_size=4)),
    min_size=1,
    max_size=3,
)


def changed(data, changes):
    data = bytearray(data)
    for place, length, new in changes:
        place = place % (len(data) + 1)
        data[place : place + length] = data[place : place + length] * 2 if new is None else new
    return bytes(data)


def peak(function, *arguments):
    """The most memory that the call took."""
    tracemalloc = pytest.importorskip("tracemalloc")  # PyPy has none.
    tracemalloc.start()
    try:
        function(*arguments)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
