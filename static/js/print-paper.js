// Prints a paper without leaving the page: the PDF is loaded into a frame out of sight. Where the browser cannot do that,
// the link opens the PDF as any link would.
(() => {
  "use strict";

  // A driven browser has no print dialog; Chromium without a screen falls over when a framed PDF is printed.
  const canPrint = navigator.pdfViewerEnabled !== false && !navigator.webdriver;

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-print]");
    if (!link || !canPrint || event.button !== 0 || event.ctrlKey || event.shiftKey || event.metaKey) return;
    event.preventDefault();
    document.querySelector("iframe.offstage")?.remove();
    const frame = document.createElement("iframe");
    frame.className = "offstage";
    frame.title = "Bản in";
    frame.tabIndex = -1;
    frame.setAttribute("aria-hidden", "true");
    frame.addEventListener("load", () => {
      try {
        const page = frame.contentDocument;
        if (page && page.contentType !== "application/pdf") throw new Error("no paper");
        frame.contentWindow.focus();
        frame.contentWindow.print();
      } catch {
        location.assign(link.href);
      }
    });
    frame.src = link.dataset.print || link.href;
    document.body.append(frame);
  });
})();
