// What somebody types, read as the page and the command line read it (engine/lifecycle/forms/fields.py, engine/kernel/clean_text.py).
"use strict";
const Reading = ((E) => {
  // Blanks and ends of lines as Python takes them off the ends of a text; JavaScript's own are others.
  const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
  const ENDS = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "gu");
  const strip = (text) => text.replace(ENDS, "");
  // What nobody sees, and blanks of other widths.
  const INVISIBLE = /[\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890-\u0891\u08e2\u115f-\u1160\u17b4-\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\u{110bd}\u{110cd}\u{13430}-\u{13438}\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e00ff}\u{e01f0}-\u{e0fff}]/gu;
  // They say in which of its forms the letter before them is written.
  const SELECTORS = /[\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;
  const BLANKS = /[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]/gu;
  // What no text may hold.
  const NEVER = "\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufff9-\\ufffb\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff\\u{e0000}-\\u{e007f}"
    + Array.from({ length: 16 }, (_, plane) => `\\u{${(plane + 1).toString(16)}fffe}\\u{${(plane + 1).toString(16)}ffff}`).join("");
  const IN_LINES = new RegExp(`[${NEVER}]`, "u"), IN_ONE_LINE = new RegExp(`[\\t\\n${NEVER}]`, "u");

  // A selector after a letter says its form and stays; any other one says nothing. Not looked back for: older browsers cannot.
  const FORMS = /([\p{L}\p{Nl}\p{No}][\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}])|[\u180b-\u180d\u180f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

  const without = (text) => strip(text.replace(INVISIBLE, "").replace(FORMS, "$1"));
  const code = (text) => strip(text.replace(INVISIBLE, "").replace(SELECTORS, "").replace(BLANKS, " ").normalize("NFKC"));

  // The place, from 1, and the character of the first one that a text may not hold; null where there is none.
  function forbidden(text, lines) {
    const found = (lines ? IN_LINES : IN_ONE_LINE).exec(text);
    return found && { place: Array.from(text.slice(0, found.index)).length + 1, char: found[0] };
  }

  const blankText = (text) => without(text) === "";
  const blank = (v) => v === undefined || v === null || (Array.isArray(v) && !v.length) || (typeof v === "string" && blankText(v));

  const NUMBERS = {
    integer: /^-?\p{Nd}{1,18}$/u,
    decimal: /^-?\p{Nd}{1,18}(\.\p{Nd}{1,9})?$/u,
    money: /^-?\p{Nd}{1,16}(\.\p{Nd}{1,2})?$/u,
    ratio: /^(\p{Nd}{1,9}(\.\p{Nd}{1,9})?%?|\p{Nd}{1,9}\/[1-9]\p{Nd}{0,8})$/u,
  };
  const LINES = "long text", TEXTS = ["text", LINES], NAMES = ["person", "object"], LISTS = ["persons", "list"];
  const MAX_NAME = 200;

  // An answer as it is handed in.
  function handed(asked, typed) {
    if (asked.type === "place" && typed && typeof typed === "object") {
      const part = (v) => (forbidden(v, false) ? v : code(v));
      return Object.fromEntries(Object.entries(typed).map(([name, v]) => [name, name === "address" ? v : part(v)]));
    }
    return typeof typed === "string" && asked.type !== LINES ? strip(typed) : typed;
  }

  // A day and a time of it, with a zone or without; the zone of the bureau is meant where none is written.
  const MOMENT = /^(\d{4}-\d{2}-\d{2})[T ]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d(?:\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$/;
  const isDay = (text) => { const at = new Date(`${text}T00:00:00Z`); return text >= "0001" && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text; };
  // As conditions see it; what is handed in stays as it was typed, and the zone is that of its day where it is imported.
  function moment(text, offset) {
    const found = MOMENT.exec(text);
    return found && isDay(found[1]) ? { value: `${found[1]}T${found[2]}${found[3] || ":00"}${found[4] ? found[4].replace("Z", "+00:00") : offset}` } : { wrong: "wrong_datetime" };
  }

  // What is typed one a line, as the page takes it apart.
  const lines = (text) => text.split(/\r\n|[\n-\r\x1c-\x1e\x85\u2028\u2029]/u).map(strip).filter(Boolean);

  // A text as it is kept, or what is wrong with it: {text} or {wrong, …}.
  function plain(asked, given) {
    const long = asked.type === LINES, text = strip(long ? given.replaceAll("\r\n", "\n") : given);
    const most = TEXTS.includes(asked.type) ? asked.limit : MAX_NAME, seen = Array.from(text).length;
    if (seen > most) return { wrong: "long", most, seen };
    const found = forbidden(text, long);
    if (!found) return { text: without(text) };
    if (found.char === "\n" || found.char === "\t") return { wrong: "one_line", place: found.place };
    return { wrong: "control", place: found.place, code: found.char.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") };
  }

  function degree(text, most) {
    if (typeof text !== "string" || !NUMBERS.decimal.test(text)) return false;
    const found = E.fraction(text);
    return (found.n < 0n ? -found.n : found.n) <= BigInt(most) * found.d;
  }

  // What was typed, as a sentence quotes it: what no text may hold as an escape, and no more than so many characters.
  const QUOTED = 100, EVERY = new RegExp(IN_ONE_LINE.source, "gu");
  const escape = (one) => Array.from({ length: one.length }, (_, at) => "\\u" + one.charCodeAt(at).toString(16).padStart(4, "0")).join("");
  function shown(text) {
    const all = Array.from(text.replace(EVERY, escape));
    return all.length <= QUOTED ? all.join("") : all.slice(0, QUOTED - 1).join("") + "…";
  }

  // ---- files: what is kept, judged as the server does (engine/kernel/file_types.py) ------------------------------

  const ENDINGS = { pdf: ["pdf"], jpeg: ["jpg", "jpeg"], png: ["png"], docx: ["docx"], xlsx: ["xlsx"], ofd: ["ofd"], txt: ["txt", "csv", "md"] };
  const FIRST = [["pdf", [0x25, 0x50, 0x44, 0x46, 0x2d]], ["jpeg", [0xff, 0xd8, 0xff]], ["png", [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]]];
  const ZIP = [0x50, 0x4b, 0x03, 0x04], PARTS = [["docx", "word/document.xml"], ["xlsx", "xl/workbook.xml"], ["ofd", "OFD.xml"]];
  const UNSEEN = /[^\P{C}\r\n\t]|[^\P{Z} \u3000]/u;
  const begins = (bytes, first) => first.every((one, at) => bytes[at] === one);
  function holds(bytes, text) {
    const wanted = Array.from(text, (one) => one.charCodeAt(0));
    for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1)) if (wanted.every((one, more) => bytes[at + more] === one)) return true;
    return false;
  }

  // The kind of a file by its bytes; null for what is not kept.
  function fileType(bytes) {
    for (const [kind, first] of FIRST) if (begins(bytes, first)) return kind;
    if (begins(bytes, ZIP)) { const found = PARTS.find(([, part]) => holds(bytes, part)); return found ? found[0] : null; }
    if (!bytes.length || bytes.includes(0)) return null;
    for (const encoding of ["utf-8", "gb18030"]) {
      try { return UNSEEN.test(new TextDecoder(encoding, { fatal: true }).decode(bytes)) ? null : "txt"; } catch { /* not written in it */ }
    }
    return null;
  }

  // What is wrong with a file that was chosen: {wrong, …}; null where it may be kept.
  function file(name, bytes, limits) {
    if (bytes.length > limits.file) return { wrong: "file_large", name, seen: Math.ceil(bytes.length / 1e6), most: limits.file / 1e6 };
    const kind = fileType(bytes);
    if (!kind) return { wrong: "file_kind", name };
    return ENDINGS[kind].includes(name.split(".").pop().toLowerCase()) ? null : { wrong: "file_name", name, kind };
  }

  // What a typed number, text, name, list of names or place is: {value} as conditions see it, or {wrong, …}; null for other types.
  function read(asked, typed, offset = "+00:00") {
    const given = handed(asked, typed);
    if (asked.type === "place") {
      if (!degree(given.latitude, 90) || !degree(given.longitude, 180)) return { wrong: "wrong_place", seen: shown(`${given.latitude || ""}, ${given.longitude || ""}`) };
      const address = given.address ? plain(asked, given.address) : null;
      if (address && address.wrong) return address;
      const kept = { latitude: E.latin(given.latitude), longitude: E.latin(given.longitude), ...(address ? { address: address.text } : {}) };
      return { value: E.value(kept) };
    }
    if (Array.isArray(given) && LISTS.includes(asked.type) && given.every((one) => typeof one === "string")) {
      const all = given.map((one) => plain(asked, one));
      return all.find((one) => one.wrong) || { value: [...new Set(all.map((one) => one.text))] };
    }
    if (typeof given !== "string") return null;
    if (TEXTS.includes(asked.type)) { const found = plain(asked, given); return found.wrong ? found : { value: found.text }; }
    const text = forbidden(given, false) ? given : code(given);
    if (NAMES.includes(asked.type)) { const found = plain(asked, text); return found.wrong ? found : { value: found.text }; }
    if (asked.type === "date") return /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text) ? { value: text } : { wrong: "wrong_date", seen: shown(text) };
    if (asked.type === "datetime") { const found = moment(text, offset); return found.wrong ? { ...found, seen: shown(text) } : found; }
    if (!(asked.type in NUMBERS)) return null;
    if (!NUMBERS[asked.type].test(text)) return { wrong: `wrong_${asked.type}`, seen: shown(text) };
    return { value: asked.type === "integer" ? E.number(E.fraction(text).n) : E.latin(text) };
  }

  return { strip, without, code, forbidden, blank, handed, lines, read, shown, fileType, file };
})(typeof module !== "undefined" ? require("./expressions.js") : Expressions);
if (typeof module !== "undefined") module.exports = Reading;
