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

  const without = (text) => strip(text.replace(INVISIBLE, ""));
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

  // What a typed number, text, name, list of names or place is: {value} as conditions see it, or {wrong, …}; null for other types.
  function read(asked, typed) {
    const given = handed(asked, typed);
    if (asked.type === "place") {
      if (!degree(given.latitude, 90) || !degree(given.longitude, 180)) return { wrong: "wrong_place" };
      const address = given.address ? plain(asked, given.address) : null;
      if (address && address.wrong) return address;
      const kept = { latitude: given.latitude, longitude: given.longitude, ...(address ? { address: address.text } : {}) };
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
    if (!(asked.type in NUMBERS)) return null;
    if (!NUMBERS[asked.type].test(text)) return { wrong: `wrong_${asked.type}` };
    return { value: asked.type === "integer" ? E.number(E.fraction(text).n) : text };
  }

  return { strip, without, code, forbidden, blank, handed, lines, read };
})(typeof module !== "undefined" ? require("./expressions.js") : Expressions);
if (typeof module !== "undefined") module.exports = Reading;
