"""Many files -> one library of checked definitions, and every problem of every file. Pure but for `load_paths`."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePath

from engine.collector import unsearched
from engine.definition import keywords
from engine.definition.file_discovery import files_beside, standard_site, template_files, templates_beside
from engine.definition.meaning.allowed import without_allowed
from engine.definition.meaning.papers import FOLDER, PaperReads, papers_alone
from engine.definition.meaning.policy_problems import said_at_policies
from engine.definition.meaning.rule_switches import switched
from engine.definition.meaning.subject import KnownOfAll, MeaningInput
from engine.definition.reader.articles import check_citations, read_articles
from engine.definition.reader.bureau import check_bureau, outline_bureau, read_bureau
from engine.definition.reader.citations import Citation
from engine.definition.reader.form import outline_form, read_form
from engine.definition.reader.site import PublicationFields, outline_site, read_site
from engine.definition.reader.steps.in_states import with_steps_of_states
from engine.definition.reader.workflow import ReadWorkflow, outline_workflow, read_workflow
from engine.definition.rule_input import RuleInput
from engine.definition.rules import FORM_RULES, MEANING_RULES
from engine.definition.rules.rule import problems_of
from engine.definition.symbols import FormOutline, SymbolTable, WorkflowOutline
from engine.files.reading import read_file
from engine.kernel.budget import TEXT, BudgetExceededError
from engine.language import Message, say
from engine.lifecycle.model.articles import ArticleTable
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import Form
from engine.lifecycle.model.workflow import Workflow
from engine.lifecycle.page_types import PageTypes
from engine.yamltext.nodes import MappingNode, ScalarNode
from engine.yamltext.problem import Problem, Severity, has_errors, ordered
from engine.yamltext.source import Source, read_source

#: The language definitions are written in now; a published version keeps the number of its own.
LANGUAGE = 2
KINDS = ("workflow", "form", "bureau", "site", "articles")
#: Kinds of which there is one.
_ALONE = ("bureau", "site", "articles")
_WORDS = "|".join((*KINDS, *(word for kind in KINDS for word in keywords.KEYS[kind])))
_TOP = re.compile(rf"^({_WORDS})\s*[:：]\s*[\"']?([a-z][a-z0-9_]*)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Library:
    """Sound definitions, by id. Those with errors are not in it."""

    workflows: Mapping[str, Workflow] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    bureau: Bureau | None = None
    #: The kinds of public pages.
    site: PageTypes | None = None
    #: The articles a basis may cite; None: not known here, and no basis is held against them.
    articles: ArticleTable | None = None
    #: file -> its text
    texts: Mapping[str, str] = field(default_factory=dict)
    #: (kind, id) -> the file it is in
    places: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def workflow(self, name: str) -> Workflow:
        """Return a workflow. Raises KeyError when there is none, or it has errors."""
        return self.workflows[name]

    def form(self, name: str) -> Form:
        """Return a form. Raises KeyError when there is none, or it has errors."""
        return self.forms[name]

    def texts_of(self, name: str) -> dict[str, str]:
        """Return the files a workflow rests on: its own, its forms and the bureau's, as file -> text.

        Loaded again with ``load_files(texts, partial=True)`` they give the same workflow. Raises KeyError.
        """
        workflow = self.workflows[name]
        wanted = [("workflow", name), *(("form", form) for form in workflow.forms)]
        if self.bureau is not None:
            wanted.append(("bureau", self.bureau.id))
        return {self.places[place]: self.texts[self.places[place]] for place in wanted}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of loading: the sound definitions, and the problems of all files, in order."""

    library: Library
    problems: tuple[Problem, ...]
    #: file -> text, for showing the lines concerned
    sources: Mapping[str, str]
    #: The templates of papers they were judged with, name -> text; what is published with them, path in a deployment -> text.
    templates: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    @property
    def workflows(self) -> Mapping[str, Workflow]:
        """Return the sound workflows by id."""
        return self.library.workflows

    @property
    def forms(self) -> Mapping[str, Form]:
        """Return the sound forms by id."""
        return self.library.forms

    @property
    def bureau(self) -> Bureau | None:
        """Return the bureau, if its file is there and sound."""
        return self.library.bureau

    @property
    def site(self) -> PageTypes | None:
        """Return the kinds of public pages, if their file is there and sound."""
        return self.library.site

    def as_json(self) -> dict[str, str]:
        """Return the files as plain values: their texts by digest. The same files give the same, wherever they are."""
        named = {"/".join(PurePath(name).parts[-2:]): text for name, text in sorted(self.sources.items())}
        named.update(self.files)
        return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in named.items()}

    @property
    def sound(self) -> bool:
        """Tell whether no file has an error."""
        return not has_errors(self.problems)


@dataclass(slots=True)
class _File:
    """One file on its way."""

    source: Source
    kind: str
    name: str
    root: MappingNode | None
    quiet: bool


# What a load makes is bounded by the texts and stays, or goes by its counts: to search for garbage meanwhile is an eighth of its time.
@unsearched(lasting=True)
def load_files(
    files: Mapping[str, bytes | str],
    *,
    context: Mapping[str, bytes | str] | None = None,
    partial: bool = False,
    language: int = LANGUAGE,
    templates: Mapping[str, str] | None = None,
) -> Loaded:
    """Load files given as name -> content, written in a `language`; never raises for what is in them.

    Files of `context` are what the others may refer to; their own problems are not reported, and a definition of `files` goes before
    one of the same id there. With `partial` (a stored version) no references to other workflows, without `templates` no papers are checked.
    """
    problems: list[Problem] = []
    found: dict[tuple[str, str], _File] = {}
    sources: dict[str, str] = {}
    for name, content in files.items():
        source = read_source(name, content)
        sources[name] = source.text
        problems.extend(source.problems)
        file = _sorted_in(source, problems, quiet=False, language=language)
        if file is not None:
            _enter(file, found, problems)
    for name, content in (context or {}).items():
        source = read_source(name, content)
        file = _sorted_in(source, [], quiet=True, language=language)
        if file is None or (file.kind, file.name) in found:
            continue
        if file.kind in _ALONE and any(kind == file.kind for kind, _ in found):
            continue
        sources[name] = source.text
        found[(file.kind, file.name)] = file
    loaded = _Loading(found, problems, sources, partial, templates).load()
    if language == LANGUAGE:
        return loaded
    # Advice is for whoever writes today: an older language may not have had the words it recommends.
    kept = tuple(problem for problem in loaded.problems if problem.severity is not Severity.ADVICE)
    return replace(loaded, problems=kept)


@lru_cache(maxsize=32)
def load_version(files: tuple[tuple[str, str], ...], language: int = LANGUAGE) -> Loaded:
    """Load the texts of a stored version, given as (name, text); the same texts give the same result, made once."""
    return load_files(dict(files), partial=True, language=language)


def load_paths(
    paths: Iterable[Path],
    *,
    context: Iterable[Path] = (),
    extra: Mapping[str, bytes] | None = None,
    partial: bool = False,
    language: int = LANGUAGE,
) -> Loaded:
    """Read files and load them, with `extra` ones whose content is given; a file that cannot be read is a problem like any other."""
    problems, paths, context = list[Problem](), list(paths), list(context)
    files = {**_read(paths, problems), **(extra or {})}
    if partial is False and standard_site() not in (*paths, *context):
        # A deployment without page types of its own has the standard ones.
        context.append(standard_site())
    known = {path.resolve() for path in paths}
    around = _read((path for path in context if path.resolve() not in known), [])
    templates = None if partial else templates_beside([*paths, *context])
    loaded = (
        _load(files, around, partial, templates)
        if language == LANGUAGE
        else load_files(files, context=around, language=language)
    )
    found = loaded.problems
    if any(problem.file.startswith(FOLDER) for problem in found):
        places = {f"{FOLDER}{file.name}": str(file) for file in template_files([*context, *paths]).values()}
        found = tuple(replace(one, file=places.get(one.file, one.file)) for one in found)
    beside = files_beside(paths, loaded.library.places, loaded.library.texts)
    return replace(loaded, problems=ordered((*problems, *found)), files=beside)


@dataclass(frozen=True, slots=True)
class _Texts:
    """Files to load; equal to others with the same contents in the same order, whatever they are called."""

    files: tuple[bytes | str, ...]
    context: tuple[bytes | str, ...]
    partial: bool
    templates: tuple[tuple[str, str], ...] | None
    names: tuple[str, ...] = field(compare=False)


@lru_cache(maxsize=8)
def _load_once(texts: _Texts) -> tuple[tuple[str, ...], Loaded]:
    """Load files; returns how they were called when that was done, and what came of it."""
    own = len(texts.files)
    files = dict(zip(texts.names[:own], texts.files, strict=True))
    context = dict(zip(texts.names[own:], texts.context, strict=True))
    templates = None if texts.templates is None else dict(texts.templates)
    return texts.names, load_files(files, context=context, partial=texts.partial, templates=templates)


def _load(
    files: Mapping[str, bytes | str],
    context: Mapping[str, bytes | str],
    partial: bool,
    templates: Mapping[str, str] | None,
) -> Loaded:
    """Load files, or take what came of the same texts before: only where they lie may be different."""
    names = (*files, *context)
    papers = None if templates is None else tuple(templates.items())
    texts = _Texts(tuple(files.values()), tuple(context.values()), partial, papers, names)
    before, loaded = _load_once(texts)
    if before == names:
        return loaded
    if loaded.problems or len(set(before)) != len(before):
        # Sentences about files name them.
        return load_files(files, context=context, partial=partial, templates=templates)
    called = dict(zip(before, names, strict=True))
    sources = {called[name]: text for name, text in loaded.sources.items()}
    places = {key: called[name] for key, name in loaded.library.places.items()}
    return replace(loaded, library=replace(loaded.library, texts=sources, places=places), sources=sources)


def _read(paths: Iterable[Path], problems: list[Problem]) -> dict[str, bytes | str]:
    files: dict[str, bytes | str] = {}
    for path in paths:
        try:
            files[str(path)] = read_file(path, TEXT, "")
        except BudgetExceededError as problem:
            problems.append(Problem(str(path), 1, 1, "file-size", Severity.ERROR, problem.message))
        except OSError as error:
            message = say("打不开文件（{reason}）", reason=error.strerror or "?")
            problems.append(Problem(str(path), 1, 1, "file-unreadable", Severity.ERROR, message))
    return files


def _enter(file: _File, found: dict[tuple[str, str], _File], problems: list[Problem]) -> None:
    key = (file.kind, file.name)
    others = [other for (kind, _), other in found.items() if kind == file.kind] if file.kind in _ALONE else []
    first = found.get(key) or (others[0] if others else None)
    if first is None:
        found[key] = file
        return
    message = say("“{name}”已在 {file} 里定义", name=file.name, file=first.source.file)
    hint = say("请换一个编号，或只留一个文件")
    place = file.root or first.root
    line, column = (place.line, place.column) if place is not None else (1, 1)
    problems.append(
        Problem(file.source.file, line, column, "duplicate-definition", Severity.ERROR, message, hint)
    )


def _sorted_in(source: Source, problems: list[Problem], *, quiet: bool, language: int) -> _File | None:
    """Find out what a file defines; a file that cannot be read is still known by its first line."""
    if source.root is None and source.problems:
        if (sniffed := _TOP.search(source.text)) is None:
            return None
        return _File(source, keywords.canonical(sniffed.group(1)), sniffed.group(2), None, quiet)
    root = source.root
    if not isinstance(root, MappingNode) or not root.entries:
        wide = _TOP.search(source.text)
        if wide is not None and "：" in wide.group():
            at = wide.group().index("：") + 1
            problems.append(
                _problem(
                    source,
                    source.text.count("\n", 0, wide.start()) + 1,
                    at,
                    "full-width-punctuation",
                    say("用了全角冒号“：”"),
                    say("键的后面请用半角冒号“:”，再空一格"),
                )
            )
            return _File(source, keywords.canonical(wide.group(1)), wide.group(2), None, quiet)
        problems.append(_problem(source, 1, 1, "unknown-kind", say("文件里没有定义"), _kinds()))
        return None
    key, value = root.entries[0]
    kind = keywords.canonical(key.text) if isinstance(key, ScalarNode) else ""
    if kind not in KINDS:
        message = say("第一个键应说明这是什么，实为“{key}”", key=getattr(key, "text", ""))
        problems.append(_problem(source, key.line, key.column, "unknown-kind", message, _kinds()))
        return None
    name = value.text if isinstance(value, ScalarNode) else ""
    if language != LANGUAGE:
        from engine.definition.older.first_language import READERS

        root = READERS[language](root)
    return _File(source, kind, name, with_steps_of_states(root), quiet)


def _kinds() -> Message:
    return say(
        "请以 workflow:（流程）、form:（表单）、bureau:（单位）、site:（公示网站）或 articles:（条文表）开头"
    )


def _problem(source: Source, line: int, column: int, rule: str, message: Message, hint: Message) -> Problem:
    return Problem(source.file, line, column, rule, Severity.ERROR, message, hint)


@dataclass(slots=True)
class _Loading:
    """One load, from files sorted by what they define."""

    found: Mapping[tuple[str, str], _File]
    problems: list[Problem]
    sources: Mapping[str, str]
    partial: bool
    templates: Mapping[str, str] | None = None
    #: What was read of sound workflows, with the places.
    workflows_read: dict[str, RuleInput] = field(default_factory=dict)
    meant: dict[str, MeaningInput] = field(default_factory=dict)
    known: KnownOfAll = field(default_factory=KnownOfAll)

    def load(self) -> Loaded:
        bureau = self._bureau()
        world = self._world(bureau)
        forms = self._forms(world)
        workflows = self._meant(self._workflows(world, forms), bureau)
        bureau = bureau if bureau is None or self._bureau_fits(world) else None
        at = {key: file.source.file for key, file in self.found.items()}
        site, articles = self._site(workflows), self._articles()
        library = Library(workflows, forms, bureau, site, articles, self.sources, at)
        problems = switched(ordered(said_at_policies(self.problems, self.found.values())), self._bureaus())
        return Loaded(library, problems, self.sources, self.templates or {})

    def _note(self, file: _File, problems: Iterable[Problem]) -> bool:
        """Keep the problems, unless the file is only there to be referred to; tell whether none is an error."""
        reported = without_allowed(file.source, problems)
        if not file.quiet:
            self.problems.extend(reported)
        return not has_errors((*reported, *file.source.problems))

    def _of(self, kind: str) -> list[_File]:
        return [file for (each, _), file in self.found.items() if each == kind]

    def _bureaus(self) -> list[tuple[str, str, MappingNode | None]]:
        return [(file.source.file, file.source.text, file.root) for file in self._of("bureau")]

    def _bureau(self) -> Bureau | None:
        for file in self._of("bureau"):
            if file.root is not None:
                bureau, problems = read_bureau(file.source.file, file.source.text, file.root)
                if self._note(file, problems):
                    return bureau
        return None

    def _bureau_fits(self, world: SymbolTable) -> bool:
        """Check what the bureau refers to, now that workflows and forms are known."""
        return all(
            self._note(file, check_bureau(file.source.file, file.source.text, file.root, world, self.meant))
            for file in self._of("bureau")
            if file.root is not None
        )

    def _site(self, workflows: Mapping[str, Workflow]) -> PageTypes | None:
        whole = not self.partial and len(workflows) == len(self._of("workflow")) > 0
        for file in self._of("site"):
            if file.root is not None:
                published = PublicationFields.of(workflows.values()) if whole else None
                site, problems = read_site(file.source.file, file.source.text, file.root, published)
                if self._note(file, problems):
                    return site
        return None

    def _articles(self) -> ArticleTable | None:
        """Read the table of articles, and hold every basis that is reported on against it."""
        table = None
        for file in self._of("articles"):
            if file.root is not None:
                table, problems = read_articles(file.source.file, file.source.text, file.root)
                self._note(file, problems)
        if table is not None:
            read: dict[str, tuple[Citation, ...]] = {}
            for file in self.found.values():
                if file.root is not None and not file.quiet:
                    source = file.source
                    self._note(file, check_citations(source.file, source.text, file.root, table, read))
        return table

    def _world(self, bureau: Bureau | None) -> SymbolTable:
        broken = bureau is None and bool(self._bureaus())
        pages = [outline_site(file.root) for file in self._of("site")]
        world = SymbolTable(
            bureau=outline_bureau(self._bureaus()) if broken else bureau,
            page_types=pages[0] if pages and pages[0] and not self.partial else None,
            templates=None if self.templates is None else papers_alone(self.templates),
            partial=self.partial,
            bureau_broken=broken,
        )
        forms: dict[str, FormOutline] = {}
        for file in self._of("form"):
            form = outline_form(file.source.file, file.root, world) if file.root is not None else None
            forms[file.name] = form or FormOutline(file.name, None)
        workflows: dict[str, WorkflowOutline] = {}
        for file in self._of("workflow"):
            known = outline_workflow(file.source.file, file.root, world) if file.root is not None else None
            workflows[file.name] = known or WorkflowOutline(file.name, broken=True)
        return replace(world, forms=forms, workflows=workflows, worked_out={})

    def _forms(self, world: SymbolTable) -> dict[str, Form]:
        forms = {}
        for file in self._of("form"):
            if file.root is None:
                continue
            found, problems = read_form(file.source.file, file.source.text, file.root, world)
            if found is not None and not file.quiet and not self.partial:
                judged = ((rule, one) for rule in FORM_RULES for one in rule.of_form(found))
                problems = (*problems, *problems_of(file.source.file, judged))
                self.known.forms[found.form.id] = (file.source.file, found)
            if self._note(file, problems) and found is not None:
                forms[found.form.id] = found.form
        return forms

    def _workflows(self, world: SymbolTable, forms: Mapping[str, Form]) -> dict[str, Workflow]:
        workflows = {}
        for file in self._of("workflow"):
            if file.root is None:
                continue
            read = read_workflow(file.source.file, file.source.text, file.root, world)
            if not self._note(file, read.problems) or read.workflow is None:
                continue
            needed = _needed(read, forms, world)
            if needed is not None:
                workflows[read.workflow.id] = replace(read.workflow, forms=needed)
                if read.subject is not None:
                    self.workflows_read[read.workflow.id] = read.subject
        return workflows

    def _meant(self, workflows: dict[str, Workflow], bureau: Bureau | None) -> dict[str, Workflow]:
        """Judge what the sound workflows mean together; return those that stay sound."""
        if self.partial:
            return workflows
        sound = dict(workflows)
        papers = PaperReads(self.templates or {}, workflows)
        for file in self._of("workflow"):
            read = self.workflows_read.get(file.name)
            if file.quiet or read is None:
                continue
            subject = MeaningInput(workflows[file.name], read, workflows, bureau, known=self.known)
            self.meant[file.name] = subject
            found = ((rule, one) for rule in MEANING_RULES for one in rule.meaning(subject))
            if not self._note(file, tuple(problems_of(file.source.file, found))):
                del sound[file.name]
            self.problems.extend(papers.problems(subject.ways))
        return sound


def _needed(read: ReadWorkflow, forms: Mapping[str, Form], world: SymbolTable) -> dict[str, Form] | None:
    """Return the forms of a workflow, with item forms all that have check rows or are named nowhere; None when one is unsound."""
    named = set(read.forms)
    if not named <= forms.keys():
        return None
    if read.workflow is not None and any(step.item_forms for step in read.workflow.transitions):
        elsewhere = {name for outline in world.workflows.values() for name in outline.forms}
        named |= {name for name, form in forms.items() if form.rows or name not in elsewhere}
    return {name: forms[name] for name in sorted(named)}
