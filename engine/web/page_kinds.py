"""Every kind of page there is: its address, who answers. Tests walk this table."""

from __future__ import annotations

from engine.web.pages import (
    account,
    cases,
    draws,
    figures,
    health,
    registers,
    sign_in,
    start,
    steps,
    tasks,
    verbs,
)
from engine.web.pages.drawing import ceremony, check
from engine.web.pages.file import diagram, evidence, offline, public
from engine.web.pages.firm import office as firm_office
from engine.web.pages.firm import own as firm_own
from engine.web.pages.lists import agenda, bulk, sheets
from engine.web.pages.office import (
    administration,
    backups,
    calendars,
    delegations,
    deliveries,
    incidents,
    journals,
    register_import,
    series,
    workload,
)
from engine.web.pages.studio import completion, conditions, home, previews, proposals, studio, trial, versions
from engine.web.visit import PageKind

PAGE_KINDS: tuple[PageKind, ...] = (
    PageKind(name="tasks", path="/", answer=tasks.show, methods=("GET", "POST")),
    PageKind(name="bulk", path="/bulk", answer=bulk.show, methods=("GET", "POST")),
    PageKind(name="agenda", path="/agenda", answer=agenda.show),
    PageKind(name="tasks-file", path="/tasks.csv", answer=sheets.as_csv, page=False),
    PageKind(name="tasks-workbook", path="/tasks.xlsx", answer=sheets.as_workbook, page=False),
    PageKind(name="agenda-file", path="/agenda.ics", answer=sheets.as_calendar, page=False),
    PageKind(name="sign-in", path="/sign-in", answer=sign_in.show, methods=("GET", "POST"), signed_in=False),
    PageKind(name="set-up", path="/set-up", answer=sign_in.set_up, methods=("GET", "POST"), signed_in=False),
    PageKind(name="sign-out", path="/sign-out", answer=sign_in.sign_out, methods=("POST",)),
    PageKind(name="person", path="/person", answer=account.change, methods=("GET", "POST")),
    PageKind(name="account", path="/account", answer=account.show, methods=("GET", "POST")),
    PageKind(name="inbox", path="/inbox", answer=account.inbox, methods=("GET", "POST")),
    PageKind(name="cases", path="/cases", answer=cases.search),
    PageKind(name="case", path="/cases/{case}", answer=cases.show),
    PageKind(name="case-history", path="/cases/{case}/history", answer=cases.history),
    PageKind(name="case-verified", path="/cases/{case}/verify", answer=cases.verify, methods=("POST",)),
    PageKind(name="case-reviewed", path="/cases/{case}/reviewed", answer=cases.review, methods=("POST",)),
    PageKind(name="case-clocks", path="/cases/{case}/clocks", answer=cases.clocks),
    PageKind(name="case-diagram", path="/cases/{case}/diagram", answer=diagram.show),
    PageKind(name="case-public", path="/cases/{case}/public", answer=public.show),
    PageKind(name="case-correct", path="/cases/{case}/correct", answer=public.correct),
    PageKind(
        name="case-evidence", path="/cases/{case}/evidence", answer=evidence.show, methods=("GET", "POST")
    ),
    PageKind(name="case-offline", path="/cases/{case}/offline", answer=offline.show, methods=("GET", "POST")),
    PageKind(
        name="case-offline-form",
        path="/cases/{case}/offline/form.html",
        answer=offline.take_along,
        page=False,
    ),
    PageKind(name="case-firm", path="/cases/{case}/firm", answer=firm_office.show, methods=("GET", "POST")),
    PageKind(
        name="firm-entry", path="/firm", answer=firm_own.enter, methods=("GET", "POST"), signed_in=False
    ),
    PageKind(
        name="firm-case", path="/firm/case", answer=firm_own.show, methods=("GET", "POST"), signed_in=False
    ),
    PageKind(
        name="firm-paper",
        path="/firm/papers/{paper:path}",
        answer=firm_own.paper,
        signed_in=False,
        page=False,
    ),
    PageKind(name="small-copy", path="/pictures/{file:path}", answer=evidence.small_copy, page=False),
    PageKind(name="kept-file", path="/files/{file:path}", answer=evidence.kept_file, page=False),
    PageKind(
        name="step", path="/cases/{case}/steps/{step}", answer=steps.show, methods=("GET", "POST"), edits=True
    ),
    PageKind(name="receipt", path="/cases/{case}/receipt", answer=steps.receipt),
    PageKind(name="verb", path="/cases/{case}/verbs/{verb}", answer=verbs.show, methods=("GET", "POST")),
    PageKind(name="document", path="/documents/{document:path}", answer=cases.document, page=False),
    PageKind(name="start", path="/start", answer=start.choose),
    PageKind(
        name="start-case", path="/start/{workflow}", answer=start.show, methods=("GET", "POST"), edits=True
    ),
    PageKind(name="plan", path="/plan", answer=figures.plan),
    PageKind(name="draws", path="/draws", answer=draws.list_all),
    PageKind(name="draw", path="/draws/{case}/{number}", answer=draws.show, methods=("GET", "POST")),
    PageKind(
        name="ceremony", path="/draws/{case}/{number}/ceremony", answer=ceremony.show, methods=("GET", "POST")
    ),
    PageKind(name="draw-check", path="/check/{case}/{number}/{code}", answer=check.show, signed_in=False),
    PageKind(
        name="draw-check-file",
        path="/check/{case}/{number}/{code}/{name}",
        answer=check.file,
        signed_in=False,
        page=False,
    ),
    PageKind(name="registers", path="/registers", answer=registers.choose),
    PageKind(name="register", path="/registers/{kind}", answer=registers.show),
    PageKind(
        name="register-import",
        path="/registers/{kind}/import",
        answer=register_import.show,
        methods=("GET", "POST"),
    ),
    PageKind(
        name="register-undo",
        path="/registers/{kind}/undo",
        answer=register_import.undo,
        methods=("GET", "POST"),
    ),
    PageKind(name="register-entry", path="/registers/{kind}/{entry}", answer=registers.entry),
    PageKind(name="figures", path="/figures", answer=figures.show),
    PageKind(name="figure", path="/figures/{row}", answer=figures.drill),
    PageKind(name="studio", path="/studio", answer=studio.choose),
    PageKind(name="definition", path="/studio/{workflow}", answer=home.show, methods=("GET", "POST")),
    PageKind(
        name="definition-text",
        path="/studio/{workflow}/edit",
        answer=studio.edit,
        methods=("GET", "POST"),
        edits=True,
    ),
    PageKind(
        name="definition-names",
        path="/studio/{workflow}/names",
        answer=completion.answer,
        methods=("POST",),
        page=False,
    ),
    PageKind(
        name="conditions",
        path="/studio/{workflow}/conditions",
        answer=conditions.show,
        methods=("GET", "POST"),
    ),
    PageKind(
        name="preview", path="/studio/{workflow}/preview", answer=previews.show, methods=("GET", "POST")
    ),
    PageKind(
        name="preview-file",
        path="/studio/{workflow}/preview/{face}/{name}",
        answer=previews.file,
        page=False,
    ),
    PageKind(name="trial", path="/studio/{workflow}/trial", answer=trial.show, methods=("GET", "POST")),
    PageKind(
        name="versions", path="/studio/{workflow}/versions", answer=versions.show, methods=("GET", "POST")
    ),
    PageKind(name="impact", path="/studio/{workflow}/impact", answer=versions.impact),
    PageKind(name="proposals", path="/proposals", answer=proposals.show, methods=("GET", "POST")),
    PageKind(name="workload", path="/workload", answer=workload.show),
    PageKind(name="incidents", path="/incidents", answer=incidents.show, methods=("GET", "POST")),
    PageKind(name="administration", path="/administration", answer=administration.show),
    PageKind(
        name="deliveries",
        path="/administration/deliveries",
        answer=deliveries.show,
        methods=("GET", "POST"),
    ),
    PageKind(name="journals", path="/administration/journals", answer=journals.show),
    PageKind(name="series", path="/administration/series", answer=series.show),
    PageKind(
        name="calendars", path="/administration/calendars", answer=calendars.show, methods=("GET", "POST")
    ),
    PageKind(name="backups", path="/administration/backups", answer=backups.show, methods=("GET", "POST")),
    PageKind(name="attempts", path="/administration/attempts", answer=administration.attempts),
    PageKind(
        name="person-kept", path="/people/{person}", answer=administration.person, methods=("GET", "POST")
    ),
    PageKind(name="delegations", path="/delegations", answer=delegations.show, methods=("GET", "POST")),
    PageKind(name="healthz", path="/healthz", answer=health.alive, signed_in=False, page=False),
    PageKind(name="readyz", path="/readyz", answer=health.ready, signed_in=False, page=False),
)
