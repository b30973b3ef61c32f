// Signs with a finger or a pen: what is drawn becomes the file of the question. Without this script a picture is chosen.
(function () {
  "use strict";
  if (!window.DataTransfer || !HTMLCanvasElement.prototype.toBlob || !window.PointerEvent) { return; }
  function pad(input) {
    var canvas = document.createElement("canvas"), again = document.createElement("button");
    var pen = canvas.getContext("2d"), drawing = false;
    canvas.className = "pad"; canvas.width = 600; canvas.height = 260;
    canvas.setAttribute("role", "img"); canvas.setAttribute("aria-label", input.getAttribute("data-pad"));
    again.type = "button"; again.className = "plain"; again.textContent = input.getAttribute("data-again");
    function wipe() { pen.fillStyle = "#fff"; pen.fillRect(0, 0, canvas.width, canvas.height); }
    function place(event) {
      var at = canvas.getBoundingClientRect();
      return [(event.clientX - at.left) * canvas.width / at.width, (event.clientY - at.top) * canvas.height / at.height];
    }
    function changed() { input.dispatchEvent(new Event("input", { bubbles: true })); }
    function end() {
      if (!drawing) { return; }
      drawing = false;
      canvas.toBlob(function (picture) {
        var files = new DataTransfer();
        files.items.add(new File([picture], input.getAttribute("data-name") + ".png", { type: "image/png" }));
        input.files = files.files;
        changed();
      }, "image/png");
    }
    canvas.addEventListener("pointerdown", function (event) {
      var at = place(event);
      drawing = true; canvas.setPointerCapture(event.pointerId);
      pen.lineWidth = 4; pen.lineCap = "round"; pen.strokeStyle = "#111"; pen.beginPath(); pen.moveTo(at[0], at[1]);
      event.preventDefault();
    });
    canvas.addEventListener("pointermove", function (event) {
      var at = place(event);
      if (drawing) { pen.lineTo(at[0], at[1]); pen.stroke(); }
    });
    canvas.addEventListener("pointerup", end);
    canvas.addEventListener("pointercancel", end);
    again.addEventListener("click", function () { wipe(); input.value = ""; changed(); });
    // A picture that is chosen instead is the answer, not what was drawn before it.
    input.addEventListener("change", wipe);
    wipe();
    input.parentNode.insertBefore(canvas, input);
    input.parentNode.insertBefore(again, input);
  }
  Array.prototype.forEach.call(document.querySelectorAll("input[data-pad]"), pad);
})();
