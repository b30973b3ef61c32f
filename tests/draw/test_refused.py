"""A refusal of a draw carries every reason, in the order of the material."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.draw.refused import DrawRefused, refuse_if
from engine.kernel.refusal import RefusalReason
from engine.language import say

FIRST = RefusalReason("roster", say("名册缺一行"))
SECOND = RefusalReason("ratio", say("比例为 0"), hint=say("请改为 5%"))


def test_all_reasons_are_kept_in_their_order_and_shown_a_line_each() -> None:
    refused = DrawRefused(reason for reason in (SECOND, FIRST))
    assert refused.reasons == (SECOND, FIRST)
    assert str(refused) == "比例为 0 请改为 5%\n名册缺一行"
    assert refused.args == ((SECOND, FIRST),)


@given(st.lists(st.sampled_from([FIRST, SECOND])))
@settings(max_examples=25)
def test_a_refusal_is_raised_exactly_when_there_is_a_reason(reasons: list[RefusalReason]) -> None:
    if not reasons:
        refuse_if(iter(reasons))
        return
    with pytest.raises(DrawRefused) as caught:
        refuse_if(iter(reasons))
    assert caught.value.reasons == tuple(reasons)
