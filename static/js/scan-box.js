// A scanner types like a very fast person. Wherever the focus is, such a burst goes to the scan box and drives nothing
// else: not the field it began in, not the page's keys, not the browser's (S-22, U-03).
(() => {
  "use strict";

  const FAST = 30; // milliseconds between two keys; no hand keeps this up
  const ENOUGH = 8; // keys; a Vietnamese keyboard tool sends shorter bursts of its own

  const box = document.querySelector("[data-scan-box]");
  if (!box) return;

  let typed = ""; // what the burst has brought so far
  let last = -Infinity;
  let field = null; // where the burst began, and what stood there
  let before = "";

  const takesText = (element) =>
    element instanceof HTMLSelectElement ||
    (element instanceof HTMLInputElement && !/^(button|checkbox|radio|submit|reset|file)$/.test(element.type));
  const isLeftAlone = (element) =>
    element instanceof HTMLTextAreaElement ||
    (element instanceof HTMLInputElement && (element.type === "password" || "takesScan" in element.dataset));
  const stop = (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  };

  document.addEventListener(
    "keydown",
    (event) => {
      const { key, target } = event;
      if (event.repeat || isLeftAlone(target) || /^(Shift|CapsLock|NumLock|AltGraph|Dead|Process)$/.test(key)) return;

      const inBurst = event.timeStamp - last < FAST && typed.length > 0;
      const hasModifier = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
      if (!inBurst) {
        typed = "";
        field = takesText(target) && target !== box ? target : null;
        before = field ? field.value : "";
      }

      if (key === "Backspace") {
        typed = typed.slice(0, -1);
      } else if (key === "Tab" && !hasModifier) {
        if (typed.length < 2) {
          typed = ""; // a hand that goes on to the next field, however quickly: what follows is no scan's middle
          return;
        }
        stop(event); // some scanners put it between the parts, or at the end
        if (target === box) box.value += "\t";
        else typed += "\t";
      } else if (key.length === 1 && !hasModifier) {
        typed += key;
        if (inBurst && !takesText(target)) stop(event); // a space must not press a button in mid-scan
      } else if (key !== "Enter" || hasModifier) {
        if (typed.length > 1) stop(event);
        return;
      }
      last = event.timeStamp;

      if (target !== box && inBurst && typed.length >= ENOUGH) {
        stop(event);
        if (field) field.value = before;
        box.focus();
        box.value = typed; // from here the keys arrive in the box by themselves, Enter included
      }
    },
    true,
  );
})();
