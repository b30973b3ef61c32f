// The offline form: built once, never drawn again. The saved file is the record; the browser's store is a cushion.
"use strict";
(() => {
  const kit = JSON.parse(document.getElementById("data").textContent);
  const words = kit.words;
  const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));
  const $ = (id) => document.getElementById(id);
  const make = (tag, props = {}, ...children) => {
    const found = Object.assign(document.createElement(tag), props);
    found.append(...children.filter((one) => one !== null && one !== undefined));
    return found;
  };
  const E = Expressions;
  E.useCalendar(kit.calendar);
  const STORE = `ssj-offline:${kit.id}`;
  // Each file is kept at a place of its own: one that does not fit takes nothing from what is kept. Files leave this much room for answers.
  const placeOf = (id) => `${STORE}/${id}`, ROOM = `${STORE}/room`, ROOM_LETTERS = 65536;
  // Where answers name files that were lost; no question has a name with a blank.
  const LOST = "lost files";
  // Step -> answers as typed; photographs and signatures by their id, their bytes beside.
  const state = { step: kit.steps[0].id, answers: {}, files: {} };
  for (const step of kit.steps) state.answers[step.id] = {};
  // Steps with answers that are in no saved file yet.
  const unsaved = new Set();
  let busy = 0, cushion = "none", savedName = "", lacking = "", serial = 0;
  // Ids of the files that are kept, of those that found no room, and of those that are not kept as last looked at.
  const stored = new Set(), refused = new Set();
  let unkept = [];
  // Another window has this form open and keeps what is typed there: this one writes nothing over it.
  let elsewhere = false;
  const me = (() => {
    const fresh = `${Date.now()}-${Math.random()}`;
    try { const id = sessionStorage.getItem(STORE) || fresh; sessionStorage.setItem(STORE, id); return id; } catch { return fresh; }
  })();
  let fields = []; // what is on the page: {asked, box, problem, get, holder, path}

  const dirty = () => unsaved.size > 0;
  // Another step than this one that has answers in no saved file.
  const others = () => kit.steps.filter((step) => step.id !== state.step && unsaved.has(step.id));

  const today = () => {
    const now = new Date();
    return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
  };
  const blank = Reading.blank;
  const A = Answers(kit, words, today);

  // ---- saying what is saved -------------------------------------------------------------------------------------

  function tell() {
    for (const one of document.querySelectorAll("[data-file]")) one.hidden = !dirty() || !unkept.includes(one.dataset.file);
    const line = $("state");
    if (busy) { line.className = "unsaved"; line.textContent = say("busy"); return; }
    const file = savedName ? say("saved", { name: savedName }) + lacking : "";
    if (!dirty()) { line.className = file ? "saved" : ""; line.textContent = file || say("nothing"); return; }
    line.className = cushion === "all" ? "cushion" : "unsaved";
    // A step that is in a file, while another one is not.
    const left = others();
    line.textContent = (file && !unsaved.has(state.step) ? file + " " : "") + (left.length ? say("other_step", { steps: left.map((step) => step.title).join("、") }) + " " : "") + say(elsewhere ? "other_window" : cushion === "all" ? "cushion" : cushion === "answers" ? "no_pictures" : "no_cushion", { count: unkept.length, names: unkept.map((id) => state.files[id].name).join("、") });
  }

  const owner = () => { try { return JSON.parse(localStorage.getItem(STORE)).window; } catch { return null; } };
  const there = (name) => { try { return name in localStorage; } catch { return false; } };
  const drop = (name) => { try { localStorage.removeItem(name); } catch { /* nothing is there */ } };
  // What cannot be read again was not kept.
  const put = (name, text) => { try { localStorage.setItem(name, text); return localStorage.getItem(name) === text; } catch { return false; } };

  // Keep the files that are not kept yet; one that found no room is not tried again before some is free.
  function putFiles(used) {
    const room = there(ROOM) || put(ROOM, " ".repeat(ROOM_LETTERS));
    for (const id of used) {
      if (stored.has(id) && there(placeOf(id))) continue;
      stored.delete(id);
      if (room && !refused.has(id) && put(placeOf(id), JSON.stringify(state.files[id]))) stored.add(id); else refused.add(id);
    }
  }

  function keep(taking = false) {
    cushion = "none"; unkept = [];
    elsewhere = elsewhere || (!taking && ![null, undefined, me].includes(owner()));
    if (elsewhere) { tell(); return; }
    const answers = JSON.stringify({ step: state.step, answers: state.answers, window: me });
    const used = Object.keys(state.files).filter((id) => answers.includes(`"${id}"`));
    putFiles(used);
    let kept = put(STORE, answers);
    if (!kept) { drop(ROOM); kept = put(STORE, answers); }
    // What the kept answers name no more makes room.
    const free = kept ? [...stored].filter((id) => !used.includes(id)) : [];
    for (const id of free) { drop(placeOf(id)); stored.delete(id); }
    if (free.length) { refused.clear(); putFiles(used); }
    unkept = used.filter((id) => !stored.has(id));
    if (kept) cushion = unkept.length ? "answers" : "all";
    tell();
  }
  // Told to every window but the one that wrote.
  window.addEventListener("storage", (event) => {
    if (event.key !== STORE || event.newValue === null) return;
    elsewhere = true; cushion = "none"; tell();
  });

  let waiting = 0;
  function changed(step = state.step) {
    unsaved.add(step);
    update();
    keepSoon();
  }
  function keepSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => keep(), 300);
    cushion = "none";
    tell();
  }
  const last = () => { if (dirty() && cushion !== "all") { refused.clear(); keep(); } };
  window.addEventListener("pagehide", last);
  document.addEventListener("visibilitychange", () => { if (document.hidden) last(); });
  window.addEventListener("beforeunload", (event) => { if (dirty() || busy) { event.preventDefault(); event.returnValue = ""; } });

  // ---- the page -------------------------------------------------------------------------------------------------

  function card(asked, ...content) {
    const problem = make("p", { className: "problem", role: "alert" });
    const title = make("span", { className: "title", textContent: asked.title + (asked.unit ? `（${asked.unit}）` : "") });
    if (asked.required) title.append(make("span", { className: "must", textContent: " " + say("must") }));
    else if (asked.recommended) title.append(make("span", { className: "must", textContent: " " + say("should") }));
    const box = make("div", { className: "card" }, title,
      asked.help ? make("span", { className: "help", textContent: asked.help }) : null,
      asked.basis ? make("span", { className: "basis", textContent: say("basis", { basis: asked.basis }) }) : null,
      ...content, problem);
    return { box, problem };
  }

  function optionsOf(asked, answers, choices, many, name, few = choices.length) {
    const long = choices.length > 4 || choices.some(([, text]) => text.length > 8);
    const box = make("div", { className: "options" + (long ? " long" : "") });
    const codes = new Set(choices.map(([code]) => code));
    const inputs = choices.map(([code, text], at) => {
      const input = make("input", { type: many ? "checkbox" : "radio", name, value: String(code) });
      const label = make("label", {}, input, text);
      input.addEventListener("change", () => {
        if (many) answers[asked.name] = [...choices.map(([c]) => c).filter((c, at) => inputs[at].input.checked), ...(answers[asked.name] || []).filter((one) => !codes.has(one))];
        else answers[asked.name] = code;
        changed();
      });
      // One tap more takes an answer back.
      if (!many) input.addEventListener("click", () => {
        if (input.dataset.on === "1") { input.checked = false; delete answers[asked.name]; changed(); }
        for (const one of inputs) one.input.dataset.on = one.input.checked ? "1" : "";
      });
      return { code, input, label, first: at < few, closed: false, found: null };
    });
    // What was chosen stays in sight, also where it may not be chosen any more: it can be taken back.
    const seen = () => inputs.forEach((one) => { one.label.hidden = !one.input.checked && (one.closed || !(one.found === null ? one.first : one.found)); });
    const show = () => { const v = answers[asked.name]; for (const one of inputs) { one.input.checked = many ? Array.isArray(v) && v.includes(one.code) : v === one.code; one.input.dataset.on = one.input.checked ? "1" : ""; } };
    if (choices.length > 12) {
      const find = make("input", { type: "search", placeholder: say("search") });
      find.addEventListener("input", () => { const wanted = find.value.trim(); inputs.forEach((one) => { one.found = wanted ? one.label.textContent.includes(wanted) : null; }); seen(); });
      box.append(find);
    }
    box.append(...inputs.map((one) => one.label));
    show(); seen();
    const limit = (possible) => { inputs.forEach((one) => { one.closed = !possible(one.code); }); seen(); };
    return { box, limit };
  }

  function line(asked, answers, type, props = {}) {
    const input = make(type === "area" ? "textarea" : "input", { ...(type === "area" ? {} : { type }), ...props });
    input.setAttribute("aria-label", asked.title);
    input.value = answers[asked.name] === undefined ? "" : answers[asked.name];
    input.addEventListener("input", () => { if (input.value === "") delete answers[asked.name]; else answers[asked.name] = input.value; changed(); });
    return input;
  }

  // Letters of all files so far: a record that is larger than may be is not imported.
  const taken = () => Object.values(state.files).reduce((all, one) => all + one.data.length, 0);

  const withLost = (answers, name, names) => {
    const all = { ...answers[LOST], [name]: names };
    if (!names.length) delete all[name];
    if (Object.keys(all).length) answers[LOST] = all; else delete answers[LOST];
  };
  const lostOf = (answers, name) => (answers[LOST] || {})[name] || [];

  // The files of a question that were not kept when the page was closed: no answers any more, but named until struck out or taken again.
  function lost(asked, answers) {
    const all = [].concat(answers[asked.name] || []), gone = all.filter((one) => one.offline && !state.files[one.offline]);
    if (gone.length) {
      const left = all.filter((one) => !gone.includes(one));
      if (left.length) answers[asked.name] = left; else delete answers[asked.name];
      withLost(answers, asked.name, [...lostOf(answers, asked.name), ...gone.map((one) => one.name)]);
    }
    const box = make("div", { className: "lost" });
    const show = () => box.replaceChildren(...lostOf(answers, asked.name).map((name, at) => {
      const struck = make("button", { type: "button", className: "small", textContent: say("remove") });
      struck.addEventListener("click", () => { withLost(answers, asked.name, lostOf(answers, asked.name).filter((_, other) => other !== at)); show(); changed(); });
      return make("p", { className: "problem" }, say("lost_picture", { name }) + " ", struck);
    }));
    show();
    return { box, clear: () => { withLost(answers, asked.name, []); show(); } };
  }

  const notKept = (id) => { const found = make("span", { className: "problem", textContent: say("not_kept"), hidden: true }); found.dataset.file = id; return found; };

  function pictures(asked, answers, many, photo) {
    const missing = lost(asked, answers), step = state.step;
    const input = make("input", { type: "file", multiple: many, ...(photo ? { accept: "image/*" } : {}) });
    if (photo) input.setAttribute("capture", "environment");
    const shown = make("div", { className: "pictures" }), problem = make("p", { className: "problem" });
    const list = () => [].concat(answers[asked.name] || []);
    const set = (all) => { if (!all.length) delete answers[asked.name]; else answers[asked.name] = many ? all : all[0]; };
    const show = () => shown.replaceChildren(...list().map((one) => {
      const file = state.files[one.offline];
      const gone = make("button", { type: "button", className: "small", textContent: say("remove") });
      gone.addEventListener("click", () => { delete state.files[one.offline]; set(list().filter((other) => other.offline !== one.offline)); show(); changed(); });
      return make("figure", {}, file.data.startsWith("data:image/") ? make("img", { src: file.data, alt: file.name }) : null, file.name, notKept(one.offline), gone);
    }));
    input.addEventListener("change", async () => {
      busy++; tell(); problem.textContent = "";
      for (const file of [...input.files]) {
        try {
          const wrong = photo ? null : Reading.file(file.name, file.size > kit.limits.file ? { length: file.size } : await Pictures.asBytes(file), kit.limits);
          if (wrong) { problem.textContent += say(wrong.wrong, wrong) + " "; continue; }
          const { name, data } = photo ? await Pictures.taken(file, Reading.fileType) : { name: file.name, data: await Pictures.asUrl(file) };
          if (taken() + data.length > kit.limits.record) { problem.textContent += say("record_large", { name: file.name, most: kit.limits.record / 1e6 }) + " "; continue; }
          const id = `f${Date.now()}-${++serial}`;
          state.files[id] = { name, data };
          const before = many ? list() : [];
          if (!many) { for (const one of list()) delete state.files[one.offline]; missing.clear(); }
          set([...before, { offline: id, name: state.files[id].name }]);
        } catch { problem.textContent += say("no_picture", { name: file.name }) + " "; }
      }
      input.value = "";
      busy--;
      // Meanwhile another step may have been opened, or this one anew.
      if (!shown.isConnected && state.step === step) build(); else show();
      changed(step);
    });
    show();
    return make("div", {}, input, shown, missing.box, problem);
  }

  function pad(asked, answers) {
    const canvas = make("canvas", { className: "pad", width: 600, height: 260 });
    canvas.setAttribute("aria-label", asked.title);
    const pen = canvas.getContext("2d");
    const again = make("button", { type: "button", className: "small", textContent: say("clear") });
    let drawing = false;
    const place = (event) => { const at = canvas.getBoundingClientRect(); return [(event.clientX - at.left) * canvas.width / at.width, (event.clientY - at.top) * canvas.height / at.height]; };
    const wipe = () => { pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); };
    wipe();
    const missing = lost(asked, answers);
    const drawn = answers[asked.name] && state.files[answers[asked.name].offline];
    if (drawn) { const picture = new Image(); picture.onload = () => pen.drawImage(picture, 0, 0); picture.src = drawn.data; }
    canvas.addEventListener("pointerdown", (event) => { drawing = true; canvas.setPointerCapture(event.pointerId); pen.lineWidth = 4; pen.lineCap = "round"; pen.strokeStyle = "#111"; pen.beginPath(); pen.moveTo(...place(event)); event.preventDefault(); });
    canvas.addEventListener("pointermove", (event) => { if (drawing) { pen.lineTo(...place(event)); pen.stroke(); } });
    const end = () => {
      if (!drawing) return;
      drawing = false;
      if (answers[asked.name]) delete state.files[answers[asked.name].offline];
      const id = `f${Date.now()}-${++serial}`, name = `${asked.name}.png`;
      state.files[id] = { name, data: canvas.toDataURL("image/png") };
      answers[asked.name] = { offline: id, name };
      missing.clear();
      changed();
    };
    canvas.addEventListener("pointerup", end); canvas.addEventListener("pointercancel", end);
    again.addEventListener("click", () => { wipe(); if (answers[asked.name]) delete state.files[answers[asked.name].offline]; delete answers[asked.name]; changed(); });
    return make("div", {}, canvas, again, make("span", { className: "help", textContent: say("pad") }), missing.box);
  }

  function place(asked, answers) {
    const box = make("div", {});
    const part = (key, label) => {
      const input = make("input", { placeholder: label, inputMode: key === "address" ? "text" : "decimal", value: (answers[asked.name] || {})[key] || "" });
      input.setAttribute("aria-label", `${asked.title} ${label}`);
      input.addEventListener("input", () => {
        const found = { ...(answers[asked.name] || {}) };
        if (!blank(input.value)) found[key] = Reading.strip(input.value); else delete found[key];
        if (Object.keys(found).length) answers[asked.name] = found; else delete answers[asked.name];
        changed();
      });
      return input;
    };
    box.append(make("div", { className: "pair" }, part("latitude", say("latitude")), part("longitude", say("longitude"))), part("address", say("address")));
    return box;
  }

  function rowsBox(asked, answers, prefix) {
    const box = make("div", {}), list = make("div", {}), rows = [];
    const add = (row) => {
      const parts = [], one = make("div", { className: "row" });
      for (const column of asked.columns) { const made = question(column, row, `${prefix}.${++serial}`, true); parts.push(made); one.append(made.box); }
      const gone = make("button", { type: "button", className: "small", textContent: say("remove_row") });
      const entry = { row, parts };
      gone.addEventListener("click", () => { rows.splice(rows.indexOf(entry), 1); answers[asked.name] = rows.map((each) => each.row); if (!rows.length) delete answers[asked.name]; one.remove(); changed(); });
      one.append(gone); rows.push(entry); list.append(one);
    };
    for (const row of answers[asked.name] || []) add(row);
    const more = make("button", { type: "button", className: "small", textContent: say("add_row") });
    more.addEventListener("click", () => { const row = {}; add(row); answers[asked.name] = rows.map((each) => each.row); changed(); });
    box.append(list, more);
    const refresh = (around, judged) => {
      for (const { row, parts } of rows) {
        const empty = A.blankRow(asked.columns, row);
        const found = (judged && judged.get(row)) || A.inner(asked.columns, asked.order, row, "it", around);
        parts.forEach((part) => refreshOne(part, row, found, empty));
      }
    };
    return { box, refresh, rows };
  }

  function question(asked, answers, name, bare = false) {
    let content, limit = null, refresh = null, rows = [], output = null;
    const choices = asked.choices;
    switch (asked.computed ? "computed" : asked.type) {
      case "computed": content = output = make("output", { className: "computed", textContent: "—" }); break;
      case "note": content = make("p", { textContent: asked.help || "" }); break;
      case "boolean": ({ box: content } = optionsOf(asked, answers, [[true, say("yes")], [false, say("no")]], false, name)); break;
      case "yes-no-na": case "choice": ({ box: content, limit } = optionsOf(asked, answers, choices, false, name)); break;
      case "choices": ({ box: content, limit } = optionsOf(asked, answers, choices, true, name)); break;
      case "persons": case "person":
        content = people(asked, answers, name);
        break;
      case "long text": content = line(asked, answers, "area"); break;
      case "integer": content = line(asked, answers, "text", { inputMode: "numeric" }); break;
      case "decimal": case "money": content = line(asked, answers, "text", { inputMode: "decimal" }); break;
      case "date": case "time": content = line(asked, answers, asked.type); break;
      case "datetime": content = moment(asked, answers); break;
      case "photo": content = pictures(asked, answers, false, true); break;
      case "photos": content = pictures(asked, answers, true, true); break;
      case "file": content = pictures(asked, answers, false, false); break;
      case "files": content = pictures(asked, answers, true, false); break;
      case "signature": content = pad(asked, answers); break;
      case "place": content = place(asked, answers); break;
      case "list": if (asked.columns.length) ({ box: content, refresh, rows } = rowsBox(asked, answers, name)); else content = lines(asked, answers); break;
      default: content = line(asked, answers, "text");
    }
    const why = asked.recommended && !bare ? reason(asked, answers) : null;
    const { box, problem } = card(asked.type === "note" ? { ...asked, help: "" } : asked, content, why);
    if (bare) box.className = "";
    box.dataset.name = name;
    return { asked, box, problem, limit, refresh, rows, output, why, answers, touched: false };
  }

  // The people who may be chosen; where they are too many to be listed, or nobody is known, ids are typed.
  function people(asked, answers, name) {
    const { first, list, whole } = kit.people[Object.hasOwn(kit.people, asked.name) ? asked.name : ""], many = asked.type === "persons";
    const typed = () => (many ? lines(asked, answers, new Set(list.map(([id]) => id))) : line(asked, answers, "text"));
    if (!list.length) return typed();
    const { box } = optionsOf(asked, answers, list, many, name, Math.max(first, 12));
    return whole ? box : make("div", {}, box, make("span", { className: "help", textContent: say("other_ids") }), typed());
  }

  // Why a recommended question stays empty; kept under its name beside the answers.
  function reason(asked, answers) {
    const label = say("why", { title: asked.title });
    const input = make("input", { type: "text", className: "why", placeholder: label, value: (answers.unanswered || {})[asked.name] || "" });
    input.setAttribute("aria-label", label);
    input.addEventListener("input", () => {
      const all = { ...answers.unanswered };
      if (blank(input.value)) delete all[asked.name]; else all[asked.name] = input.value;
      if (Object.keys(all).length) answers.unanswered = all; else delete answers.unanswered;
      changed();
    });
    return input;
  }

  // Entries typed one a line, besides those that are chosen elsewhere.
  function lines(asked, answers, chosen = new Set()) {
    const now = (mine) => (answers[asked.name] || []).filter((one) => chosen.has(one) !== mine);
    const area = make("textarea", { placeholder: say("one_a_line"), value: now(true).join("\n") });
    area.setAttribute("aria-label", asked.title);
    area.addEventListener("input", () => { const all = [...now(false), ...Reading.lines(area.value)]; if (all.length) answers[asked.name] = all; else delete answers[asked.name]; changed(); });
    return area;
  }

  function moment(asked, answers) {
    const input = make("input", { type: "datetime-local" });
    input.setAttribute("aria-label", asked.title);
    input.value = (answers[asked.name] || "").slice(0, 16);
    input.addEventListener("input", () => { if (input.value) answers[asked.name] = input.value.slice(0, 16); else delete answers[asked.name]; changed(); });
    return input;
  }

  function checkRow(row, answers, name) {
    const all = (answers.rows = answers.rows || {});
    const given = () => (all[row.id] = all[row.id] || {});
    const asked = { name: "answer", title: row.title, required: true, help: row.points, basis: row.basis };
    const proxy = all[row.id] || {};
    const options = optionsOf(asked, new Proxy({}, {
      get: () => (all[row.id] || {}).answer,
      set: (_, __, value) => { given().answer = value; return true; },
      deleteProperty: () => { delete given().answer; return true; },
    }), kit.row_choices, false, name);
    const part = ([key, title, type]) => {
      const input = make("input", { type: type === "date" ? "date" : "text", placeholder: title, value: proxy[key] || "" });
      input.dataset.part = key;
      input.setAttribute("aria-label", `${row.title} ${title}`);
      input.addEventListener("input", () => { if (input.value) given()[key] = input.value; else delete given()[key]; changed(); });
      return make("div", {}, type === "date" ? make("label", {}, title, input) : input);
    };
    const parts = (of) => make("div", {}, ...kit.row_parts.filter((one) => one[3] === of).map(part));
    const more = parts(false), ofProblem = parts(true);
    const { box, problem } = card(asked, options.box, more, ofProblem);
    box.dataset.name = name;
    return { box, problem, row, all, more, ofProblem };
  }

  // What is wrong with a day that belongs to the answer of a check row.
  function wrongPart(given) {
    for (const [name, title, type, ofProblem] of kit.row_parts) {
      if (type !== "date" || blank(given[name]) || (ofProblem && given.answer !== "fail")) continue;
      const found = Reading.read({ type, name, title }, given[name], kit.offset);
      if (found.wrong) return say(found.wrong, { ...found, title });
    }
    return "";
  }

  function refreshOne(part, answers, found, empty = false) {
    const { asked } = part;
    part.box.hidden = asked.quiet || !found.open.has(asked.name);
    if (part.output) { const value = found.map.get(asked.name); part.output.textContent = value === null || value === undefined ? "—" : value === true ? say("yes") : value === false ? say("no") : E.isNumber(value) ? E.decimal(value) : E.shown(value); }
    if (part.why) part.why.hidden = !blank(answers[asked.name]);
    if (part.limit) part.limit(A.offered(asked, found.scope));
    if (part.refresh) part.refresh(found.scope, found.rows.get(asked.name));
    // Of a row in which nothing is answered nothing is missing: it is handed in nowhere.
    const wrong = empty ? "" : A.problemOf(asked, answers, found);
    const show = wrong && (part.touched || !found.missing.has(asked.name));
    part.problem.textContent = show ? wrong : "";
    part.box.classList.toggle("wrong", Boolean(show));
    part.open = !part.box.hidden && !asked.computed && asked.type !== "note";
    part.done = part.open && !blank(A.given(asked, answers)) && !wrong;
    part.wrong = wrong;
  }

  // The question itself, or in its rows the column, that is to be answered next.
  function leading(part) {
    const inside = part.rows ? part.rows.flatMap((row) => row.parts).find((one) => one.wrong) : undefined;
    return inside ? leading(inside) : part;
  }

  const touch = (part) => { part.touched = true; for (const row of part.rows || []) row.parts.forEach(touch); };

  function update() {
    const all = [];
    for (const form of fields) {
      // The form of the step counts the problems of those of its items too.
      const found = form.found = A.inner(form.data.fields, form.data.order, form.answers, "form", new Map(), A.ofRows(form === fields[0] ? fields : [form]));
      for (const part of form.parts) refreshOne(part, form.answers, found);
      for (const part of form.checks) {
        const given = part.all[part.row.id] || {};
        part.more.hidden = !given.answer;
        part.ofProblem.hidden = given.answer !== "fail";
        part.wrong = !given.answer ? say("row_required", { row: part.row.title }) : given.answer === "fail" && blank(given.note) ? say("row_note_missing", { row: part.row.title }) : wrongPart(given);
        part.open = true; part.done = !part.wrong;
        part.problem.textContent = part.wrong && (part.touched || given.answer) ? part.wrong : "";
        part.box.classList.toggle("wrong", Boolean(part.problem.textContent));
      }
      form.whole.box.textContent = A.whole(form.data, form.answers, found).join("\n");
      // What is worked out is answered by nobody, and may be wrong all the same.
      all.push(...form.parts.filter((part) => part.wrong || (part.open && (part.asked.required || part.done))), ...form.checks);
      if (form.whole.box.textContent) all.push(form.whole);
    }
    // What a rule looks at may be missing though nobody has to answer it: of that is spoken when nothing else is wrong.
    if (all.every((part) => part.done)) for (const form of fields) {
      form.whole.box.textContent = A.unanswered(form.data, form.answers, form.found).join("\n");
      if (form.whole.box.textContent) all.push(form.whole);
    }
    const done = all.filter((part) => part.done).length;
    $("progress").max = Math.max(1, all.length); $("progress").value = done;
    $("progress").title = `${done}/${all.length}`;
    $("next").textContent = done === all.length ? say("complete") : say("next", { left: all.length - done });
    return all;
  }

  function build() {
    const main = $("main");
    fields = [];
    main.replaceChildren();
    if (kit.steps.length > 1) {
      const pick = make("select", {}, ...kit.steps.map((step) => make("option", { value: step.id, textContent: step.title, selected: step.id === state.step })));
      pick.setAttribute("aria-label", say("step"));
      pick.addEventListener("change", () => { state.step = pick.value; build(); if (dirty()) keepSoon(); });
      main.append(make("div", { id: "steps" }, pick));
    }
    const step = kit.steps.find((one) => one.id === state.step);
    const answers = state.answers[step.id];
    for (const data of [step.form, ...step.item_forms]) {
      const own = data === step.form ? answers : ((answers.items = answers.items || {})[data.id] = (answers.items[data.id] || {}));
      main.append(make("h2", { textContent: data.title }));
      if (data.help) main.append(make("p", { className: "card help", textContent: data.help }));
      const form = { data, answers: own, parts: [], checks: [], whole: { box: make("p", { className: "problem card", role: "alert", tabIndex: -1 }), done: false, touched: false } };
      let page = "", section = "";
      for (const asked of data.fields) {
        if (asked.page && asked.page !== page) { page = asked.page; main.append(make("h2", { textContent: page })); }
        if (asked.section && asked.section !== section) { section = asked.section; main.append(make("h3", { textContent: section })); }
        const part = question(asked, own, `${data.id}.${asked.name}`);
        form.parts.push(part); main.append(part.box);
      }
      for (const row of data.rows) { const part = checkRow(row, own, `${data.id}.rows.${row.id}`); form.checks.push(part); main.append(part.box); }
      main.append(form.whole.box);
      fields.push(form);
    }
    update();
  }

  $("next").addEventListener("click", () => {
    const all = update();
    const part = all.find((one) => !one.done);
    if (!part) { all.forEach(touch); update(); return; }
    const one = leading(part);
    part.touched = one.touched = true; update();
    one.box.scrollIntoView({ block: "center" });
    (one.box.querySelector("input, select, textarea, canvas, button") || one.box).focus({ preventScroll: true });
  });

  function clean(value) {
    if (Array.isArray(value)) return value.map(clean);
    if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, clean(v)]).filter(([, v]) => !(v && typeof v === "object" && !Array.isArray(v) && !Object.keys(v).length)));
    return value;
  }

  // Questions that are not asked now are left out of the record, as anywhere else.
  function recordAnswers() {
    const step = kit.steps.find((one) => one.id === state.step), out = clean(state.answers[step.id]);
    for (const form of fields) {
      const target = form.data === step.form ? out : ((out.items = out.items || {})[form.data.id] = (out.items || {})[form.data.id] || {});
      for (const { asked, open } of form.parts) {
        const answer = open && !blank(A.given(asked, form.answers)) ? A.handed(asked, form.answers, form.found) : null;
        if (blank(answer)) delete target[asked.name];
        else target[asked.name] = answer;
      }
      const reasons = Object.entries(form.answers.unanswered || {})
        .filter(([name]) => form.parts.some(({ asked, open, why }) => why && open && asked.name === name && blank(form.answers[name])));
      if (reasons.length) target.unanswered = Object.fromEntries(reasons.map(([name, text]) => [name, Reading.strip(text)]));
      else delete target.unanswered;
      delete target[LOST];
      if (form.data.rows.length) { target.rows = target.rows || {}; }
    }
    return out;
  }

  // What was taken and is not in the record, by question.
  const missingOf = (asked, answers) => (asked.columns && asked.columns.length
    ? (answers[asked.name] || []).flatMap((row) => asked.columns.flatMap((one) => missingOf(one, row)))
    : lostOf(answers, asked.name).map((name) => ({ question: asked.title, name })));

  $("save").addEventListener("click", () => {
    if (busy) { tell(); return; }
    for (const form of fields) [...form.parts, ...form.checks].forEach(touch);
    const open = update().filter((part) => !part.done).length;
    const answers = recordAnswers(), used = JSON.stringify(answers);
    const files = Object.fromEntries(Object.entries(state.files).filter(([id]) => used.includes(`"${id}"`)));
    const missing = fields.flatMap((form) => form.parts.filter(({ open }) => open).flatMap(({ asked }) => missingOf(asked, form.answers)));
    const at = new Date();
    const record = { format: kit.record_format, kit: kit.id, case: kit.case.id, workflow: kit.case.workflow, version: kit.case.version, state: kit.case.state, entered_at: kit.case.entered_at, step: state.step, person: kit.person, device: navigator.userAgent.slice(0, 200), saved_at: at.toISOString(), answers, files, missing };
    const text = JSON.stringify(record);
    const name = `${kit.case.id}-${state.step}-${at.toISOString().slice(0, 16).replace(/[-:T]/g, "")}.json`;
    try {
      const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
      const link = make("a", { href: url, download: name });
      document.body.append(link); link.click(); link.remove();
      setTimeout(() => URL.revokeObjectURL(url), 60000);
      keep();
      unsaved.delete(state.step); savedName = name;
      lacking = (open ? " " + say("incomplete", { left: open }) : "") + (missing.length ? " " + say("without", { count: missing.length, names: missing.map((one) => one.name).join("、") }) : "");
      tell();
    } catch {
      // Viewers that let nothing be saved: the text can still be copied.
      const box = $("text");
      box.replaceChildren(make("p", { textContent: say("copy") }), make("textarea", { value: text, readOnly: true }));
      box.showModal();
    }
  });

  function ownPlaces() {
    try { return Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at)).filter((name) => name.startsWith(`${STORE}/`)); } catch { return []; }
  }

  function restore() {
    let text = null;
    try { text = localStorage.getItem(STORE); } catch { text = null; }
    for (const name of ownPlaces()) if (name !== ROOM) {
      const id = name.slice(STORE.length + 1);
      try { state.files[id] = JSON.parse(localStorage.getItem(name)); stored.add(id); } catch { /* not a file of ours */ }
    }
    if (!text) return;
    try {
      const found = JSON.parse(text);
      if (kit.steps.some((step) => step.id === found.step)) state.step = found.step;
      for (const step of kit.steps) if (found.answers[step.id]) {
        state.answers[step.id] = found.answers[step.id];
        if (step.id === state.step || JSON.stringify(clean(found.answers[step.id])) !== "{}") unsaved.add(step.id);
      }
      // The window that had it is told by this, and keeps nothing over it any more.
      keep(true);
      const gone = make("button", { type: "button", className: "small", textContent: say("discard") });
      gone.addEventListener("click", () => { if (confirm(say("discard") + "?")) { [STORE, ...ownPlaces()].forEach(drop); unsaved.clear(); location.reload(); } });
      $("main").before(make("p", { className: "card", id: "restored" }, say("restored") + " ", gone));
    } catch { /* not a draft of ours */ }
  }

  document.querySelector("#case").textContent = `${kit.case.title}（${kit.case.id}）`;
  $("save").textContent = say("save");
  restore();
  build();
  tell();
  window.addEventListener("error", () => { $("state").className = "unsaved"; $("state").textContent = say("broken"); });
})();
