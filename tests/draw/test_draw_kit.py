from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from draw_factories import at, whole_draw
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.cli.draws.offline import tickets, verify
from engine.draw import kit
from engine.draw.drawing import void
from engine.draw.kit import kit_files, manifest, read_kit
from engine.draw.log import head
from engine.draw.refused import DrawRefused
from engine.draw.tickets import TicketMachine, extract

RECORD = whole_draw()
KIT = dict(kit_files(RECORD))
PRISTINE = Path(kit.__file__).parent / "verify.py"
COMPILED = compile(PRISTINE.read_bytes(), str(PRISTINE), "exec")


def write(folder: Path, files: Mapping[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def run(folder: Path, *more: str, program: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(program or folder / "verify.py"), *more]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8")


def stranger() -> dict[str, object]:
    """The verifier's own functions, loaded afresh: it keeps its findings in a global list."""
    space: dict[str, object] = {"__name__": "stranger", "__file__": str(PRISTINE)}
    exec(COMPILED, space)  # noqa: S102  (the shipped program itself)
    return space


def finds(folder: Path) -> list[str]:
    """Run the verifier in this process (quicker than a new one) and return what it found."""
    space = stranger()
    space["print"] = lambda *args, **kwargs: None
    code = space["main"]([str(folder)])  # type: ignore[operator]  # its main
    bad = space["bad"]
    assert isinstance(bad, list)
    assert (code != 0) == bool(bad)
    return bad


@pytest.mark.parametrize("make", [whole_draw, lambda: whole_draw("TEST-9"), lambda: whole_draw(embargo=True)])
def test_a_stranger_verifies_the_kit(tmp_path: Path, make: object) -> None:
    record = make()  # type: ignore[operator]  # a function of the list above
    folder = write(tmp_path / "kit", kit_files(record))
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    done = run(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "核验通过" in done.stdout
    assert record.parsed.digests().sm3 in done.stdout
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert "有外部凭据的 2 行" in run(folder, "--anchor", head(record.log[:2])).stdout
    assert run(folder, "--anchor", "00" * 32).returncode == 1
    beside = run(folder, "--anchor", head(record.log[:2]), "--anchor", "00" * 32)
    assert beside.returncode == 1
    assert "00" * 32 in beside.stdout + beside.stderr
    assert read_kit(kit_files(record)) == (record, ())


UNPROVEN = "规程 ssj-draw/1 不能证明：承诺时各期彩票尚未开奖；单位以外有人事先持有承诺；没有先录入过别的结果；没有别的承诺被搁下不抽"


def test_a_kit_says_what_it_does_not_prove_right_or_wrong(tmp_path: Path) -> None:
    files = dict(kit_files(RECORD))
    folder = write(tmp_path / "kit", files)
    assert f"· {UNPROVEN}\n" in run(folder).stdout
    (folder / "result.json").write_bytes(files["result.json"].replace(b"1", b"2"))
    done = run(folder)
    assert (done.returncode, UNPROVEN in done.stdout) == (1, True)
    assert "## 不能证明什么" in files["PROTOCOL.md"].decode()


def test_the_verifier_is_short_and_uses_the_standard_library_only() -> None:
    text = PRISTINE.read_text("utf-8")
    assert len(text.splitlines()) <= 300
    imported = {
        line.split()[1].split(".")[0] for line in text.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported <= sys.stdlib_module_names


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_any_one_byte_edit_of_any_file_is_found(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(KIT)))
    index = data.draw(st.integers(0, len(KIT[name]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != KIT[name][index]))
    how = data.draw(st.sampled_from(["change", "insert", "delete"]))
    middle = {"change": bytes([byte]), "insert": bytes([byte, KIT[name][index]]), "delete": b""}[how]
    folder = write(tmp_path / "kit", KIT)
    (folder / name).write_bytes(KIT[name][:index] + middle + KIT[name][index + 1 :])
    assert finds(folder)


DRAW_FILES = [
    "commitment.json",
    "experts.tsv",
    "inspectors.tsv",
    "log.jsonl",
    "result.json",
    "reveal.json",
    "roster.tsv",
]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_an_edit_with_a_fresh_manifest_is_still_found(tmp_path: Path, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(DRAW_FILES))
    index = data.draw(st.integers(0, len(KIT[name]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != KIT[name][index]))
    files = {**KIT, name: KIT[name][:index] + bytes([byte]) + KIT[name][index + 1 :]}
    files["manifest.sha256"] = manifest(files)
    assert finds(write(tmp_path / "kit", files))


def test_missing_and_extra_files(tmp_path: Path) -> None:
    folder = write(tmp_path / "kit", KIT)
    (folder / "notes.txt").write_text("mine")
    assert "notes.txt" in run(folder).stdout
    for name in KIT:
        target = write(tmp_path / f"without-{name}", KIT)
        (target / name).unlink()
        done = run(target, str(target), program=PRISTINE)
        assert done.returncode in (1, 2), name
        assert name.split(".")[0] in done.stdout or name == "experts.tsv"
        assert not done.stderr


def test_a_verifier_broken_by_an_edit_does_not_pass(tmp_path: Path) -> None:
    folder = write(tmp_path / "kit", KIT)
    for old, new in (
        (b"def main", b"def mian"),
        (b"sys.exit(main", b"sys.exit(mian"),
        (b"import hmac", b"import hmax"),
    ):
        (folder / "verify.py").write_bytes(KIT["verify.py"].replace(old, new))
        assert run(folder).returncode != 0


def test_coreutils_read_the_manifest(tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum here")
    folder = write(tmp_path / "kit", KIT)
    done = subprocess.run(["sha256sum", "-c", "manifest.sha256"], cwd=folder, capture_output=True)
    assert done.returncode == 0


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
@pytest.mark.parametrize("dice", ["000000", "314159", "271828", "999999", "000001"])
def test_shell_and_openssl_draw_the_same_objects(tmp_path: Path, dice: str) -> None:
    """A verifier of printf, openssl, awk and sort only, for five batches."""
    batch = f"B{dice}"
    record = whole_draw(batch, dice)
    folder = write(tmp_path / "kit", kit_files(record))
    script = r"""
        set -eu; export LC_ALL=C
        zero=0000000000000000000000000000000000000000000000000000000000000000
        mac() { openssl dgst -sha256 -mac HMAC -macopt hexkey:$1 | sed 's/.*= //'; }
        prk=$(printf '%s' "$ENTROPY" | mac $zero)
        awk -F'\t' -v class="$CLASS" 'NR > 1 && $7 == 1 && $3 == class { print $1 }' roster.tsv |
        while read -r id; do
            printf '%s\t%s\n' "$(printf '%s\001' "$id" | mac $prk)" "$id"
        done | sort | head -n "$COUNT"
    """
    assert record.selection
    for stratum in record.selection.strata[:2]:
        environment = {
            "PATH": "/usr/bin:/bin",
            "ENTROPY": record.entropy,
            "CLASS": stratum.stratum,
            "COUNT": str(stratum.quota),
        }
        done = subprocess.run(
            ["sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines() == [f"{item.ticket}\t{item.object_id}" for item in stratum.drawn]


def test_no_kit_before_the_draw_or_before_the_codes_are_public() -> None:
    with pytest.raises(DrawRefused, match="还没有抽取"):
        kit_files(replace(RECORD, selection=None))
    secret = whole_draw(embargo=True)
    with pytest.raises(DrawRefused, match="通知了被抽中的单位"):
        kit_files(replace(secret, log=secret.log[:-1]))


def test_a_void_draw_keeps_its_kit(tmp_path: Path) -> None:
    voided = void(RECORD, "名册有误", at=at(70), actor="x")
    done = run(write(tmp_path / "kit", kit_files(voided)))
    assert done.returncode == 0
    assert "已作废：名册有误" in done.stdout


def test_other_versions_of_the_programs_are_pointed_out(tmp_path: Path) -> None:
    files = {**KIT, "verify.html": b"<p>another</p>"}
    files["manifest.sha256"] = manifest(files)
    done = run(write(tmp_path / "kit", files))
    assert "verify.html" in done.stdout.split("不是承诺时版本", 1)[1].splitlines()[0]


def test_reading_a_damaged_kit_names_the_files() -> None:
    _, damage = read_kit({**KIT, "verify.html": b"x"})
    assert "verify.html" in str(damage[0])
    with pytest.raises(DrawRefused, match=r"roster\.tsv"):
        read_kit({name: data for name, data in KIT.items() if name != "roster.tsv"})
    for name, data in (
        ("reveal.json", b"[]"),
        ("reveal.json", b"\xff"),
        ("result.json", b"{}"),
        ("log.jsonl", b"\xff"),
    ):
        with pytest.raises(DrawRefused):
            read_kit({**KIT, name: data})


# ---- the commands that need only files ----------------------------------------------------------------------------


def test_tickets_command(tmp_path: Path) -> None:
    labels = tmp_path / "ids.txt"
    labels.write_bytes("\ufeffE1\r\n\r\n 企业乙 \r\nE3\r\n".encode())
    done = CliRunner().invoke(
        tickets, ["--code", "00" * 32, "--randomness", "05.07", "--labels", str(labels)]
    )
    assert done.exit_code == 0, done.exc_info
    order = TicketMachine(extract(bytes(32), "05.07")).order(["E1", "企业乙", "E3"])
    assert done.stdout == "".join(f"{ticket.hex()}\t{label}\n" for ticket, label in order)


@pytest.mark.parametrize(
    ("code", "randomness", "labels", "exit_code", "says"),
    [
        ("0", "x", "E1\n", 2, "偶数个十六进制"),
        ("00", "", "E1\n", 2, "随机串是空的"),
        ("00", "x", "E1\nE2\nE1\n", 1, "第 1 行和第 3 行重复"),
        ("00", "x", "\n\n", 0, "没有标签"),
    ],
)
def test_tickets_command_teaches(
    tmp_path: Path, code: str, randomness: str, labels: str, exit_code: int, says: str
) -> None:
    path = tmp_path / "ids.txt"
    path.write_text(labels)
    done = CliRunner().invoke(tickets, ["--code", code, "--randomness", randomness, "--labels", str(path)])
    assert done.exit_code == exit_code
    assert says in done.stderr
    assert not done.stdout


def test_verify_command(tmp_path: Path) -> None:
    folder = write(tmp_path / "kit", KIT)
    done = CliRunner().invoke(verify, [str(folder), "--anchor", head(RECORD.log)])
    assert done.exit_code == 0
    assert "核验通过" in done.stdout
    (folder / "roster.tsv").write_bytes(KIT["roster.tsv"].replace(b"E0001", b"E0001x"))
    done = CliRunner().invoke(verify, [str(folder)])
    assert done.exit_code == 1
    assert "roster.tsv" in done.stdout
    (folder / "result.json").write_text("{}")
    done = CliRunner().invoke(verify, [str(folder)])
    assert done.exit_code == 1
    assert "Traceback" not in done.output


# ---- the page, by the functions it holds --------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here")
def test_the_page_computes_as_the_engine_does(tmp_path: Path) -> None:
    page = kit.program("verify.html").decode()
    script = page.split("<script>", 1)[1].split("</script>", 1)[0]
    texts = ["", "abc", "abcd" * 16, "企业" * 40, "𠮷", *("x" * n for n in range(50, 70))]
    harness = """
        const fs = require('fs'), input = JSON.parse(fs.readFileSync(0, 'utf8'));
        const out = {digests: input.texts.map(t => [hex(sha256(utf8(t))), hex(sm3(utf8(t)))]), kits: []};
        for (const folder of input.kits) {
            const files = {};
            for (const name of fs.readdirSync(folder)) files[name] = new Uint8Array(fs.readFileSync(folder + '/' + name));
            const report = verifyKit(files, []);
            out.kits.push({bad: report.bad, drawn: report.drawn});
        }
        console.log(JSON.stringify(out));
    """
    records = [whole_draw(f"B{n}", f"{n:06}", embargo=n == 4) for n in range(1, 6)]
    folders = [write(tmp_path / f"kit{n}", kit_files(record)) for n, record in enumerate(records)]
    for name in sorted(KIT):
        index = len(KIT[name]) // 2
        folders.append(write(tmp_path / f"bad-{name}", KIT))
        (folders[-1] / name).write_bytes(
            KIT[name][:index] + bytes([KIT[name][index] ^ 1]) + KIT[name][index + 1 :]
        )
    forged = len(folders)
    for name in DRAW_FILES:
        index = len(KIT[name]) // 2
        files = {**KIT, name: KIT[name][:index] + bytes([KIT[name][index] ^ 1]) + KIT[name][index + 1 :]}
        folders.append(write(tmp_path / f"forged-{name}", {**files, "manifest.sha256": manifest(files)}))
    program = tmp_path / "page.js"
    program.write_text(script + harness, "utf-8")
    question = json.dumps({"texts": texts, "kits": [str(folder) for folder in folders]})
    done = subprocess.run(
        ["node", str(program)], input=question, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    from engine.kernel.sm3 import sm3_pure

    assert answer["digests"] == [
        [hashlib.sha256(text.encode()).hexdigest(), sm3_pure(text.encode()).hex()] for text in texts
    ]
    for record, told in zip(records, answer["kits"], strict=False):
        assert not told["bad"]
        assert record.selection
        assert told["drawn"] == [[item.object_id, item.ticket] for item in record.selection.drawn]
    assert all(told["bad"] for told in answer["kits"][5:])
    assert forged < len(folders) == len(answer["kits"])
