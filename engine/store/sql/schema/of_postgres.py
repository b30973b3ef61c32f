"""The schema of a PostgreSQL database, and the one this program makes there: of the database's schema the tables lie in."""

from __future__ import annotations

from functools import cache
from typing import Any

from engine.store.sql.schema.objects import VERSION, Objects, column_words, index_words
from engine.store.sql.schema.of_sqlite import Ask
from engine.store.sql.schema.of_sqlite import expected as expected_in_sqlite

#: The schema the tables lie in.
_HOME = "(SELECT relnamespace FROM pg_class WHERE oid = to_regclass('row_statement'))"


def _own(catalogue: str, row: str) -> str:
    """Return the condition that a row of a catalogue is not of an extension an administrator has installed."""
    member = f"d.classid = '{catalogue}'::regclass AND d.objid = {row}.oid AND d.deptype = 'e'"
    return f"NOT EXISTS (SELECT 1 FROM pg_depend d WHERE {member})"  # noqa: S608 - constants


_KINDS = {"r": "table", "p": "table", "f": "table", "v": "view", "m": "view", "S": "sequence"}
_RELATIONS = f"""
SELECT c.relname, c.relkind::text, c.relrowsecurity OR c.relforcerowsecurity, pg_table_is_visible(c.oid),
       EXISTS (SELECT 1 FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)), c.relpersistence::text
FROM pg_class c WHERE c.relnamespace = {_HOME} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND {_own("pg_class", "c")}"""  # noqa: S608 - constants
_COLUMNS = f"""
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, o.collname,
       pg_get_expr(e.adbin, e.adrelid), a.attidentity::text, a.attgenerated::text
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation o ON o.oid = a.attcollation
     LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
WHERE c.relnamespace = {_HOME} AND c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped"""  # noqa: S608
_INDEXES = f"""
SELECT n.relname, c.relname, i.indisunique, i.indisprimary, i.indisvalid, m.amname, pg_get_expr(i.indpred, i.indrelid),
       i.indoption::text, i.indnatts - i.indnkeyatts,
       ARRAY(SELECT pg_get_indexdef(i.indexrelid, place, false) FROM generate_series(1, i.indnkeyatts) place ORDER BY place)
FROM pg_index i JOIN pg_class n ON n.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid JOIN pg_am m ON m.oid = n.relam
WHERE c.relnamespace = {_HOME}"""  # noqa: S608
#: Kind, name, and what of it: none of these are this program's.
_NEVER = f"""
SELECT 'trigger', t.tgname, c.relname || ': ' || pg_get_triggerdef(t.oid) || CASE t.tgenabled WHEN 'D' THEN ' (off)' ELSE '' END
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND c.relnamespace = {_HOME}
UNION ALL
SELECT 'rule', r.rulename, c.relname || ': ' || pg_get_ruledef(r.oid)
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = {_HOME} AND NOT (r.rulename = '_RETURN' AND c.relkind IN ('v', 'm'))
UNION ALL
SELECT 'policy', p.polname, c.relname
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = {_HOME}
UNION ALL
SELECT 'constraint', k.conname, c.relname || ': ' || pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE c.relnamespace = {_HOME} AND k.contype NOT IN ('p', 'n')
UNION ALL
SELECT 'function', p.proname, pg_get_function_identity_arguments(p.oid)
FROM pg_proc p WHERE p.pronamespace = {_HOME} AND {_own("pg_proc", "p")}
UNION ALL
SELECT 'operator', o.oprname, format_type(o.oprleft, NULL) || ', ' || format_type(o.oprright, NULL)
FROM pg_operator o WHERE o.oprnamespace = {_HOME} AND {_own("pg_operator", "o")}
UNION ALL
SELECT 'event trigger', e.evtname, e.evtevent FROM pg_event_trigger e WHERE {_own("pg_event_trigger", "e")}"""  # noqa: S608


@cache
def expected() -> Objects:
    """Return what this program's tables are in PostgreSQL: the indexes of those in SQLite, columns and keys by its own names."""
    from sqlalchemy.dialects.postgresql.base import PGDialect

    from engine.store.sql.tables import metadata

    found = {key: words for key, words in expected_in_sqlite().items() if key[0] == "index"}
    types: Any = PGDialect()  # type: ignore[no-untyped-call]
    found["table", VERSION] = ""
    found["column", f"{VERSION}.version_num"] = "character varying(32) collation of the database not null"
    found["index", f"{VERSION}_pkc"] = index_words(VERSION, ["version_num"], unique=True, other="key")
    for table in metadata.sorted_tables:
        found["table", table.name] = ""
        key = [column.name for column in table.primary_key]
        found["index", str(table.primary_key.name)] = index_words(table.name, key, unique=True, other="key")
        for column in table.columns:
            default = None if column.server_default is None else getattr(column.server_default, "arg", None)
            if column.identity is not None:
                default = None
                found["sequence", f"{table.name}_{column.name}_seq"] = ""
            found["column", f"{table.name}.{column.name}"] = column_words(
                str(column.type.compile(types)).replace('COLLATE "C"', "C"),
                required=not column.nullable,
                default=default if default is None else str(default),
                other="" if column.identity is None else "identity d",
            )
    return found


def present(ask: Ask) -> Objects:
    """Return what is in a database, beside what its extensions have put there."""
    found: dict[tuple[str, str], str] = {}
    for name, kind, guarded, visible, inherits, persistence in ask(_RELATIONS):
        words = (
            "" if kind in "rvS" else f"kind {kind}",
            "row security" if guarded else "",
            "" if visible else "hidden by another",
            "inherits" if inherits else "",
            "" if persistence == "p" else f"persistence {persistence}",
        )
        found[_KINDS[kind], name] = " ".join(word for word in words if word)
    for table, name, type_, required, collation, default, identity, generated in ask(_COLUMNS):
        other = (
            "" if collation is None else collation.replace("default", "collation of the database"),
            f"identity {identity}" if identity else "",
            f"generated {generated}" if generated else "",
        )
        found["column", f"{table}.{name}"] = column_words(
            f"{type_} {other[0]}".strip(),
            required=required,
            default=default,
            other=" ".join(filter(None, other[1:])),
        )
    for name, table, unique, primary, valid, method, predicate, options, included, columns in ask(_INDEXES):
        words = (
            "key" if primary else "",
            "" if valid else "not valid",
            "" if method == "btree" else method,
            "" if not options.strip("0 ") else f"options {options}",
            f"{included} included" if included else "",
        )
        found["index", name] = index_words(
            table,
            [column.strip('"') for column in columns],
            unique=unique,
            predicate=predicate or "",
            other=" ".join(filter(None, words)),
        )
    for kind, name, words in ask(_NEVER):
        found[kind, f"{name}" if (kind, name) not in found else f"{name} {words}"] = words
    return found
