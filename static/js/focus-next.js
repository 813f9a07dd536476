// The focus goes where the work goes: to the list of errors when there is one, else to the next thing to do. A list that
// reloads itself never takes the focus away; on a telephone what is to be looked at first ("wide") stays in view.
(() => {
  "use strict";

  function move(root) {
    const next = root.querySelector("[data-error-summary]") || root.querySelector("[data-focus-next]");
    const narrow = !matchMedia("(min-width: 56.01rem)").matches;
    if (next && !(narrow && next.dataset.focusNext === "wide")) next.focus();
  }

  move(document);

  document.addEventListener("htmx:afterSettle", (event) => {
    const cause = event.detail.requestConfig && event.detail.requestConfig.triggeringEvent;
    if (cause && (cause.type === "submit" || cause.type === "click")) move(event.detail.elt);
  });
})();
