// Hides a field until the answer it depends on is given: data-shown-when="field=value", "field=one|two" or "field!=value"
// on the input.
// What was typed stays; the server judges what counts.
(() => {
  "use strict";

  const inputs = document.querySelectorAll("[data-shown-when]");
  if (!inputs.length) return;

  function answer(form, name) {
    const control = form.elements.namedItem(name);
    if (!control) return "";
    if (control instanceof HTMLInputElement && control.type === "checkbox") return control.checked ? control.value : "";
    return control.value;
  }

  function draw() {
    for (const input of inputs) {
      const [, name, not, values] = input.dataset.shownWhen.match(/^(.+?)(!?)=(.*)$/);
      const group = input.closest(".field");
      if (group && input.form) group.hidden = values.split("|").includes(answer(input.form, name)) === Boolean(not);
    }
  }

  document.addEventListener("change", draw);
  addEventListener("pageshow", draw);
  draw();
})();
