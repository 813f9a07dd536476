// The open question that is next stands out; F2 answers it with “Đúng”. One key a question, and the eyes know which.
(() => {
  "use strict";

  const list = document.getElementById("findings");
  if (!list) return;

  function next() {
    return list.querySelector(".finding-ask");
  }

  function mark() {
    for (const other of list.querySelectorAll(".is-next")) other.classList.remove("is-next");
    const question = next();
    if (question) question.classList.add("is-next");
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || event.ctrlKey || event.altKey || event.shiftKey || event.repeat) return;
    const question = next();
    const yes = question && question.querySelector("input[type=radio], input[type=checkbox]");
    if (!yes) return;
    event.preventDefault();
    question.scrollIntoView({ block: "nearest" });
    if (!yes.checked) yes.click();
    // Marked here at once: the server's word on it is on its way, and the next F2 must not meet the same question.
    question.classList.replace("finding-ask", "finding-pass");
    mark();
  });

  // An answer given while the list was being judged is not in what comes back: that list is not taken, the next one is.
  let answers = 0;
  let asked = 0;
  document.addEventListener("change", () => (answers += 1));
  document.addEventListener("htmx:beforeRequest", () => (asked = answers));
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target === list && asked !== answers) event.detail.shouldSwap = false;
  });

  document.addEventListener("htmx:afterSettle", mark);
  mark();
})();
