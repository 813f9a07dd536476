// Hands the values of a case to the Ministry's software one by one: Enter or a digit puts a value on the clipboard and
// leads to the next one, arrows go up and down. The program never pastes by itself: the officer sees where it goes.
(() => {
  "use strict";

  const list = document.querySelector("[data-copy-list]");
  if (!list) return;

  const buttons = [...list.querySelectorAll("button[data-copy]")];
  const said = document.querySelector("[data-copy-said]");
  for (const button of buttons) button.hidden = false;
  if (buttons.length && !document.querySelector("[data-error-summary]")) buttons[0].focus();

  list.addEventListener("click", async (event) => {
    const button = event.target.closest("button[data-copy]");
    if (!button) return;
    const copied = await copy(button.dataset.copy);
    const label = button.dataset.label;
    said.textContent = copied ? `Đã chép: ${label}` : `Trình duyệt không cho chép. Bôi đen và chép tay: ${label}`;
    if (!copied) return;
    button.closest("div").dataset.copied = "";
    (buttons[buttons.indexOf(button) + 1] || button).focus();
  });

  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const here = buttons.indexOf(document.activeElement);
    if (!step || here < 0) return;
    event.preventDefault();
    (buttons[here + step] || buttons[here]).focus();
  });

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyTheOldWay(text); // a page without TLS has no clipboard of its own
    }
  }

  function copyTheOldWay(text) {
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "offstage";
    box.setAttribute("aria-hidden", "true");
    const before = document.activeElement;
    document.body.append(box);
    box.select();
    const copied = document.execCommand("copy");
    box.remove();
    before.focus();
    return copied;
  }
})();
