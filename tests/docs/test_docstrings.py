"""Docstrings are found wherever a definition can be."""

from __future__ import annotations

from docstrings import docstrings_of

SOURCE = '''
"""module"""
class A:
    """class"""
    async def f(self):
        """method"""
        def inner():
            "inner"
if x:
    pass
else:
    def f():
        """else"""
try:
    pass
except E:
    def f(): "except"
finally:
    def f(): "finally"
match x:
    case 1:
        with y:
            for z in y:
                def f(): "case"
def g():
    return "no docstring"
'''


def test_every_docstring_is_found_and_nothing_else() -> None:
    found = sorted(filter(None, docstrings_of(SOURCE)))
    assert found == sorted(["module", "class", "method", "inner", "else", "except", "finally", "case"])
