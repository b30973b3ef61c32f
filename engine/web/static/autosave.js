// Keeps the draft of a form while it is typed. Without this script the button "save draft" does the same.
(function () {
  "use strict";
  var form = document.querySelector("form[data-autosave]");
  var said = document.getElementById("saving");
  if (!form || !said || !window.fetch || !window.FormData) { return; }
  var waiting = null, sending = false, changed = false;
  function say(name, more) { said.textContent = said.getAttribute("data-" + name) + (more ? " " + more : ""); }
  // A note is shown where its condition holds: by what the page began with, and by every draft that was kept since.
  function show(closed) {
    document.querySelectorAll("[data-note]").forEach(function (note) {
      note.style.display = closed.indexOf(note.getAttribute("data-note")) >= 0 ? "none" : "";
    });
  }
  show(Array.prototype.map.call(document.querySelectorAll("[data-closed]"), function (note) { return note.getAttribute("data-note"); }));
  function body() {
    var data = new FormData(form), plain = new FormData();
    data.forEach(function (value, name) { if (typeof value === "string") { plain.append(name, value); } });
    plain.set("do", "autosave");
    return plain;
  }
  function send() {
    if (sending) { return; }
    sending = true; changed = false; say("saving");
    fetch(location.href, { method: "POST", body: body(), credentials: "same-origin", redirect: "manual" })
      .then(function (answer) {
        var type = answer.headers.get("content-type") || "";
        if (type.indexOf("application/json") !== 0) { throw new Error(""); }
        return answer.json();
      })
      .then(function (told) {
        if (told.closed) { show(told.closed); }
        if (told.mark) { form.elements.draft_mark.value = told.mark; }
        if (!told.saved) { throw new Error(told.wrong || ""); }
        // Only what the server has confirmed is called saved.
        if (changed) { say("unsaved"); later(); } else { say("saved", told.saved); }
      })
      .catch(function (problem) { say("failed", problem.message); })
      .then(function () { sending = false; });
  }
  function later() { clearTimeout(waiting); waiting = setTimeout(send, 2000); }
  form.addEventListener("input", function () { changed = true; say("unsaved"); later(); });
  form.addEventListener("submit", function () { clearTimeout(waiting); });
})();
