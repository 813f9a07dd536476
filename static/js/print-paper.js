// Prints a paper without leaving the page: the PDF is loaded into a frame out of sight. A form posts into that frame, so
// that the server writes its print log first; a link is for lists that have no log. Where the browser cannot do that, the
// form or the link opens the PDF as any would.
(() => {
  "use strict";

  // A driven browser has no print dialog; Chromium without a screen falls over when a framed PDF is printed.
  const canPrint = navigator.pdfViewerEnabled !== false && !navigator.webdriver;
  let count = 0;

  function frameFor(printed, failed) {
    document.querySelector("iframe.offstage")?.remove();
    const frame = document.createElement("iframe");
    frame.className = "offstage";
    frame.title = "Bản in";
    frame.name = `print-${(count += 1)}`;
    frame.tabIndex = -1;
    frame.setAttribute("aria-hidden", "true");
    document.body.append(frame); // its empty page loads here, before anyone listens
    frame.addEventListener("load", () => {
      try {
        const page = frame.contentDocument;
        if (page && page.URL === "about:blank") return;
        if (page && page.contentType !== "application/pdf") throw new Error("no paper");
        frame.contentWindow.focus();
        frame.contentWindow.print();
        printed();
      } catch {
        failed();
      }
    });
    return frame;
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-print]");
    if (!link || !canPrint || event.button !== 0 || event.ctrlKey || event.shiftKey || event.metaKey) return;
    event.preventDefault();
    const frame = frameFor(() => {}, () => location.assign(link.href));
    frame.src = link.dataset.print || link.href;
  });

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-print]");
    if (!form || !canPrint || event.defaultPrevented) return;
    const frame = frameFor(
      () => {
        form.hidden = true;
        const said = form.parentElement.querySelector("[data-printed]");
        if (said) said.hidden = false;
        const next = document.querySelector("form:not([hidden]) [data-main]") || document.querySelector("[data-escape]");
        next?.focus();
      },
      () => location.reload(), // refused: the page as it is now says why
    );
    form.target = frame.name;
  });
})();
