// The kiosk forgets: untouched for 30 seconds it goes back to its first page, and says so 10 seconds before.
(() => {
  "use strict";

  const { home, prints, rest } = document.body.dataset;
  const REST = Number(rest || 30); // seconds
  const WARN = 10;
  const note = document.getElementById("idle");
  const isHome = location.pathname === home;
  let touched = performance.now();

  for (const kind of ["pointerdown", "keydown", "touchstart", "wheel"]) {
    addEventListener(kind, () => (touched = performance.now()), { passive: true });
  }

  setInterval(() => {
    const left = Math.ceil(REST - (performance.now() - touched) / 1000);
    const leaves = !isHome || [...document.querySelectorAll("input[type=text]")].some((input) => input.value);
    note.hidden = !leaves || left > WARN;
    note.querySelector("[data-left]").textContent = Math.max(left, 0);
    // The first page is loaded anew as well, so that what is closed and what is open stays true.
    if (left <= 0) location.replace(home);
  }, 500);

  const again = document.querySelector("[data-print-slip]");
  if (again) {
    again.hidden = false;
    again.addEventListener("click", () => print());
  }
  if (prints !== undefined) print();
})();
