// One digit opens one procedure of the citizen on the page, or copies one value of the bridge. It waits a moment: a digit
// with another key right behind it is a scan, not a choice.
(() => {
  "use strict";

  const WAIT = 90; // milliseconds
  let timer = 0;

  // On the window and first, because the scan box stops the keys of a scan further down.
  addEventListener(
    "keydown",
    (event) => {
      const alone = !timer;
      clearTimeout(timer);
      timer = 0;
      if (!alone || event.repeat || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9]$/.test(event.key)) return;
      if (event.target.closest("input, textarea, select, [contenteditable]")) return;
      const link = document.querySelector(`[data-key="${event.key}"]`);
      if (!link) return;
      timer = setTimeout(() => {
        timer = 0;
        link.click();
      }, WAIT);
    },
    true,
  );
})();
