"""What one file may refer to in the others: outlines of forms and workflows, and the bureau."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.definition.types import Type
from engine.lifecycle.model.bureau import Bureau
from engine.lifecycle.model.form import Field


@dataclass(frozen=True, slots=True)
class FormOutline:
    """A form as others see it: what its answers are."""

    id: str
    #: field -> type; None: the file is broken and says nothing.
    fields: Mapping[str, Type] | None
    rows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkflowOutline:
    """A workflow as others see it. `broken`: the file is known to exist but cannot be read."""

    id: str
    about: str = "none"
    parties: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Type] = field(default_factory=dict)
    #: The same fields as they are declared, as far as they could be read.
    declared: Mapping[str, Field] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    #: Its final states.
    ends: frozenset[str] = frozenset()
    #: Its tasks side by side, with the form each fills ("" for none).
    branches: Mapping[str, str] = field(default_factory=dict)
    #: Forms its steps fill.
    forms: frozenset[str] = frozenset()
    #: Forms filled together with item forms.
    with_items: frozenset[str] = frozenset()
    #: Workflows it starts.
    starts: frozenset[str] = frozenset()
    #: (workflow, state) its steps end child cases in.
    ends_children: frozenset[tuple[str, str]] = frozenset()
    #: Clocks, with those of single states.
    clocks: frozenset[str] = frozenset()
    #: Its steps.
    steps: frozenset[str] = frozenset()
    #: Its steps do something to the case above: it is begun by hand below one, of whatever workflow.
    below: bool = False
    #: A step of it publishes the commitment of a draw.
    draws: bool = False
    broken: bool = False


@dataclass(frozen=True, slots=True)
class SymbolTable:
    """Everything that was loaded together."""

    forms: Mapping[str, FormOutline] = field(default_factory=dict)
    workflows: Mapping[str, WorkflowOutline] = field(default_factory=dict)
    bureau: Bureau | None = None
    #: The kinds of publications the public site has pages for; None: not known here.
    page_types: tuple[str, ...] | None = None
    #: The templates of papers a step may render, name -> text; None: not known here.
    templates: Mapping[str, str] | None = None
    #: Files are missing on purpose (a stored version): references to other workflows are not checked.
    partial: bool = False
    #: There is a bureau file, but it has errors of its own.
    bureau_broken: bool = False
    #: Types worked out so far, so that every file of a load shares them.
    worked_out: dict[str, Type] = field(default_factory=dict, compare=False, repr=False)

    def counted(self, form: str) -> bool:
        """Tell whether answers to `form` carry failed rows: its own or those of item forms."""
        if self.partial:
            return True
        outline = self.forms.get(form)
        if outline is not None and outline.rows:
            return True
        return any(form in workflow.with_items for workflow in self.workflows.values())
