"use strict";
(function () {
  // check.html: what the QR code on a paper says, behind # in the address it leads to.
  var paper = document.getElementById("paper"), parts = [];
  try { parts = decodeURIComponent(location.hash.slice(1)).split("|"); } catch (wrong) { parts = []; }
  if (paper && parts.length === 6 && parts[0] === "SSJ1") {
    var places = paper.getElementsByTagName("dd");
    for (var part = 0; part < places.length; part++) { places[part].textContent = parts[part + 1].split(",").join("、"); }
    paper.hidden = false;
  }
  var box = document.getElementById("filter"), words = document.getElementById("words"), found = document.getElementById("found");
  var table = document.getElementById("list");
  if (!table) { return; }
  box.hidden = false;
  var body = table.tBodies[0], own = Array.prototype.slice.call(body.rows), heads = table.tHead.rows[0].cells;
  var labels = Array.prototype.map.call(heads, function (head) { return head.textContent; });
  var all = null, most = 200, waiting = 0;
  function fits(text, parts) { return parts.every(function (part) { return text.indexOf(part) >= 0; }); }
  function mark(cell, from, name) {
    var twin = from.querySelector ? from.querySelector(name) : null;
    if (twin) { cell.appendChild(document.createTextNode(" ")); cell.appendChild(twin.cloneNode(true)); }
  }
  function line(entry) {
    var row = document.createElement("tr");
    if (entry[2]) { row.className = "gone"; }
    for (var at = 0; at < heads.length; at++) {
      var cell = document.createElement("td"), text = entry[at + 3];
      cell.className = heads[at].className;
      cell.setAttribute("data-label", labels[at]);
      if (heads[at].className === table.getAttribute("data-link")) {
        var link = document.createElement("a");
        link.href = entry[0] + ".html";
        link.textContent = text || entry[0];
        cell.appendChild(link);
      } else { cell.textContent = text; }
      if (heads[at].className === "c-published_on") {
        if (entry[1]) { mark(cell, document.getElementById("marks").content, ".late"); }
        if (entry[2]) { mark(cell, document.getElementById("marks").content, ".gone"); }
      }
      row.appendChild(cell);
    }
    return row;
  }
  function show() {
    var parts = words.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    var hits = all && parts.length ? all.filter(function (entry) { return fits(entry.text, parts); }).map(function (entry) { return entry.row; }) : null;
    var rows = hits ? hits.slice(0, most).map(line) : own.filter(function (row) { return fits(row.textContent.toLowerCase(), parts); });
    body.textContent = "";
    rows.forEach(function (row) { body.appendChild(row); });
    var count = hits ? hits.length : rows.length;
    found.textContent = parts.length ? words.getAttribute(count > rows.length ? "data-more" : "data-found").replace("#", count) : "";
    var pager = document.querySelector(".pager");
    if (pager) { pager.hidden = parts.length > 0; }
  }
  words.addEventListener("input", function () {
    clearTimeout(waiting);
    waiting = setTimeout(function () {
      if (all || words.getAttribute("data-pages") === "1" || !window.fetch) { show(); return; }
      fetch("search.json").then(function (answer) { return answer.json(); }).then(function (rows) {
        all = rows.map(function (row) { return { row: row, text: row.slice(4).join(" ").toLowerCase() }; });
        show();
      }, show);
    }, 150);
  });
}());
