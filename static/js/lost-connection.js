// Says that the server cannot be reached, keeps what was typed by not leaving the page, and falls silent when it is back.
(() => {
  "use strict";

  const banner = document.getElementById("lost-connection");
  if (!banner) return;

  const say = () => {
    if (!banner.textContent) banner.textContent = banner.dataset.words;
  };
  const hush = () => {
    banner.textContent = "";
  };

  addEventListener("offline", say);
  addEventListener("online", hush);
  document.addEventListener("htmx:sendError", say);
  document.addEventListener("htmx:timeout", say);
  document.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 502 && xhr.status <= 504) say();
    else if (xhr.status) hush();
  });

  document.addEventListener(
    "submit",
    (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      say();
    },
    true,
  );
})();
