"""Made-up material the tests of this room share: rosters, rules and whole draws."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.draw.commitment import Commitment, Custodian, DrawProfile, DrawRules, make_commitment
from engine.draw.drawing import commit, draw_objects, draw_people, remove_objects, replace_person, reveal
from engine.draw.entropy import hash_times
from engine.draw.kit import software
from engine.draw.record import DrawRecord
from engine.draw.roster import ObjectRow, PersonRow, render_objects, render_people
from engine.draw.selection import Removal

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
BALLS = "ssq:2026001:01.05.09.17.22.30+07"


def at(hours: int) -> datetime:
    return START + timedelta(hours=hours)


def object_rows(count: int = 80) -> list[ObjectRow]:
    return [
        ObjectRow(
            f"E{i:04}",
            f"甲乙丙第{i}公司",
            "ABCD"[i % 4],
            "2026-01-01",
            f"第{i % 3}片区",
            ("contract", "wages") if i % 2 else ("wages",),
            i % 9 != 0,
            "" if i % 9 else "已注销",
        )
        for i in range(count)
    ]


def people_rows(count: int = 10, prefix: str = "P") -> list[PersonRow]:
    return [
        PersonRow(
            f"{prefix}{i:02}",
            "inspection" if i % 5 else "wages",
            ("any", "lead") if i % 3 == 0 else ("any",),
            cert_valid_to="2027-12-31",
            recusals=(f"E{i:04}",),
            load=i % 2,
            previous=(f"E{i + 20:04}",),
        )
        for i in range(count)
    ]


RULES = DrawRules(
    ratios={"A": "5%", "B": "0.1", "C": "1/5", "D": "30%"},
    risk_order=("A", "B", "C", "D"),
    total_floor="20%",
    min_per_stratum=1,
    slots=("lead", ""),
    valid_on="2026-06-30",
    rotation=True,
    experts=1,
    match="none",
    removal_reasons=("deregistered", "moved"),
)


def commitment_for(
    objects: bytes,
    people: bytes,
    experts: bytes | None = None,
    rules: DrawRules = RULES,
    batch: str = "B2026-01",
    custodians: tuple[Custodian, ...] = (),
    **more: object,
) -> Commitment:
    made, _ = make_commitment(
        batch_id=batch,
        draw_no=int(str(more.get("draw_no", 1))),
        purpose="用人单位守法情况抽查",
        objects=objects,
        people=people,
        experts=experts,
        register_counts={"A": 20, "B": 20, "C": 20, "D": 20},
        rules=rules,
        entropy_rule="公布满二十四小时后开奖的第一期双色球",
        entropy_sources=("ssq", "dice:6"),
        profile=DrawProfile.EMBARGO if custodians else DrawProfile.OPEN,
        custodians=custodians,
        items=("contract", "wages"),
        previous_log_head=str(more.get("previous_log_head", "0" * 64)),
        software=software(),
    )
    return made


def whole_draw(batch: str = "B2026-01", dice: str = "012345", embargo: bool = False) -> DrawRecord:
    """A draw with a removal, teams, experts and two replacements."""
    objects, people = render_objects(object_rows()), render_people(people_rows())
    experts = render_people(people_rows(4, "X"))
    keepers: tuple[Custodian, ...] = ()
    codes: tuple[str, ...] = ()
    if embargo:
        secrets = (b"a secret of the bureau", b"a secret of the notary")
        keepers = tuple(
            Custodian(name, hash_times(secret, 5).hex(), 5)
            for name, secret in zip(("本局", "公证处"), secrets, strict=True)
        )
        codes = tuple(hash_times(secret, 4).hex() for secret in secrets)
    made = commitment_for(objects, people, experts, batch=batch, custodians=keepers)
    record = commit(made, objects, people, experts, at=at(0), actor="leading-office")
    trial = "TEST-" if batch.startswith("TEST-") else ""
    record = draw_objects(
        record, f"{trial}{BALLS}/dice:{dice}/batch:{batch}", codes, at=at(48), actor="drawer"
    )
    record = remove_objects(
        record, [Removal(record.visits[2].object_id, "moved", "迁出证明")], at=at(50), actor="drawer"
    )
    record = draw_people(record, at=at(51), actor="drawer")
    first = record.visits[0].object_id
    record = replace_person(record, first, record.team(first)[1], "病假", at=at(52), actor="drawer")
    record = replace_person(
        record, first, record.team(first, "experts")[0], "出差", at=at(53), actor="drawer"
    )
    return reveal(record, at=at(99), actor="leading-office") if embargo else record
