"""Files as accidents and malice make them: good ones with pieces cut, doubled, turned round, and strange pieces added."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from hypothesis import strategies as st

#: What has broken parsers elsewhere: signs of YAML, JSON, CSV, XML and Jinja2, numbers at the edge, odd characters.
STRANGE = [
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\x1a", b"\r", b"\t", "\u3000".encode(), "：".encode(),
    "\u202e".encode(), "\u2028".encode(), "\U0001f600".encode(), "ﬀ".encode(), "１".encode(), "²".encode(),
    b"&a ", b"*a", b"<<: ", b"!!python/object/apply:os.system ", b"---\n", b"...\n", b"%YAML 9.9\n", b"? ", b"- " * 60,
    b"[" * 200, b"{" * 200, b"]" * 9, b"}" * 9, b"'", b'"', b"|\n", b">\n", b"#", b": ", b",", b";", b"\\", b"\\u0000",
    b"null", b"~", b"yes", b"off", b"0o17", b"1e999", b"-0", b"NaN", b".inf", b"1_000", b"12:30:45", b"0x1F",
    b"9" * 400, b"9" * 5000, b"-" + b"9" * 30, b"1.5", b"2024-02-30", b"0000-00-00", b"99999-12-31", b"true",
    b"{{ x }}", b"{{", b"}}", b"{% for a in b %}", b"{{ a.__class__ }}", b"((((((((((", b"not " * 50, b"a.b.c",
    b"</row>", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;", b"=cmd|' /C calc'!A0", b"A" * 3000, b"\n" * 50,
]  # fmt: skip

_PLACE = st.integers(0, 10_000)
_EDIT = st.one_of(
    st.tuples(st.just("cut"), _PLACE, st.integers(1, 400)),
    st.tuples(st.just("double"), _PLACE, st.integers(1, 200)),
    st.tuples(st.just("flip"), _PLACE, st.integers(1, 255)),
    st.tuples(st.just("put"), _PLACE, st.sampled_from(STRANGE)),
    st.tuples(st.just("put"), _PLACE, st.binary(max_size=8)),
    st.tuples(st.just("over"), _PLACE, st.sampled_from(STRANGE)),
    st.tuples(st.just("end"), _PLACE, st.just(0)),
)


def mangled(seed: bytes, edits: list[tuple[str, int, Any]]) -> bytes:
    """Return `seed` after the edits."""
    for what, place, how in edits:
        at = place % (len(seed) + 1)
        if what == "cut":
            seed = seed[:at] + seed[at + how :]
        elif what == "double":
            seed = seed[: at + how] + seed[at : at + how] + seed[at + how :]
        elif what == "flip" and at < len(seed):
            seed = seed[:at] + bytes([seed[at] ^ how]) + seed[at + 1 :]
        elif what == "put":
            seed = seed[:at] + how + seed[at:]
        elif what == "over":
            seed = seed[:at] + how + seed[at + len(how) :]
        elif what == "end":
            seed = seed[:at]
    return seed


def files(*seeds: bytes) -> st.SearchStrategy[bytes]:
    """Return mangled copies of the seeds, and bytes that never were a file."""
    edits = st.lists(_EDIT, min_size=1, max_size=6)
    return st.one_of(
        st.builds(mangled, st.sampled_from(seeds), edits),
        st.builds(mangled, st.sampled_from(seeds), edits),
        st.binary(max_size=64),
        st.text(max_size=64).map(lambda text: text.encode("utf-8", "surrogatepass")),
    )


#: JSON values of any shape.
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=8,
)


def repacked(package: bytes, name: str, edits: list[tuple[str, int, Any]]) -> bytes:
    """Return a zip with one of its files mangled, so that the parser inside is reached."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for one in old.namelist():
            data = old.read(one)
            new.writestr(one, mangled(data, edits) if one == name else data)
    return out.getvalue()


EDITS = st.lists(_EDIT, min_size=1, max_size=5)
