"""Builds the public site into a folder, as a whole and in one step.

The same publications give the same bytes; only the first page and ``site.json`` say when the site was built.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from engine.app.ports.records import DrawRow, Publication
from engine.app.ports.store import UnavailableError
from engine.kernel.canonical_json import canonical_json
from engine.kernel.instants import local_minute, require_aware, to_text
from engine.language import SOURCE_LANGUAGE, Message, say
from engine.lifecycle.migration.former_names import FieldNames
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.page_types import PageType, PageTypes
from engine.site.atomic_replace import new_folder, put_files
from engine.site.column_values import ordered, rows_of
from engine.site.draw_status import DRAW_STATUS
from engine.site.masking import mask
from engine.site.pages import PER_PAGE, FirmPages, Pages, PastDraw, firm_of, listed, parts_of, sheet_of
from engine.site.publication_page import PublicationPage, make_notices
from engine.site.search_index import SearchEntry, search_files
from engine.site.tables import csv_bytes, json_bytes

#: The file by which a folder is known to be a site, and may be replaced.
MARK = "site.json"
#: The form of the list of seals, which `ssj audit verify --published` reads.
SEALS = "shuangsuiji-seal/1"
_STYLE = Path(__file__).with_name("templates") / "style.css"
#: How many of the newest publications the first page shows.
RECENT = 12
#: How many pages of the same case and task a page points to.
RELATED = 8


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: pages of HTML, files in all, and what the filter of the site left out."""

    pages: int
    files: int
    withheld: tuple[Message, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values; `from_json` reads them."""
        return {
            "pages": self.pages,
            "files": self.files,
            "withheld": [one.render() for one in self.withheld],
        }

    @staticmethod
    def from_json(body: Mapping[str, Any]) -> BuildReport:
        """Return what `as_json` gave."""
        return BuildReport(body["pages"], body["files"], tuple(map(Message, body["withheld"])))


@dataclass(frozen=True, slots=True)
class SingleHanded:
    """What one person did alone where two have to agree: the cases whose rules they published, and how many acts in all."""

    cases: Collection[str] = ()
    acts: int = 0


class SiteBuildError(Exception):
    """Nothing was changed; `message` says why and what to do."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message.render()


class SiteFolderError(SiteBuildError, UnavailableError):
    """The folder cannot be written at the moment: no fault of what was published."""


def build_site(
    publications: Sequence[Publication],
    draws: Sequence[DrawRow],
    bureau: Bureau,
    out: Path,
    built_at: datetime,
    language: str = SOURCE_LANGUAGE,
    *,
    page_types: PageTypes,
    seals: Sequence[Mapping[str, Any]] = (),
    heads: Mapping[str, bytes] | None = None,
    kits: Mapping[tuple[str, int], bytes] | None = None,
    rates: Sequence[Mapping[str, Any]] = (),
    single_handed: SingleHanded | None = None,
    names: Mapping[str, FieldNames] | None = None,
    before_page: Callable[[], None] | None = None,
) -> BuildReport:
    """Build the site of `publications` and put it in the place of `out`, which readers see at once and whole.

    `built_at` is aware; `page_types` are the kinds of pages; `seals` are the daily roots over all histories, oldest first; `heads` are the files of the signed heads, put below ``heads/``; `kits` are the packed kits of
    draws, by case and number; `rates` say of each year how many draws were voided, changed, or had no proof from outside; `single_handed` is
    what one person did alone where two have to agree, which the pages say; `names` are what the fields of each process are called by its versions. `before_page` is asked before each page; what it
    raises leaves the old site in its place. A build that is killed leaves the old site, too. Raises `SiteBuildError` when `out` holds
    something that is not a site, or cannot be written.
    """
    built_at = require_aware(built_at)
    refuse_other_folder(out)
    ask = before_page or _nothing
    alone = single_handed or SingleHanded()
    notices, withheld = make_notices(publications, bureau, page_types, language, alone.cases, names or {})
    site = _Site(notices, bureau, page_types, language)
    past, kept_back = _past_draws(draws, kits or {}, ZoneInfo(bureau.timezone))
    files: dict[str, bytes] = {}
    files.update(past.files)
    _write_notices(site, past.by_case, files, ask)
    for kind in page_types.pages.values():
        ask()
        _write_list(site, kind, files)
    firms = _write_firms(site, files, ask)
    files.update(search_files(_entries(site, firms)))
    if rates:
        files["draws/rates.json"] = json_bytes(list(rates))
        files["draws/rates.csv"] = csv_bytes(
            tuple(rates[0]), (tuple(map(str, one.values())) for one in rates)
        )
    if seals:
        files["seals.json"] = json_bytes({"format": SEALS, "seals": list(seals)})
        files["seals.csv"] = csv_bytes(tuple(seals[0]), (tuple(map(str, one.values())) for one in seals))
    files.update({f"heads/{name}": content for name, content in (heads or {}).items()})
    _write_front(site, built_at, files, alone)
    try:
        with new_folder(out) as folder:
            put_files(folder, files, like=out)
    except OSError as problem:
        raise SiteFolderError(
            say(
                "公示网站写不进“{folder}”：{why}。请检查目录权限和磁盘空间；原来的网站没有变动。",
                folder=str(out),
                why=problem.strerror or str(problem),
            )
        ) from None
    return BuildReport(
        pages=sum(name.endswith(".html") for name in files),
        files=len(files),
        withheld=(*withheld, *kept_back),
    )


def refuse_other_folder(out: Path) -> None:
    """Raise `SiteBuildError` where building would take away something that is not a site."""
    if not out.exists() or (out.is_dir() and ((out / MARK).is_file() or not any(out.iterdir()))):
        return
    raise SiteBuildError(
        say(
            "“{folder}”里有别的文件，不是公示网站，不能覆盖。请换一个新的或空的目录。",
            folder=str(out),
        )
    )


class _Site:
    """The notices and what is looked up about them while pages are written."""

    def __init__(
        self, notices: Sequence[PublicationPage], bureau: Bureau, types: PageTypes, language: str
    ) -> None:
        self.notices = notices
        self.language = language
        self.bureau = bureau
        self.types = types
        self.rows = rows_of(notices, bureau, types, language)
        self.pages = Pages(bureau, types, language)
        #: kind -> the titles of its columns, rendered once for thousands of pages.
        english = language != SOURCE_LANGUAGE
        self.titles = {
            kind.id: {column.id: column.heading(english) for column in kind.exported}
            for kind in types.pages.values()
        }
        self.by_kind: dict[str, list[PublicationPage]] = defaultdict(list)
        self._by_case: dict[str, list[PublicationPage]] = defaultdict(list)
        self._by_subject: dict[str, list[PublicationPage]] = defaultdict(list)
        for notice in notices:
            self.by_kind[notice.kind.id].append(notice)
            self._by_case[notice.case].append(notice)
            if subject := _part(notice, "subject"):
                self._by_subject[subject].append(notice)

    def related(self, notice: PublicationPage) -> list[PublicationPage]:
        """Return other pages of the same case, of its plan and task, and of the same enterprise in that task."""
        batch = _part(notice, "batch")
        found = [
            *self._by_case[notice.case],
            *self._by_case.get(_part(notice, "plan"), ()),
            *self._by_case.get(batch, ()),
            *(n for n in self._by_subject.get(_part(notice, "subject"), ()) if _part(n, "batch") == batch),
        ]
        others = {other.page: other for other in found if other is not notice}
        return list(others.values())[:RELATED]


def _part(notice: PublicationPage, name: str) -> str:
    return str((notice.body.get(name) or {}).get("id") or "")


@dataclass(slots=True)
class _Past:
    by_case: dict[str, list[PastDraw]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


def _past_draws(
    draws: Sequence[DrawRow], kits: Mapping[tuple[str, int], bytes], zone: ZoneInfo
) -> tuple[_Past, list[Message]]:
    """Return every draw by case, with the commitments byte for byte and the kits as files."""
    past = _Past()
    kept_back: list[Message] = []
    for row in sorted(draws, key=lambda row: (row.case, row.number)):
        commitment = row.record.get("record", {}).get("commitment")
        if row.public:
            commitment = canonical_json(commitment)
        address = kit = None
        if isinstance(commitment, str) and row.case.replace("-", "").replace("_", "").isalnum():
            if mask(commitment, "") == commitment:
                address = f"draws/{row.case}-{row.number}.commitment.json"
                past.files[address] = commitment.encode()
                if packed := kits.get((row.case, row.number)):
                    kit = f"draws/{row.case}-{row.number}.kit.zip"
                    past.files[kit] = packed
            else:
                kept_back.append(
                    say(
                        "{case} 第 {number} 次抽取的承诺文本里有电话号码或身份证号，没有上网；请作废后重做承诺",
                        case=row.case,
                        number=row.number,
                    )
                )
        past.by_case.setdefault(row.case, []).append(
            PastDraw(
                row.number,
                DRAW_STATUS.get(row.status, say("{status}", status=row.status)),
                row.status == "void",
                row.made_at.astimezone(zone).date(),
                address,
                kit,
            )
        )
    return past, kept_back


def _nothing() -> None:
    """Ask nothing before a page."""


def _write_notices(
    site: _Site,
    past: Mapping[str, Sequence[PastDraw]],
    files: dict[str, bytes],
    before_page: Callable[[], None],
) -> None:
    heads = [m.render(site.language) for m in (say("网页"), say("项目"), say("内容"))]
    for kind, notices in site.by_kind.items():
        # Counted from the oldest: what is published later changes no table but the last.
        oldest_first = notices[::-1]
        for at in range(0, len(oldest_first), PER_PAGE):
            sheet, cells = sheet_of(at), []
            for notice in oldest_first[at : at + PER_PAGE]:
                before_page()
                stem = f"{notice.kind.path}/{notice.name}"
                draws = past.get(notice.case, ()) if notice.kind.draws else ()
                row, related = site.rows[notice.id], site.related(notice)
                files[f"{stem}.html"] = site.pages.notice(notice, row, related, draws, sheet)
                files[f"{stem}.json"] = notice.json
                cells += [(f"{notice.name}.html", *cell) for cell in _cells(notice, site)]
            files[f"{site.types.pages[kind].path}/{sheet}.csv"] = csv_bytes(heads, cells)


def _cells(notice: PublicationPage, site: _Site) -> list[tuple[str, str]]:
    row = site.rows[notice.id]
    titles = site.titles[notice.kind.id]
    cells = [(title, row[column]) for column, title in titles.items() if column in row]
    cells += [(str(f["title"] or f["name"] or ""), "\n".join(listed(f))) for f in notice.body["facts"]]
    cells += [(str(i["title"] or ""), str(i["result"] or "")) for i in notice.body["items"]]
    draw = notice.body.get("draw") or {}
    cells += [
        (
            say("抽中第 {position} 户", position=one["position"]).render(site.language),
            " ".join(str(one[part] or "") for part in ("id", "name", "class", "ticket")),
        )
        for one in draw.get("selected", ())
    ]
    return cells


def _write_list(site: _Site, kind: PageType, files: dict[str, bytes]) -> None:
    notices = ordered(site.by_kind[kind.id], site.rows)
    counted = [column.id for column in kind.columns if column.position]
    newest_first = kind.sort is None
    numbers = range(len(notices), 0, -1) if newest_first else range(1, len(notices) + 1)
    rows = [
        {**site.rows[n.id], **dict.fromkeys(counted, str(at))} for at, n in zip(numbers, notices, strict=True)
    ]
    ids = [column.id for column in kind.exported]
    header = list(site.titles[kind.id].values())
    files[f"{kind.path}/list.csv"] = csv_bytes(header, ([row[i] for i in ids] for row in rows))
    files[f"{kind.path}/list.json"] = json_bytes([{i: row[i] for i in ids} for row in rows])
    for part in parts_of(notices, newest_first=newest_first):
        files[f"{kind.path}/{part.name}.html"] = site.pages.listing(kind, part, site.rows, len(notices))


def _entries(site: _Site, firms: Mapping[str, FirmPages]) -> list[SearchEntry]:
    """Return what can be found, in the order in which it was published first: enterprises, and pages about none."""
    found: dict[str, SearchEntry] = {}
    for notice in reversed(site.notices):
        code = firm_of(notice)
        if code:
            found.setdefault(code, SearchEntry(firms[code].name, code))
        else:
            found[notice.page] = SearchEntry(notice.title, notice.case, notice.page)
    return list(found.values())


def _write_firms(
    site: _Site, files: dict[str, bytes], before_page: Callable[[], None]
) -> Mapping[str, FirmPages]:
    """Write a page for each enterprise about which something was published, over all years, and the list of them; return them by code."""
    by_firm: dict[str, list[PublicationPage]] = defaultdict(list)
    for notice in site.notices:
        if code := firm_of(notice):
            by_firm[code].append(notice)
    firms = [
        FirmPages(code, str((found[0].body["subject"] or {}).get("name") or ""), found)
        for code, found in sorted(by_firm.items())
    ]
    titles = [m.render(site.language) for m in (say("企业名称"), say("统一社会信用代码"), say("公示数"))]
    # Those about whom something was published first stand last.
    by_age = sorted(firms, key=lambda firm: (firm.notices[-1].published_at, firm.code), reverse=True)
    for part in parts_of(by_age):
        files[f"firms/{part.name}.html"] = site.pages.firms(part)
    files["firms/list.csv"] = csv_bytes(titles, ((f.name, f.code, str(len(f.notices))) for f in firms))
    files["firms/list.json"] = json_bytes(
        [{"name": f.name, "code": f.code, "pages": [n.page for n in f.notices]} for f in firms]
    )
    heads = [
        m.render(site.language)
        for m in (say("统一社会信用代码"), say("栏目"), say("公示日期"), say("标题"), say("网页"))
    ]
    lines: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    data: dict[str, dict[str, list[dict[str, str]]]] = defaultdict(dict)
    for firm in firms:
        before_page()
        lines[firm.data] += [
            (firm.code, site.pages.heading(n.kind), n.published_on.isoformat(), n.title, n.page)
            for n in firm.notices
        ]
        data[firm.data][firm.code] = [
            {"kind": n.kind.id, **site.rows[n.id], "page": n.page} for n in firm.notices
        ]
        files[f"firms/{firm.code}.html"] = site.pages.firm(firm, site.rows)
    for name, of_firms in data.items():
        files[f"firms/{name}.csv"] = csv_bytes(heads, lines[name])
        files[f"firms/{name}.json"] = json_bytes(of_firms)
    return {firm.code: firm for firm in firms}


def _write_front(
    site: _Site, built_at: datetime, files: dict[str, bytes], single_handed: SingleHanded
) -> None:
    counts = Counter(notice.kind.id for notice in site.notices)
    built_on = local_minute(built_at, ZoneInfo(site.bureau.timezone))
    late = sum(notice.late for notice in site.notices)
    withdrawn = sum(notice.withdrawn_on is not None for notice in site.notices)
    files["check.html"] = site.pages.check(
        sealed="seals.json" in files,
        signed="heads/heads.json" in files,
        single_handed=single_handed.acts,
    )
    files["style.css"] = _STYLE.read_bytes()
    # The front page and the mark tell when the site was built; the sums cover everything else.
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files["SHA256SUMS"] = sums.encode()
    files["index.html"] = site.pages.home(site.notices[:RECENT], counts, late, withdrawn, built_on)
    files[MARK] = json_bytes(
        {
            "bureau": site.bureau.id,
            "built_at": to_text(built_at),
            "language": site.language,
            "publications": dict(counts),
            "late": late,
            "withdrawn": withdrawn,
        }
    )
