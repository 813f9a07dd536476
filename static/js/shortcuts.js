// Keys for every page: Ctrl+Enter does the main thing, Esc goes back, F1 helps, F2 calls into the hall.
(() => {
  "use strict";

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.repeat) return;
    if (event.key === "Enter" && event.ctrlKey && !event.altKey && !event.shiftKey) {
      press(event, document.querySelector("[data-main]"));
    } else if (event.key === "Escape" && !event.ctrlKey && !event.altKey) {
      if (event.target.closest("select, [data-scan-box], details[open] form")) return;
      press(event, document.querySelector("[data-escape]"));
    } else if (event.key === "F1") {
      press(event, document.querySelector("[data-help]"));
    } else if (event.key === "F2") {
      press(event, document.querySelector("[data-call]"));
    }
  });

  function press(event, target) {
    if (!target) return;
    event.preventDefault();
    target.click();
  }
})();
