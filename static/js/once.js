// A form is sent once. The button says at once that it works; the server, by the form key, would answer twice the same.
(() => {
  "use strict";

  const sent = new Set();
  const buttons = (form) => [...form.elements].filter((element) => element.type === "submit"); // wherever they stand

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    sent.add(form);
    // After the browser has gathered the values: a disabled button would not send its own.
    setTimeout(() => {
      for (const button of buttons(form)) button.disabled = true;
      const pressed = event.submitter || buttons(form)[0];
      if (pressed) {
        pressed.classList.add("is-working");
        pressed.setAttribute("aria-busy", "true");
      }
    });
  });

  // Back to a page the browser kept: the buttons work again.
  addEventListener("pageshow", () => {
    for (const form of sent) {
      for (const button of buttons(form)) {
        button.disabled = false;
        button.classList.remove("is-working");
        button.removeAttribute("aria-busy");
      }
    }
    sent.clear();
  });
})();
