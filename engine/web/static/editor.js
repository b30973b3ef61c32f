// Offers names while a definition is typed, and shows the checker's remarks as its author pauses. Without this script the buttons do it.
(function () {
  "use strict";
  var area = document.querySelector("textarea[data-names]");
  var list = document.getElementById("names"), said = document.getElementById("remarks");
  if (!area || !list || !said || !window.fetch || !window.FormData || !area.form) { return; }
  var form = area.form, at = -1, waiting = null, pausing = null, asked = 0;
  function before() { return area.value.slice(0, area.selectionStart); }
  function lineText() { var text = before(); return text.slice(text.lastIndexOf("\n") + 1); }
  function word() { return (/[\w]*$/.exec(lineText()) || [""])[0]; }
  function send(what) {
    var data = new FormData();
    data.append("form_token", form.elements.form_token.value);
    data.append("file", form.elements.file.value);
    data.append("text", area.value);
    data.append("line", lineText());
    data.append("do", what);
    return fetch(area.getAttribute("data-names"), { method: "POST", body: data, credentials: "same-origin", redirect: "manual" })
      .then(function (answer) {
        if ((answer.headers.get("content-type") || "").indexOf("application/json") !== 0) { throw new Error(""); }
        return answer.json();
      });
  }
  function close() {
    list.textContent = ""; list.className = "names hidden"; at = -1;
    area.removeAttribute("aria-activedescendant");
  }
  function mark(next) {
    var items = list.children;
    if (!items.length) { return; }
    if (items[at]) { items[at].setAttribute("aria-selected", "false"); }
    at = (next + items.length) % items.length;
    items[at].setAttribute("aria-selected", "true");
    items[at].scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", items[at].id);
  }
  function take(name) {
    var end = area.selectionStart, start = end - word().length;
    area.setRangeText(name, start, end, "end");
    close(); area.focus(); pause();
  }
  function offer(names) {
    var typed = word().toLowerCase(), count = 0;
    close();
    names.forEach(function (one) {
      if (count >= 12 || one[0].toLowerCase().indexOf(typed) !== 0 || one[0] === typed) { return; }
      var item = document.createElement("li");
      item.id = "name-" + count; count += 1;
      item.setAttribute("role", "option"); item.setAttribute("aria-selected", "false");
      item.textContent = one[0] + (one[1] ? "  " + one[1] : "");
      item.addEventListener("mousedown", function (event) { event.preventDefault(); take(one[0]); });
      item.setAttribute("data-name", one[0]);
      list.appendChild(item);
    });
    if (count) { list.className = "names"; }
  }
  function ask() {
    var mine = ++asked;
    send("names").then(function (told) { if (mine === asked) { offer(told.names || []); } }).catch(close);
  }
  function go(line, column) {
    var lines = area.value.split("\n"), place = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0) + column - 1;
    area.focus(); area.setSelectionRange(place, place);
    area.scrollTop = (line - 4) * (area.scrollHeight / lines.length);
  }
  function show(remarks) {
    said.textContent = "";
    var head = document.createElement("p");
    head.textContent = remarks.length ? area.getAttribute("data-some").replace("0", remarks.length) : area.getAttribute("data-none");
    said.appendChild(head);
    var all = document.createElement("ul");
    remarks.slice(0, 20).forEach(function (one) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = "#text"; link.textContent = one.line + ":" + one.column;
      link.addEventListener("click", function (event) { event.preventDefault(); go(one.line, one.column); });
      item.className = one.error ? "error" : "";
      item.appendChild(link);
      item.appendChild(document.createTextNode(" " + one.text + (one.hint ? " – " + one.hint : "")));
      all.appendChild(item);
    });
    said.appendChild(all);
  }
  function pause() {
    clearTimeout(pausing);
    pausing = setTimeout(function () { send("remarks").then(function (told) { show(told.remarks || []); }).catch(function () {}); }, 1500);
  }
  area.setAttribute("aria-controls", "names");
  area.setAttribute("aria-autocomplete", "list");
  area.addEventListener("input", function () {
    clearTimeout(waiting);
    if (/[\w.:：\[,] ?$/.test(lineText())) { waiting = setTimeout(ask, 200); } else { close(); }
    pause();
  });
  area.addEventListener("keydown", function (event) {
    if (event.ctrlKey && (event.key === " " || event.code === "Space")) { event.preventDefault(); ask(); return; }
    if (!list.children.length) { return; }
    if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
    if (event.key === "Escape") { event.preventDefault(); close(); }
    // Enter begins a new line where nothing was chosen by the arrows; Tab leaves the field where nothing is offered.
    var chosen = list.children[event.key === "Tab" ? Math.max(at, 0) : at];
    if ((event.key === "Enter" || event.key === "Tab") && chosen) { event.preventDefault(); take(chosen.getAttribute("data-name")); }
  });
  area.addEventListener("blur", close);
}());
