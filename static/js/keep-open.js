// A board that reloads itself leaves open what its reader has opened.
document.addEventListener("htmx:beforeSwap", (event) => {
  const board = event.detail.target;
  if (!board.matches("[data-keeps-open]")) return;
  const open = [...board.querySelectorAll("details")].map((one) => one.open);
  board.addEventListener(
    "htmx:afterSwap",
    () => {
      const now = board.querySelectorAll("details");
      if (now.length === open.length) now.forEach((one, index) => (one.open = open[index]));
    },
    { once: true },
  );
});
