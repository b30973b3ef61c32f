// The answers to a form: what is asked now, what is wrong and what is handed in, as engine/lifecycle/forms/answers.py judges them.
"use strict";
const Answers = ((E, Reading) => (kit, words, today) => {
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));
  const outside = E.value(kit.scope), blank = Reading.blank;
  const answered = (asked) => !asked.computed && asked.type !== "note";
  const asks = (node, scope) => { try { return E.holds(node, scope); } catch (e) { if (e instanceof E.EvaluationError) return false; throw e; } };

  // A row in which nothing was answered is no row.
  const blankRow = (columns, row) => columns.every((one) => { const cell = row[one.name]; return one.columns && one.columns.length && cell ? rowsOf(one, cell).length === 0 : blank(cell); });
  const rowsOf = (asked, typed) => (asked.columns.some(answered) ? typed.filter((row) => !blankRow(asked.columns, row)) : typed);
  const tabled = (asked, typed) => asked.columns && asked.columns.length > 0 && Array.isArray(typed);
  const given = (asked, answers) => (tabled(asked, answers[asked.name]) ? rowsOf(asked, answers[asked.name]) : answers[asked.name]);

  function offered(asked, scope) {
    const bound = new Set(), free = new Set();
    for (const offer of asked.offered) {
      offer.codes.forEach((code) => bound.add(code));
      if (asks(offer.when, scope)) offer.codes.forEach((code) => free.add(code));
    }
    return (code) => !bound.has(code) || free.has(code);
  }

  // What is wrong with an answer by itself, and with the code that may not be chosen now.
  function wrongValue(asked, typed, scope) {
    const title = asked.title;
    const found = Reading.read(asked, typed, kit.offset);
    if (found && found.wrong) return say(found.wrong, { ...found, title });
    if (["integer", "decimal", "money"].includes(asked.type)) {
      const seen = Reading.code(typed), value = E.fraction(found.value), over = (b) => value.n - BigInt(b) * value.d;
      if (asked.least !== null && over(asked.least) < 0n) return say("least", { title, least: asked.least, seen });
      if (asked.most !== null && over(asked.most) > 0n) return say("most", { title, most: asked.most, seen });
    } else if (Array.isArray(typed)) {
      const alone = typed.length > 1 ? typed.find((code) => asked.exclusive.includes(code)) : undefined;
      if (alone !== undefined) return say("alone", { title, alone: asked.choices.find(([code]) => code === alone)[1] });
      const seen = (found ? found.value : typed).length;
      if (asked.least !== null && seen < asked.least) return say("few", { title, least: asked.least, seen });
      if (asked.most !== null && seen > asked.most) return say("many", { title, most: asked.most, seen });
    }
    if (asked.offered.length) {
      const possible = offered(asked, scope), code = [].concat(typed).find((one) => !possible(one));
      if (code !== undefined) return say("not_offered", { title, choice: (asked.choices.find(([one]) => one === code) || [code, code])[1] });
    }
    return "";
  }

  const nothingIn = (asked, row, found) => asked.columns.some(answered) && !asked.columns.some((one) => answered(one) && found.open.has(one.name) && !blank(given(one, row)));

  // The rows of a list, each judged as a small form: {rows: row -> what was found, value, wrong, missing}.
  function rowsFound(asked, typed, scope) {
    const rows = new Map(typed.map((row) => [row, inner(asked.columns, asked.order, row, "it", scope)]));
    // A row that has answers only where nothing is asked any more is no row either: they are not handed in.
    for (const [row, found] of rows) if (nothingIn(asked, row, found)) rows.delete(row);
    const value = [...rows.values()].map((found) => found.map), title = asked.title;
    const columns = new Map(asked.columns.map((one) => [one.name, one]));
    let number = 0;
    for (const [row, found] of rows) {
      number++;
      const order = (asked.judged ? asked.order : asked.columns.map((one) => one.name)).map((name) => columns.get(name));
      const wrong = order.find((one) => found.wrong.has(one.name));
      const missing = wrong !== undefined && found.missing.has(wrong.name);
      if (missing && !asked.judged) return { rows, value, missing, wrong: say("row_missing", { title, row: number, column: wrong.title }) };
      const problem = wrong ? found.wrong.get(wrong.name) : order.map((one) => against(one, row, found)).find(Boolean);
      if (problem) return { rows, value, missing, wrong: say("in_row", { title, row: number, problem }) };
    }
    return { rows, value, missing: false, wrong: wrongValue(asked, [...rows.keys()], scope) };
  }

  // The answers of a form, or of a row, read in the order in which they need each other. Those with something wrong are seen by no condition.
  function inner(all, order, answers, root, around, start = []) {
    const map = new Map(start), left = [], open = new Set(), wrong = new Map(), missing = new Set(), rows = new Map();
    const scope = new Map([...outside, ...around, ["today", today()], [root, map]]);
    const byName = new Map(all.map((asked) => [asked.name, asked]));
    for (const name of order) {
      const asked = byName.get(name);
      if (asked.type === "note" && !asked.computed) {
        if (!asked.relevant || asks(asked.relevant, scope)) open.add(name);
        continue;
      }
      if (asked.relevant && !asks(asked.relevant, scope)) { left.push(name); map.set("not_asked", left); continue; }
      open.add(name);
      if (asked.computed) {
        let found = null;
        try { found = E.run(asked.computed, scope); } catch (e) { if (!(e instanceof E.EvaluationError)) throw e; }
        map.set(name, found);
        continue;
      }
      const typed = given(asked, answers);
      if (blank(typed)) {
        if (asked.required) { wrong.set(name, say("required", { title: asked.title })); missing.add(name); }
        continue;
      }
      const table = tabled(asked, typed) ? rowsFound(asked, typed, scope) : null;
      if (table) rows.set(name, table.rows);
      if (table && !table.rows.size) {
        if (asked.required) { wrong.set(name, say("required", { title: asked.title })); missing.add(name); }
        continue;
      }
      if (table && table.missing) missing.add(name);
      const problem = table ? table.wrong : wrongValue(asked, typed, scope);
      if (problem) { wrong.set(name, problem); continue; }
      const found = table || Reading.read(asked, typed, kit.offset);
      map.set(name, found ? found.value : E.value(typed));
    }
    return { map, open, scope, wrong, missing, rows };
  }

  // The sentence of the first constraint of a question that does not hold.
  function against(asked, answers, found) {
    if (!found.open.has(asked.name) || found.wrong.has(asked.name)) return "";
    const there = asked.computed ? (found.map.get(asked.name) ?? null) !== null : answered(asked) && !blank(given(asked, answers));
    if (!there) return "";
    for (const rule of asked.constraints) {
      try { if (!E.holds(rule.that, found.scope)) return rule.else; } catch (e) { if (!(e instanceof E.EvaluationError)) throw e; }
    }
    return "";
  }

  const problemOf = (asked, answers, found) => ((answered(asked) || asked.computed) && found.open.has(asked.name) ? found.wrong.get(asked.name) || against(asked, answers, found) : "");

  // The sentences of a form as a whole; of what compares something missing or wrong nothing is said: that is said already.
  function whole(data, answers, found) {
    const wrong = new Set(data.fields.filter((one) => problemOf(one, answers, found)).map((one) => one.name));
    const fails = (rule) => { try { return !E.holds(rule.that, found.scope); } catch (e) { if (e instanceof E.EvaluationError) return false; throw e; } };
    return data.constraints.filter((rule) => !rule.reads.some((name) => wrong.has(name)) && fails(rule)).map((rule) => rule.else);
  }

  // The rules that have no answer: what they look at is missing, or cannot be worked out.
  function unanswered(data, answers, found) {
    const asked = data.fields.filter((one) => answered(one) && found.open.has(one.name) && !blank(given(one, answers)));
    const none = (rule) => { try { E.holds(rule.that, found.scope); return false; } catch (e) { if (e instanceof E.EvaluationError) return true; throw e; } };
    return [...asked.flatMap((one) => one.constraints), ...data.constraints].filter(none).map((rule) => say("no_answer", { rule: rule.else }));
  }

  // What check rows say for the conditions of a form: the rows that are not in order, and how many.
  function ofRows(forms) {
    const failed = forms.flatMap(({ data, answers }) => data.rows
      .filter((row) => ((answers.rows || {})[row.id] || {}).answer === "fail")
      .map((row) => E.value({ form: data.id, row: row.id, title: row.title, basis: row.basis || null, ...answers.rows[row.id] })));
    return forms.some(({ data }) => data.rows.length) ? [["problems", failed], ["problem_count", E.number(BigInt(failed.length))]] : [];
  }

  // An answer as it is handed in: without blank rows, and without columns that are not asked now.
  function handed(asked, answers, found) {
    const typed = given(asked, answers);
    if (!tabled(asked, typed)) return Reading.handed(asked, typed);
    const rows = found.rows.get(asked.name);
    return typed.filter((row) => rows.has(row)).map((row) => {
      const inside = rows.get(row);
      const there = asked.columns.filter((one) => answered(one) && inside.open.has(one.name) && !blank(given(one, row)));
      return Object.fromEntries(there.map((one) => [one.name, handed(one, row, inside)]));
    });
  }

  return { inner, offered, problemOf, whole, unanswered, ofRows, handed, given, blankRow };
})(typeof module !== "undefined" ? require("./expressions.js") : Expressions, typeof module !== "undefined" ? require("./reading.js") : Reading);
if (typeof module !== "undefined") module.exports = Answers;
