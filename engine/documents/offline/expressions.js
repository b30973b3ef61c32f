// The expressions of the language, worked out on exact numbers: what engine/lifecycle/expressions means, in JavaScript.
// Values: null, true and false, texts, numbers {n, d, f}, lists, and Map for what has names. `f` marks a fraction.
"use strict";
const Expressions = (() => {
  class EvaluationError extends Error {}
  const fail = (why) => { throw new EvaluationError(why); };
  const abs = (n) => (n < 0n ? -n : n);
  const gcd = (a, b) => { a = abs(a); b = abs(b); while (b) [a, b] = [b, a % b]; return a; };
  const isNumber = (v) => typeof v === "object" && v !== null && "n" in v && !(v instanceof Map) && !Array.isArray(v);
  const number = (n, d = 1n, f = false) => {
    if (d < 0n) { n = -n; d = -d; }
    const by = gcd(n, d) || 1n;
    return { n: n / by, d: d / by, f };
  };
  const exact = (v) => ({ n: v.n, d: v.d, f: v.d !== 1n });
  const LARGE = 10n ** 60n;
  const bounded = (v) => (abs(v.n) >= LARGE || v.d >= LARGE ? fail("too long") : v);
  const wide = (v) => (v === true ? number(1n) : v === false ? number(0n) : isNumber(v) ? v : null);

  function value(data) {
    if (data === null || typeof data === "boolean" || typeof data === "string") return data;
    if (typeof data === "number") return number(BigInt(data));
    if (Array.isArray(data)) return data.map(value);
    if ("#" in data) return number(BigInt(data["#"]));
    if ("/" in data) { const [n, d] = data["/"].split("/"); return number(BigInt(n), BigInt(d), true); }
    if ("{" in data) return new Map(data["{"].map(([key, inner]) => [key, value(inner)]));
    return new Map(Object.entries(data).map(([key, inner]) => [key, value(inner)]));
  }

  // Digits of any script in those of Latin: each script has its ten in a row, from nought.
  const latin = (text) => text.replace(/[^\x00-\x7f]/gu, (char) => {
    const digit = (at) => /^\p{Nd}$/u.test(String.fromCodePoint(at));
    const at = char.codePointAt(0);
    if (!digit(at)) return char;
    let before = 0;
    while (digit(at - before - 1)) before++;
    return String(before % 10);
  });

  function fraction(v) {
    if (v === null || v === undefined || v === "") return null;
    if (isNumber(v)) return { ...v, f: true };
    let text = latin(String(v)), by = 1n;
    if (text.endsWith("%")) { text = text.slice(0, -1); by = 100n; }
    const over = /^(-?\d+)\/(\d+)$/.exec(text);
    if (over) return number(BigInt(over[1]), BigInt(over[2]) * by, true);
    const found = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
    if (!found) fail("no number");
    const digits = found[3] || "";
    return number(BigInt(found[1] + found[2] + digits), 10n ** BigInt(digits.length) * by, true);
  }

  function equal(a, b) {
    const x = wide(a), y = wide(b);
    if (x && y) return x.n === y.n && x.d === y.d;
    if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, at) => equal(one, b[at]));
    if (a instanceof Map && b instanceof Map)
      return a.size === b.size && [...a].every(([key, one]) => b.has(key) && equal(one, b.get(key)));
    return a === b;
  }

  // Python compares texts by code points, JavaScript by halves of them.
  function texts(a, b) {
    const x = Array.from(a), y = Array.from(b);
    for (let at = 0; at < x.length && at < y.length; at++)
      if (x[at] !== y[at]) return x[at].codePointAt(0) - y[at].codePointAt(0);
    return x.length - y.length;
  }

  function day(y, m, d) {
    if (y < 1 || m < 1 || m > 12 || d < 1) return null;
    const at = new Date(0);
    at.setUTCFullYear(y, m - 1, d);
    return at.getUTCMonth() === m - 1 && at.getUTCDate() === d ? Math.round(at.getTime() / 86400000) : null;
  }

  function instant(text) {
    const found = /^(\d{4})-(\d\d)-(\d\d)T(\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?(Z|[+-]\d\d(?::?\d\d(?::?\d\d)?)?)$/.exec(text);
    if (!found) return text;
    const days = day(+found[1], +found[2], +found[3]);
    const [h, m, s] = [+found[4], +(found[5] || 0), +(found[6] || 0)];
    if (days === null || h > 23 || m > 59 || s > 59) return text;
    const zone = found[8] === "Z" ? 0 : found[8].slice(1).replaceAll(":", "").match(/\d\d/g)
      .reduce((sum, part, at) => sum + Number(part) * [3600, 60, 1][at], 0) * (found[8][0] === "-" ? -1 : 1);
    if (Math.abs(zone) >= 86400) return text;
    const micro = Number(((found[7] || "") + "000000").slice(0, 6));
    return { moment: BigInt(days * 86400 + h * 3600 + m * 60 + s - zone) * 1000000n + BigInt(micro) };
  }

  // Less than nothing, nothing or more, or an error where the two cannot be put in an order.
  function order(a, b) {
    const x = wide(a), y = wide(b);
    if (x && y) { const left = x.n * y.d, right = y.n * x.d; return left < right ? -1 : left > right ? 1 : 0; }
    if (typeof a === "string" && typeof b === "string") return texts(a, b);
    if (Array.isArray(a) && Array.isArray(b)) {
      for (let at = 0; at < a.length && at < b.length; at++) if (!equal(a[at], b[at])) return order(a[at], b[at]);
      return a.length - b.length;
    }
    if (a && b && a.moment !== undefined && b.moment !== undefined)
      return a.moment < b.moment ? -1 : a.moment > b.moment ? 1 : 0;
    return fail("no order");
  }

  const OPS = { "<": (c) => c < 0, "<=": (c) => c <= 0, ">": (c) => c > 0, ">=": (c) => c >= 0 };

  function compare(op, a, b) {
    if (op === "==") return a !== null && equal(a, b);
    if (a === null || b === null) return false;
    if (op === "!=") return !equal(a, b);
    if (op === "in") return contained(a, b);
    if (op === "not in") return !contained(a, b);
    if (typeof a === "string" && typeof b === "string" && Array.from(a)[10] === "T" && Array.from(b)[10] === "T") {
      a = instant(a);
      b = instant(b);
    }
    return OPS[op](order(a, b));
  }

  function contained(a, b) {
    if (typeof b === "string") return typeof a === "string" && b.includes(a);
    if (Array.isArray(b)) return b.some((one) => equal(one, a));
    if (b instanceof Map) return typeof a === "string" && b.has(a);
    return fail("no list");
  }

  function truth(v) {
    return v === true || v === false ? v : fail("no yes or no");
  }

  function days(v) {
    if (typeof v !== "string") fail("no date");
    const found = /^(\d{4})-(\d\d)-(\d\d)$/.exec(Array.from(v).slice(0, 10).join(""));
    const at = found && day(+found[1], +found[2], +found[3]);
    return at === null ? fail("no date") : at;
  }

  function dateText(at) {
    const found = new Date(at * 86400000), y = found.getUTCFullYear();
    if (y < 1 || y > 9999) fail("beyond the calendar");
    return `${String(y).padStart(4, "0")}-${String(found.getUTCMonth() + 1).padStart(2, "0")}-${String(found.getUTCDate()).padStart(2, "0")}`;
  }

  // ---- the calendar of the bureau (engine/worktime): days that are not as their day of the week, by their number ----

  let calendar = null;
  // Day -> worked or not, of the days that differ from Monday to Friday; null where there is no calendar.
  function useCalendar(days) {
    const different = days && [...days].sort((a, b) => a[0] - b[0]);
    let sum = 0;
    calendar = different && different.map(([at, worked]) => [at, (sum += worked ? 1 : -1)]);
  }

  // How many working days lie up to a day, counted from a day long past.
  function upTo(at) {
    const ordinal = at + 719163, weeks = Math.floor(ordinal / 7);
    let low = 0, high = calendar.length;
    while (low < high) { const half = (low + high) >> 1; if (calendar[half][0] <= at) low = half + 1; else high = half; }
    return 5 * weeks + Math.min(ordinal - 7 * weeks, 5) + (low ? calendar[low - 1][1] : 0);
  }

  function workingDays(from, count) {
    if (!count) return from;
    const wanted = count > 0 ? upTo(from) + count : upTo(from - 1) + count + 1;
    const far = 7 * Math.abs(count) + 4000;
    let low = from - far, high = from + far;
    while (low < high) { const half = Math.floor((low + high) / 2); if (upTo(half) >= wanted) high = half; else low = half + 1; }
    return low;
  }

  function months(from, count) {
    const at = new Date(from * 86400000), all = at.getUTCFullYear() * 12 + at.getUTCMonth() + count;
    const y = Math.floor(all / 12), m = all - 12 * y + 1;
    if (y < 1 || y > 9999) fail("beyond the calendar");
    for (let d = at.getUTCDate(); ; d--) { const found = day(y, m, d); if (found !== null) return found; }
  }

  const PERIOD = /^(0|[1-9]\p{Nd}{0,4}) *(working days?|个?工作日|days?|日|天|个自然日|months?|个月|years?|年)$/u;
  const UNITS = [[/^work|工作日$/, workingDays], [/^day|^[日天]$|自然日$/, (from, count) => from + count], [/^month|个月$/, months], [/./, (from, count) => months(from, 12 * count)]];

  // The day that lies a period after another one, or before it.
  function later(start, period, unit) {
    if (calendar === null) fail("no calendar");
    if (start === null || period === null) return null;
    const text = unit === undefined || unit === null ? shown(period) : `${isNumber(period) && period.d === 1n ? period.n : fail("no whole number")} ${shown(unit)}`;
    const found = PERIOD.exec(text.replace(/^-/, "").trim());
    if (!found) fail("no period");
    const count = Number(latin(found[1])) * (text.startsWith("-") ? -1 : 1);
    return dateText(UNITS.find(([names]) => names.test(found[2]))[1](days(start), count));
  }

  function member(v) {
    if (v instanceof Map)
      return v.has("id") ? key(v.get("id")) : "m" + JSON.stringify([...v].map(([k, c]) => [k, shown(c)]).sort((a, b) => texts(a[0], b[0])));
    return key(v);
  }

  function key(v) {
    const x = wide(v);
    if (x) return `n${x.n}/${x.d}`;
    if (Array.isArray(v)) return "l" + JSON.stringify(v.map(key));
    return v === null ? "z" : "s" + v;
  }

  // As Python writes a value: what lists are compared by, whatever their order.
  function shown(v) {
    if (v === null) return "None";
    if (v === true) return "True";
    if (v === false) return "False";
    if (isNumber(v)) return v.d === 1n ? String(v.n) : `${v.n}/${v.d}`;
    return typeof v === "string" ? v : JSON.stringify(key(v));
  }

  // As people write a number: decimals where it has an end, else as a fraction.
  function decimal(v) {
    let d = v.d, places = 0;
    while (d % 10n === 0n) { d /= 10n; places++; }
    while (d % 2n === 0n || d % 5n === 0n) { d = d % 2n === 0n ? d / 2n : d / 5n; places++; }
    if (d !== 1n) return `${v.n}/${v.d}`;
    const digits = String((abs(v.n) * 10n ** BigInt(places)) / v.d).padStart(places + 1, "0");
    return (v.n < 0n ? "-" : "") + (places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits);
  }

  const listed = (v) => (v === null || v === "" || v === false ? [] : typeof v === "string" ? Array.from(v) : Array.isArray(v) ? v : v instanceof Map ? [...v.keys()] : fail("no list"));
  const whole = (v) => (v === true ? 1n : v === false ? 0n : isNumber(v) && !v.f && v.d === 1n ? v.n : null);
  const filled = (v) => !(v === null || v === "" || (Array.isArray(v) && !v.length) || (v instanceof Map && !v.size));
  const floor = (n, d) => (n >= 0n ? n / d : -((-n + d - 1n) / d));

  function places(how) {
    return (v, at = number(0n)) => {
      if (v === null || at === null) return null;
      const count = whole(at);
      if (!isNumber(v) || count === null || count < 0n || count > 9n) fail("no places");
      const by = 10n ** count;
      return exact(number(how(v.n * by, v.d), by));
    };
  }

  const FUNCTIONS = {
    length: (v) => number(BigInt(v === null ? 0 : typeof v === "string" ? Array.from(v).length : v instanceof Map ? v.size : Array.isArray(v) ? v.length : fail("no length"))),
    days_between: (a, b) => (a === null || b === null ? null : number(BigInt(days(b) - days(a)))),
    days_after: (a, b) => {
      if (a === null || b === null) return null;
      const count = whole(b);
      if (count === null || abs(count) > 36600n) fail("no days");
      return dateText(days(a) + Number(count));
    },
    working_days_between: (a, b) => {
      if (calendar === null) fail("no calendar");
      if (a === null || b === null) return null;
      const first = days(a), last = days(b);
      return number(BigInt(last >= first ? upTo(last) - upTo(first) : upTo(last - 1) - upTo(first - 1)));
    },
    add: later,
    unique: (v) => { const found = new Map(); for (const one of listed(v)) if (!found.has(member(one))) found.set(member(one), one); return [...found.values()]; },
    same_members: (a, b) => {
      const all = (v) => listed(v).map((one) => shown(one instanceof Map ? (one.has("id") ? one.get("id") : member(one)) : one)).sort(texts);
      return JSON.stringify(all(a)) === JSON.stringify(all(b));
    },
    within: (a, b) => { const there = new Set(listed(b).map(member)); return listed(a).every((one) => there.has(member(one))); },
    disjoint: (a, b) => { const there = new Set(listed(b).map(member)); return !listed(a).some((one) => there.has(member(one))); },
    filled,
    empty: (v) => !filled(v),
    first_filled: (...all) => { const found = all.find(filled); return found === undefined ? null : found; },
    lesser: (a, b) => (a === null || b === null ? null : compare("<", b, a) ? b : a),
    greater: (a, b) => (a === null || b === null ? null : compare(">", b, a) ? b : a),
    round: places((n, d) => (n >= 0n ? 1n : -1n) * ((2n * abs(n) + d) / (2n * d))),
    round_up: places((n, d) => (n >= 0n ? -floor(-n, d) : floor(n, d))),
    round_down: places((n, d) => n / d),
  };

  const rowsOf = (v) => (v === null ? [] : Array.isArray(v) ? v : fail("no rows"));

  function furthest(all, op) {
    let found = null;
    for (const one of all) if (found === null || compare(op, one, found)) found = one;
    return found;
  }

  const ROWS = {
    count: (all) => { let n = 0n; for (const one of all) if (truth(one)) n++; return number(n); },
    every: (all) => { for (const one of all) if (!truth(one)) return false; return true; },
    some: (all) => { for (const one of all) if (truth(one)) return true; return false; },
    sum: (all) => {
      let total = number(0n);
      for (const one of all) {
        if (one === null) return null;
        if (!isNumber(one)) fail("no number");
        total = bounded(count("+", total, one));
      }
      return total;
    },
    min: (all) => furthest(all, "<"),
    max: (all) => furthest(all, ">"),
    collect: (all) => [...all],
  };

  function count(op, a, b) {
    if (a === null || b === null) return null;
    if (!isNumber(a) || !isNumber(b)) fail("no numbers");
    const f = a.f || b.f;
    if (op === "+") return bounded(number(a.n * b.d + b.n * a.d, a.d * b.d, f));
    if (op === "-") return bounded(number(a.n * b.d - b.n * a.d, a.d * b.d, f));
    if (op === "*") return bounded(number(a.n * b.n, a.d * b.d, f));
    if (b.n === 0n) fail("nought");
    return bounded(exact(number(a.n * b.d, a.d * b.n)));
  }

  function run(node, scope) {
    switch (node[0]) {
      case "value": return value(node[1]);
      case "name": {
        let found = scope;
        for (const part of node[1]) found = found instanceof Map && found.has(part) ? found.get(part) : null;
        return node[2] ? fraction(found) : found === undefined ? null : found;
      }
      case "list": return node[1].map((item) => run(item, scope));
      case "compare": {
        const left = run(node[2], scope);
        // These three do not look at the other side of a missing value.
        if (left === null && ["==", "!=", "not in"].includes(node[1])) return false;
        return compare(node[1], left, run(node[3], scope));
      }
      case "logic": return node[1] === "and" ? node[2].every((item) => truth(run(item, scope))) : node[2].some((item) => truth(run(item, scope)));
      case "not": return !truth(run(node[1], scope));
      case "count": return count(node[1], run(node[2], scope), run(node[3], scope));
      case "call": {
        if (!(node[1] in FUNCTIONS)) fail(node[1]);
        return FUNCTIONS[node[1]](...node[2].map((item) => run(item, scope)));
      }
      case "rows": {
        const rows = rowsOf(run(node[2], scope));
        return ROWS[node[1]]((function* () {
          for (const row of rows) {
            const inner = new Map([...scope, ["it", row]]);
            if (node.length < 5 || truth(run(node[4], inner))) yield run(node[3], inner);
          }
        })());
      }
      case "asked": {
        const form = run(node[1], scope);
        const left = form instanceof Map ? form.get("not_asked") : undefined;
        return form instanceof Map && !(Array.isArray(left) && left.includes(node[2]));
      }
    }
    return fail(node[0]);
  }

  // True, false, or an error; as conditions are asked.
  const holds = (node, scope) => truth(run(node, scope));
  return { EvaluationError, useCalendar, run, holds, value, number, isNumber, shown, decimal, fraction, latin };
})();
if (typeof module !== "undefined") module.exports = Expressions;
