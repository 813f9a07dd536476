// The serial of a blank is preset with the next one of the drawer; a scanner writes the one really at hand over it. Enter
// at the end of a scan leads to the next serial that is asked for, and only the last one sends the form.
(() => {
  "use strict";

  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("input[data-takes-scan]")) target.select();
  });

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (key !== "Enter" || event.ctrlKey || event.altKey || !target.matches("input[data-takes-scan]")) return;
    const asked = [...target.form.querySelectorAll("input[data-takes-scan]")];
    const next = asked[asked.indexOf(target) + 1];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
})();
