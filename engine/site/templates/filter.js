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
  var table = document.getElementById("list"), hits = document.getElementById("hits");
  if (!box) { return; }
  box.hidden = false;
  var own = table ? Array.prototype.slice.call(table.tBodies[0].rows) : [], root = words.getAttribute("data-root");
  // Parts of the index by name: read once, as scripts, for a page on a disk may read no data.
  var read = {}, asked = {}, waiting = 0, most = 50;
  window.ssjFound = function (name, rows) { read[name] = rows; };
  function load(name, then) {
    if (read[name]) { then(); return; }
    if (asked[name]) { asked[name].push(then); return; }
    asked[name] = [then];
    var script = document.createElement("script");
    script.src = root + "search/" + name + ".js";
    script.onload = script.onerror = function () {
      var waits = asked[name];
      delete asked[name];
      // A word nobody has is in no file.
      read[name] = read[name] || [];
      waits.forEach(function (each) { each(); });
    };
    document.head.appendChild(script);
  }
  // As engine/site/search_index.py makes them.
  function wordsOf(text) {
    var all = [];
    (text.match(/[0-9a-z]+|[^\s0-9a-z!-\/:-@\[-`{-~\u3000-\u303f\uff00-\uff0f\uff1a-\uff20]+/g) || []).forEach(function (run) {
      var letters = Array.from(run);
      if (/^[0-9a-z]+$/.test(run) || letters.length === 1) { all.push(run); return; }
      for (var at = 0; at < letters.length - 1; at++) { all.push(letters[at] + letters[at + 1]); }
    });
    return all;
  }
  function shardOf(word) {
    var sum = 0;
    for (var at = 0; at < word.length; at++) { sum = (sum * 31 + word.charCodeAt(at)) & 0x7fffffff; }
    return ("00" + sum % Number(words.getAttribute("data-shards"))).slice(-3);
  }
  function fits(text, parts) { return parts.every(function (part) { return text.indexOf(part) >= 0; }); }
  function list(entries, common) {
    hits.textContent = "";
    entries.slice(0, most).forEach(function (entry) {
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = root + (entry[2] || "firms/" + entry[1] + ".html");
      link.textContent = entry[0] || entry[1];
      item.appendChild(link);
      item.appendChild(document.createTextNode(" " + entry[1]));
      hits.appendChild(item);
    });
    hits.hidden = entries.length === 0;
    var many = common || entries.length > most;
    found.textContent += " " + words.getAttribute(many ? "data-many" : "data-all").replace("#", Math.min(entries.length, most));
  }
  function search(typed, parts) {
    load("common", function () {
      var all = wordsOf(typed).filter(function (word) { return Array.from(word).length > 1; });
      if (!all.length) { found.textContent += " " + words.getAttribute("data-short"); return; }
      var rare = all.filter(function (word) { return read.common.indexOf(word) < 0; }), word = rare[0] || all[0];
      var shard = shardOf(word);
      load("newest", function () {
        load(shard, function () {
          if (typed !== words.value.trim().toLowerCase()) { return; }
          var seen = {}, entries = read.newest.concat(read[shard]).filter(function (entry) {
            var key = entry[2] || entry[1], fit = !seen[key] && fits((entry[0] + " " + entry[1]).toLowerCase(), parts);
            if (fit) { seen[key] = true; }
            return fit;
          });
          list(entries, !rare.length);
        });
      });
    });
  }
  function show() {
    var typed = words.value.trim().toLowerCase(), parts = typed.split(/\s+/).filter(Boolean), count = 0;
    own.forEach(function (row) {
      var fit = fits(row.textContent.toLowerCase(), parts);
      row.hidden = !fit;
      count += fit ? 1 : 0;
    });
    hits.textContent = "";
    hits.hidden = true;
    found.textContent = parts.length ? words.getAttribute("data-found").replace("#", count) : "";
    var pager = document.querySelector(".pager");
    if (pager) { pager.hidden = parts.length > 0; }
    if (parts.length) { search(typed, parts); }
  }
  words.addEventListener("input", function () { clearTimeout(waiting); waiting = setTimeout(show, 150); });
}());
