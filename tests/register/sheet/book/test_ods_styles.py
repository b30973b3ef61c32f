"""What the styles of an OpenDocument spreadsheet hide."""

from __future__ import annotations

import pytest

from engine.register.sheet.book.container import TooMuchError
from engine.register.sheet.book.ods_styles import OdsStyles
from engine.register.sheet.book.xml_pass import ElementCount, read_elements

STYLES = """<styles xmlns:style="s" xmlns:text="t" xmlns:fo="f" xmlns:number="n">
<number:text-style style:name="nothing"><style:text-properties text:display="none"/>
  <style:map style:condition="value()&gt;0" style:apply-style-name="empty"/></number:text-style>
<number:number-style style:name="empty"/>
<number:number-style style:name="plain"><number:number/></number:number-style>
<number:number-style style:name="no-zero"><number:text>-</number:text>
  <style:map style:condition="value()&gt;0" style:apply-style-name="plain"/></number:number-style>
<number:text-style style:name="texts-only"><number:text-content/>
  <style:map style:condition="value()&gt;0" style:apply-style-name="empty"/></number:text-style>
<style:style style:name="gone" style:family="table-cell"><style:text-properties text:display="none"/></style:style>
<style:style style:name="gone" style:family="text"/>
<style:style style:name="back" style:family="table-cell" style:parent-style-name="gone">
  <style:text-properties text:display="true"/></style:style>
<style:style style:name="child" style:family="table-cell" style:parent-style-name="gone"/>
<style:style style:name="small" style:family="table-cell"><style:text-properties fo:font-size="0pt"/></style:style>
<style:style style:name="guarded" style:family="table-cell">
  <style:table-cell-properties style:cell-protect="hidden-and-protected"/></style:style>
<style:style style:name="circle" style:family="table-cell" style:parent-style-name="circle"/>
<style:style style:name="f-nothing" style:family="table-cell" style:data-style-name="nothing"/>
<style:style style:name="f-no-zero" style:family="table-cell" style:data-style-name="no-zero"/>
<style:style style:name="f-texts" style:family="table-cell" style:data-style-name="texts-only"/>
<style:style style:name="f-empty" style:family="table-cell" style:data-style-name="empty"/>
</styles>"""


def hidden(*, text: bool = True, protected: bool = False) -> set[str]:
    styles = OdsStyles(100)
    read_elements([STYLES.encode()], ElementCount(1000), styles.start, styles.end)
    names = (
        "gone",
        "back",
        "child",
        "small",
        "guarded",
        "circle",
        "f-nothing",
        "f-no-zero",
        "f-texts",
        "f-empty",
        "no",
    )
    # Asked twice, it says the same.
    found = [
        {name for name in names if styles.hides("table-cell", name, text=text, protected=protected)}
        for _ in range(2)
    ]
    assert found[0] == found[1]
    assert not styles.hides("text", "gone")
    return found[0]


def test_texts_and_numbers_are_hidden_by_what_their_style_or_its_parents_say() -> None:
    assert hidden() == {"gone", "child", "small", "f-nothing"}
    assert hidden(text=False) == {"gone", "child", "small", "f-nothing", "f-texts", "f-empty"}


def test_a_protected_sheet_hides_what_it_is_told_to() -> None:
    assert hidden(protected=True) - hidden() == {"guarded"}


@pytest.mark.parametrize(
    "part", ["<n:number n:min-integer-digits='200'/>", "<n:text>-</n:text>", "<s:map s:condition='a'/>"]
)
def test_a_format_of_very_many_parts_is_refused(part: str) -> None:
    def read(count: int) -> None:
        styles = OdsStyles(100)
        text = f"<a xmlns:n='n' xmlns:s='s'><n:number-style s:name='x'>{part * count}</n:number-style></a>"
        read_elements([text.encode()], ElementCount(100_000), styles.start, styles.end, styles.text)

    read(1_000)
    with pytest.raises(TooMuchError):
        read(1_001)


@pytest.mark.parametrize("tag", ["style", "number-style", "date-style"])
def test_more_styles_than_a_file_of_its_size_has_are_refused(tag: str) -> None:
    styles = OdsStyles(3)
    for number in range(3):
        styles.start(tag, {"style:name": str(number), "style:family": "table-cell"})
    with pytest.raises(TooMuchError):
        styles.start(tag, {"style:name": "more", "style:family": "table-cell"})
