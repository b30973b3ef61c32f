"""Classes of mutations: names, texts, forms, punctuation.

A class works on the text alone, by a rule of its own. What it would make and is no fault it yields with the reason why not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import yaml
from faults_put_in import texts
from mutations import Mutation, everything, expressions, misspelt, over, quoted
from shipped_texts import Shipped, bureau, entries, forms, scalars, words, workflows


def references() -> Iterator[Mutation]:
    """a state, form, role, clock, workflow or paper misspelt where it is used"""
    used = ("from", "to", "form", "for", "by", "during", "reached", "workflow", "render", "start", "notify", "pauses_in", "on_expiry", "approved", "served", "clock", "among")  # fmt: skip
    for flow in workflows().values():
        for path, node in flow.scalars():
            last = next(part for part in reversed(path) if isinstance(part, str))
            waited = "join" in path and isinstance(path[-1], int)
            if (
                (last in used or waited)
                and path[0] != "workflow"
                and re.fullmatch(r"[a-z][a-z_]{3,}", node.value)
            ):
                yield over(flow.file, node, misspelt(node.value))
            elif role := re.fullmatch(r"escalate ([a-z_]{4,})(.*)", node.value):
                yield over(flow.file, node, f"escalate {misspelt(role[1])}{role[2]}")


def names_in_expressions() -> Iterator[Mutation]:
    """a field misspelt in a condition or a value"""
    for flow in workflows().values():
        for node in expressions(flow):
            for found in re.finditer(r"\b(?:forms\.\w+|form|case)\.([a-z_]{4,})", node.value):
                text = node.value
                yield over(
                    flow.file,
                    node,
                    quoted(text[: found.start(1)] + misspelt(found[1]) + text[found.end(1) :]),
                )


def names_in_texts() -> Iterator[Mutation]:
    """a field misspelt in a title or a message"""
    for flow in workflows().values():
        for _, node in flow.scalars():
            for found in re.finditer(r"\{\{ (?:forms\.\w+|form|case|it)\.([a-z_]{4,}) \}\}", node.value):
                text = node.value
                if "it." not in found[0]:
                    new = text[: found.start(1)] + misspelt(found[1]) + text[found.end(1) :]
                    yield over(flow.file, node, quoted(new))


def compared_codes() -> Iterator[Mutation]:
    """a code, or a word that is kept, misspelt where something is compared with it"""
    for flow in workflows().values():
        for node in expressions(flow):
            for found in re.finditer(r"(?:==|!=) '([a-z_]{4,})'", node.value):
                text = node.value
                yield over(
                    flow.file,
                    node,
                    quoted(text[: found.start(1)] + misspelt(found[1]) + text[found.end(1) :]),
                )


def declared_fields() -> Iterator[Mutation]:
    """a field or a code renamed where it is declared, and read elsewhere"""
    for form in forms().values():
        for key, _ in form.fields:
            if f"forms.{form.name}.{key.value}" in everything():
                yield over(form.file, key, key.value + "_new")
    for flow in workflows().values():
        for key, _ in flow.fields:
            if re.search(rf"\bcase\.{key.value}\b", flow.source):
                yield over(flow.file, key, key.value + "_new")
    for list_, of in entries(bureau().top["codes"]).items():
        compared = {
            found[1]
            for form in forms().values()
            for key, said in form.fields
            if words(said.get("choices")) == [list_]
            for text in (*texts().values(),)
            for found in re.finditer(rf"\b(?:form|forms\.{form.name})\.{key.value} == '(\w+)'", text)
            if f"forms.{form.name}." in found[0] or text == form.source
        }
        for code, _ in of.value if isinstance(of, yaml.MappingNode) else ():
            if code.value in compared:
                yield over(bureau().file, code, code.value + "_new")


def bureau_names() -> Iterator[Mutation]:
    """a workflow, form, role, step or column misspelt in bureau.yaml or page_types.yaml"""
    file = bureau()
    for part in ("measures", "statistics", "supervision", "incompatible_roles", "incompatible_on_a_case", "untouched", "policies"):  # fmt: skip
        for path, node in scalars(file.top[part]):
            last = next(part for part in reversed(path) if isinstance(part, str))
            if last in (
                "cases",
                "forms",
                "roles",
                "workflow",
                "first",
                "then",
                "escalate",
                "at once",
                "notify",
            ):
                if re.fullmatch(r"[a-z_]{4,}", node.value):
                    yield over(file.file, node, misspelt(node.value))
            elif last in ("where", "value", "field") and (
                found := re.search(r"\.([a-z_]{4,})\b(?!\.)", node.value)
            ):
                new = node.value[: found.start(1)] + misspelt(found[1]) + node.value[found.end(1) :]
                yield over(file.file, node, quoted(new))
    site = Shipped("workflows/page_types.yaml")
    for path, node in site.scalars():
        last = next(part for part in reversed(path) if isinstance(part, str))
        if last in ("list", "csv", "details", "link") and len(node.value) > 3:
            yield over(site.file, node, misspelt(node.value))


def shown_to_all() -> Iterator[Mutation]:
    """a private answer in a public title or a public fact"""
    for flow in workflows().values():
        for step in flow.steps:
            here = sorted(({step.form} if step.form else set()) | flow.filled_before(step))
            private = [
                f"forms.{form}.{key.value}"
                for form in here
                for key, said in forms()[form].fields
                if "public" not in said and forms()[form].kind_of(key.value) in ("text", "long text")
            ]
            for word, said, node in step.effects():
                if word == "publish" and private:
                    title = '"{{ ' + private[-1] + ' }}"'
                    if "title" in said:
                        yield over(flow.file, said["title"], title)
                    else:
                        end = said["publish"].end_mark.index
                        mark = ", " if node.flow_style else "\n" + " " * node.start_mark.column
                        yield Mutation(flow.file, end, end, f"{mark}title: {title}")


def braces() -> Iterator[Mutation]:
    """braces of a text that are full-width, single or never closed"""
    for flow in workflows().values():
        for _, node in flow.scalars():
            if "{{ " in node.value:
                yield over(
                    flow.file, node, quoted(node.value.replace("{{ ", "｛｛ ").replace(" }}", " ｝｝"))
                )
                yield over(flow.file, node, quoted(node.value.replace(" }}", " }", 1)))
                yield over(
                    flow.file, node, quoted(node.value.replace("{{ ", "{ ", 1).replace(" }}", " }", 1))
                )


def asked_in_a_circle() -> Iterator[Mutation]:
    """questions that are asked only if each other is answered, or never"""
    for form in forms().values():
        for key, said in form.fields:
            if "when" not in said:
                continue
            text = said["when"].value
            yield over(form.file, said["when"], quoted(f"({text}) and not ({text})"))
            for other, of_other in form.fields:
                if re.search(rf"\bform\.{other.value}\b", text) and "when" not in of_other:
                    end = next(iter(of_other.values())).end_mark.index
                    flow_style = texts()[form.file][other.start_mark.index :].split("\n")[0].count("{") > 0
                    if flow_style:
                        yield Mutation(form.file, end, end, f", when: filled(form.{key.value})")


def plain_values() -> Iterator[Mutation]:
    """an expression without its “=”, which would be kept as a text"""
    for flow in workflows().values():
        for path, node in flow.scalars():
            if (
                node.value.startswith("= ")
                and re.fullmatch(r"= [a-z_]+\.[a-z_.]+", node.value)
                and "set" in path
            ):
                yield over(flow.file, node, node.value[2:])


def punctuation() -> Iterator[Mutation]:
    """a full-width colon or comma, a key twice, a lost quotation mark"""
    for file in (*workflows().values(), *forms().values(), bureau()):
        for found in re.finditer(
            r"^ +(?:- )?(?:title|from|to|form|for|deadline): ", file.source, re.MULTILINE
        ):
            yield Mutation(file.file, found.end() - 2, found.end(), "：")
        for found in re.finditer(r"^( +)(from|for): (.*)\n", file.source, re.MULTILINE):
            yield Mutation(file.file, found.end(), found.end(), found[0])
        for found in re.finditer(r'"\n', file.source):
            yield Mutation(file.file, found.start(), found.start() + 1, "")


CLASSES = (
    references,
    names_in_expressions,
    names_in_texts,
    compared_codes,
    declared_fields,
    bureau_names,
    shown_to_all,
    braces,
    asked_in_a_circle,
    plain_values,
    punctuation,
)
