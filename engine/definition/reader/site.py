"""A site file -> `PageTypes`: the kinds of public pages, their columns, details and order.

It is read last: which fields a page may show follows from the forms of the workflows that publish it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.definition import keywords
from engine.definition.reader.diagnostics import Diagnostics, MappingReader
from engine.kernel.did_you_mean import did_you_mean
from engine.language import Message, say
from engine.lifecycle.model.form import Field, FieldType
from engine.lifecycle.model.workflow import Workflow
from engine.lifecycle.page_types import ABOVE, LISTS, PARTS, POSITION, PageColumn, PageType, PageTypes
from engine.yamltext.nodes import MappingNode, Node, ScalarNode
from engine.yamltext.problem import Problem, Severity

#: Folders and files of the site that are no page types.
_TAKEN = ("index", "check", "style", "site", "seals", "firms")
#: How a value may stand -> the types of field it may be of; the others take every field.
_FITTING: Mapping[str, frozenset[FieldType]] = {
    "date": frozenset({FieldType.DATE, FieldType.DATETIME}),
    "number": frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY}),
    "ratio": frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY, FieldType.RATIO}),
    "yes or no": frozenset({FieldType.BOOLEAN}),
    "count": frozenset(
        {FieldType.LIST, FieldType.CHOICES, FieldType.PERSONS, FieldType.FILES, FieldType.PHOTOS}
    ),
}


@dataclass(frozen=True)
class PublicationFields:
    """What is known of the fields of publications: kind -> path -> the field. Empty where workflows are broken."""

    fields: Mapping[str, Mapping[str, Field]] = field(default_factory=dict)

    @classmethod
    def of(cls, workflows: Iterable[Workflow]) -> PublicationFields:
        """Return the fields each workflow makes public with what it publishes: by name, form and name."""
        found: dict[str, dict[str, Field]] = {}
        for workflow in workflows:
            kinds = {
                str(effect.arguments["publish"])
                for step in workflow.transitions
                for effect in step.then
                if effect.kind == "publish"
            }
            for kind in kinds:
                known = found.setdefault(kind, {})
                for asked in workflow.fields.values():
                    known[f"case.{asked.name}"] = known[asked.name] = asked
                for form in workflow.forms.values():
                    for asked in form.fields:
                        known[f"forms.{form.id}.{asked.name}"] = asked
                        if asked.public or asked.name not in known:
                            known[asked.name] = asked
        return cls(found)

    @cached_property
    def every(self) -> Mapping[str, Field]:
        """Return the fields of all kinds by path; of several of one path the last public one, else the first."""
        found: dict[str, Field] = {}
        for known in self.fields.values():
            for name, one in known.items():
                if name not in found or one.public:
                    found[name] = one
        return found


def outline_site(node: MappingNode | None) -> tuple[str, ...]:
    """Return the ids of the page types of a site file, as far as they can be read."""
    if node is None:
        return ()
    for key, value in node.texts():
        if keywords.canonical(key.text) == "pages" and isinstance(value, MappingNode):
            return tuple(name.text for name, _ in value.texts())
    return ()


def read_site(
    file: str, text: str, node: MappingNode, published: PublicationFields | None
) -> tuple[PageTypes | None, tuple[Problem, ...]]:
    """Read a site file; all its problems at once. None where it has errors.

    Without `published` fields and kinds of publications are not checked.
    """
    diagnostics = Diagnostics(file, text)
    part = diagnostics.open(node, "site")
    if part is None:
        return None, tuple(diagnostics.problems)
    reader = _SiteReader(diagnostics, published)
    reader.private = reader.withheld(part, None)
    shared = reader.columns(part.value("columns"))
    reader.details = part
    reader.around = {
        key: tuple(diagnostics.read_names(opened.value(end)) for end in ("first", "last"))
        for key in ("list", "csv")
        if (said := part.value(f"every_{key}")) is not None
        and (opened := diagnostics.open(said, "every page")) is not None
    }
    pages = {}
    paths: dict[str, str] = {}
    for name, key, value in diagnostics.entries(part.value("pages")):
        opened = diagnostics.open(value, "page")
        page = reader.page(name, key, opened, shared, paths) if opened is not None else None
        if page is not None:
            pages[name] = page
    contact = diagnostics.texts(part.value("contact"), names=False)
    types = PageTypes(diagnostics.read_name(part.value("site"), of_file=True) or "", pages, contact)
    sound = not any(problem.severity is Severity.ERROR for problem in diagnostics.problems)
    return (types if sound else None), tuple(diagnostics.problems)


@dataclass(slots=True)
class _Written:
    """A column and the place of each of its values."""

    column: PageColumn
    places: Mapping[str, Node]


@dataclass(slots=True)
class _SiteReader:
    diagnostics: Diagnostics
    published: PublicationFields | None
    private: frozenset[str] = frozenset()
    #: Where the details of pages stand that do not say their own.
    details: MappingReader | None = None
    #: ``list`` or ``csv`` -> the columns every page has there before and after its own.
    around: Mapping[str, tuple[list[tuple[str, ScalarNode]], ...]] = field(default_factory=dict)
    #: (file position, problem) reported already: a shared column is used by several pages.
    reported: set[tuple[int, int, str]] = field(default_factory=set)

    def columns(self, node: Node | None) -> dict[str, _Written]:
        """Read columns by id."""
        diagnostics = self.diagnostics
        found = {}
        for name, key, value in diagnostics.entries(node):
            part = diagnostics.open(value, "page column")
            if part is None:
                continue
            # A column that says no value shows the field of its own name.
            written = diagnostics.one_or_many(part.value("value")) if "value" in part.entries else (key,)
            places = {item.text: item for item in written if isinstance(item, ScalarNode)}
            for path, place in places.items():
                self._known_part(path, place)
            column = PageColumn(
                id=name,
                title=diagnostics.read_text(part.value("title")) or name,
                title_en=diagnostics.read_text(part.value("title_en")),
                values=tuple(places),
                format=diagnostics.read_word(part.value("format"), keywords.FORMATS) or "text",
            )
            found[name] = _Written(column, places)
        return found

    def _known_part(self, path: str, place: Node) -> None:
        """Check a value that is no field of a form: the part there is, and what it holds."""
        root, _, rest = path.partition(".")
        if not rest or root in ("forms", "case"):
            return
        if root not in PARTS:
            self.diagnostics.unknown(
                "unknown-name",
                place,
                say("公示里没有“{name}”", name=root),
                root,
                (*PARTS, "forms", "case"),
            )
        elif root not in ABOVE and rest not in PARTS[root]:
            self.diagnostics.unknown(
                "unknown-name", place, say("“{root}”里没有“{name}”", root=root, name=rest), rest, PARTS[root]
            )

    def page(
        self, name: str, key: Node, part: MappingReader, shared: Mapping[str, _Written], paths: dict[str, str]
    ) -> PageType | None:
        """Read one page type."""
        diagnostics = self.diagnostics
        self._known_kind(name, key)
        columns = {**shared, **self.columns(part.value("columns"))}
        listed = self._chosen(part, "list", columns, name)
        exported = self._chosen(part, "csv", columns, name) or self._chosen(
            part, "list", columns, name, "csv"
        )
        own = part if "details" in part.entries or self.details is None else self.details
        details = self._chosen(own, "details", columns, name)
        path = self._path(part, name, paths)
        order = self._chosen(part, "sort", columns, name)
        link = self._link(part, listed)
        if path is None or not listed:
            return None
        return PageType(
            id=name,
            path=path,
            title=diagnostics.read_text(part.value("title")) or name,
            title_en=diagnostics.read_text(part.value("title_en")),
            help=diagnostics.read_text(part.value("help")) or "",
            help_en=diagnostics.read_text(part.value("help_en")),
            listed=listed,
            exported=exported,
            details=details,
            link=link,
            sort=order[0] if order else None,
            descending=diagnostics.read_flag(part.value("descending")),
            about=diagnostics.read_word(part.value("about"), keywords.PAGES_ABOUT) or "",
            draws=diagnostics.read_flag(part.value("all_draws")),
            private=self.private | self.withheld(part, name),
        )

    def withheld(self, part: MappingReader, page: str | None) -> frozenset[str]:
        """Read the fields that are not made public, on one page or on all: one mistyped would be shown."""
        found = self.diagnostics.read_names(part.value("private"))
        fields = self.published.fields if self.published is not None else {}
        # What is published is known by the name of its field alone.
        known = {
            name for kind, own in fields.items() if page in (None, kind) for name in own if "." not in name
        }
        for name, node in found if known else ():
            if name not in known:
                message = say("公示的表单里没有字段“{name}”", name=name)
                self.diagnostics.unknown("undeclared-field", node, message, name, sorted(known))
        return frozenset(name for name, _ in found)

    def _known_kind(self, name: str, key: Node) -> None:
        known = self.published.fields if self.published is not None else None
        if known is not None and name not in known:
            self.diagnostics.unknown(
                "unknown-word",
                key,
                say("没有哪个流程公示“{name}”（publish: {name}）", name=name),
                name,
                known,
                Severity.WARNING,
            )

    def _path(self, part: MappingReader, name: str, paths: dict[str, str]) -> str | None:
        diagnostics = self.diagnostics
        node = part.value("path")
        path = node.text if isinstance(node, ScalarNode) else None
        if node is None or path is None or diagnostics.blank(node):
            return None
        if not path.replace("-", "").isalnum() or not path.isascii() or path in _TAKEN:
            diagnostics.report(
                "bad-name",
                node,
                say("网址“{path}”不合写法", path=path),
                say("只用字母、数字和连字符，如 follow-ups"),
            )
            return None
        if path in paths:
            diagnostics.report(
                "duplicate-name", node, say("网址“{path}”已是栏目“{other}”的", path=path, other=paths[path])
            )
        paths.setdefault(path, name)
        return path

    def _link(self, part: MappingReader, listed: tuple[PageColumn, ...]) -> str:
        node = part.value("link")
        ids = [column.id for column in listed if not column.position]
        name = self.diagnostics.read_name(node)
        if name is None or node is None:
            return ids[0] if ids else ""
        if name not in ids:
            message = say("列出的列里没有“{name}”", name=name)
            self.diagnostics.unknown("unknown-name", node, message, name, ids)
        return name

    def _chosen(
        self, part: MappingReader, key: str, columns: Mapping[str, _Written], page: str, shown_in: str = ""
    ) -> tuple[PageColumn, ...]:
        """Return the columns a key of a page names, with those every page has there or in `shown_in`."""
        found = []
        for name, node in self._between(self.diagnostics.read_names(part.value(key)), shown_in or key):
            written = columns.get(name)
            if written is None:
                message = say("没有列“{name}”", name=name)
                hint = did_you_mean(name, columns) or say("请在 columns（列）里写明它的名称和值")
                self.diagnostics.report("unknown-name", node, message, hint)
                continue
            self._fields(page, written)
            found.append(written.column)
        return tuple(found)

    def _between(self, named: list[tuple[str, ScalarNode]], key: str) -> list[tuple[str, ScalarNode]]:
        """Return the columns a page names between those every page has at `key`."""
        if key not in self.around or not named:
            return named
        first, last = self.around[key]
        own = {name for name, _ in named}
        return [
            *(one for one in first if one[0] not in own),
            *named,
            *(one for one in last if one[0] not in own),
        ]

    def _fields(self, page: str, written: _Written) -> None:
        """Check the fields a column of a page is filled from: they exist, are public and can be shown so."""
        if self.published is None or page not in self.published.fields:
            return
        own, every = self.published.fields[page], self.published.every
        for path, place in written.places.items():
            root, _, rest = path.partition(".")
            if len(written.places) > 1 and path in every and path not in own:
                # One of several values: it is there on the pages of another kind.
                continue
            if root in ABOVE and rest and rest not in PARTS[root]:
                # A field of the plan's or the batch's own page: any kind may be that page.
                self._field(rest, every, place, written.column.format, path)
            elif not rest or root in ("forms", "case"):
                if path != "case.id":
                    self._field(path, own, place, written.column.format, path)
            elif written.column.format == "count" and path not in LISTS:
                self._tell(place, "type-mismatch", say("“{name}”不是列表，数不出项数", name=path))
            elif path == POSITION and written.column.format != "text":
                self._tell(place, "type-mismatch", say("“{name}”只能原样列出", name=path))

    def _field(self, name: str, known: Mapping[str, Field], place: Node, form: str, path: str) -> None:
        asked = known.get(name)
        if asked is None:
            self._tell(place, "undeclared-field", say("公示的表单里没有字段“{name}”", name=path), name, known)
            return
        if not asked.public:
            message = say("字段“{name}”没有写 public: true（公开），这一列总是空的", name=path)
            self._tell(place, "undeclared-field", message, severity=Severity.WARNING)
        fitting = _FITTING.get(form)
        if fitting is not None and asked.type not in fitting:
            shown = keywords.TYPES[asked.type.value]
            message = say(
                "“{name}”是{kind}，不能写成{format}", name=path, kind=shown, format=keywords.FORMATS[form]
            )
            self._tell(place, "type-mismatch", message)

    def _tell(
        self,
        place: Node,
        rule: str,
        message: Message,
        name: str = "",
        known: Iterable[str] = (),
        severity: Severity | None = None,
    ) -> None:
        key = (place.line, place.column, rule)
        if key in self.reported:
            return
        self.reported.add(key)
        self.diagnostics.report(rule, place, message, did_you_mean(name, known) if name else None, severity)
