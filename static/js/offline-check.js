// Judges offline codes in the browser with the keys that came along with the page: it goes on working without a network.
// The format is told at /khoa; procedures/offline_code.py is the same in Python.
(() => {
  "use strict";

  const box = document.querySelector("[data-offline-code]");
  const verdict = document.querySelector("[data-offline-verdict]");
  const facts = document.querySelector("[data-offline-facts]");
  const keys = [...document.querySelectorAll("[data-key]")].map((line) => line.dataset);
  if (!box || !globalThis.crypto?.subtle) return;
  document.querySelector("[data-offline-form]").hidden = false;
  document.querySelector("[data-offline-unable]").hidden = true;

  const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

  const fromBase45 = (text) => {
    const bytes = [];
    for (let at = 0; at < text.length; at += 3) {
      const digits = [...text.slice(at, at + 3)].map((letter) => LETTERS.indexOf(letter));
      if (digits.length === 1 || digits.includes(-1)) throw new RangeError();
      const value = digits.reduce((sum, digit, place) => sum + digit * 45 ** place, 0);
      if (value > (digits.length === 3 ? 0xffff : 0xff)) throw new RangeError();
      if (digits.length === 3) bytes.push(value >> 8);
      bytes.push(value & 0xff);
    }
    return Uint8Array.from(bytes);
  };

  // as much of CBOR as a code uses; anything else is no code
  const fromCbor = (bytes) => {
    let at = 0;
    const item = () => {
      const head = bytes[at++];
      const kind = head >> 5;
      let size = head & 31;
      if (size > 26 || at > bytes.length) throw new RangeError();
      if (size > 23) {
        const wide = 1 << (size - 24);
        size = 0;
        for (let left = wide; left; left--) size = size * 256 + bytes[at++];
      }
      const take = () => {
        if (at + size > bytes.length) throw new RangeError();
        return bytes.slice(at, (at += size));
      };
      switch (kind) {
        case 0: return size;
        case 1: return -1 - size;
        case 2: return take();
        case 3: return new TextDecoder("utf-8", { fatal: true }).decode(take());
        case 4: return Array.from({ length: size }, item);
        case 5: return new Map(Array.from({ length: size }, () => [item(), item()]));
        case 6: return item();
        default: throw new RangeError();
      }
    };
    const found = item();
    if (at !== bytes.length) throw new RangeError();
    return found;
  };

  const bstr = (bytes) => [...(bytes.length < 24 ? [0x40 + bytes.length] : [0x58, bytes.length]), ...bytes];
  const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

  const judge = async (text) => {
    let clean = text.toUpperCase().replace(/[\r\n\t]/g, "").trimStart();
    if (!clean.startsWith("MC1:")) throw new RangeError();
    clean = clean.slice(4);
    if (clean.length % 3 === 1) clean = clean.endsWith(" ") ? clean.slice(0, -1) : `${clean} `;
    const [head, , payload, signature] = fromCbor(fromBase45(clean));
    const protectedHead = fromCbor(head);
    const [kind, number, day, commune, office, name] = fromCbor(payload);
    const code = String(commune).padStart(5, "0");
    const key = keys.find((one) => one.key === hex(protectedHead.get(4)) && one.commune === code);
    if (protectedHead.get(1) !== -8) throw new RangeError();
    if (!key) return ["cancelled", "✕", "Không có xã nào dùng khóa ký mã này.", []];
    const signed = Uint8Array.from([0x84, 0x6a, ...new TextEncoder().encode("Signature1"), ...bstr(head), 0x40, ...bstr(payload)]);
    const raw = Uint8Array.from(atob(key.public), (letter) => letter.charCodeAt(0));
    const opened = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
    const on = String(day).replace(/^(\d{4})(\d\d)(\d\d)$/, "$1-$2-$3");
    const holds = await crypto.subtle.verify("Ed25519", opened, signature, signed);
    if (!holds || on < key.since || (key.until && on > key.until)) return ["cancelled", "✕", "Mã không đúng: đừng nhận giấy này trước khi hỏi nơi cấp.", []];
    if ("leaked" in key) return ["replaced", "↻", "Chưa kết luận được: khóa ký mã này đã bị lộ.", []];
    const days = on.split("-").reverse().join("/");
    return ["genuine", "✓", "Mã thật, do xã ký.", [["Loại giấy", kind], ["Số", number], ["Ngày cấp", days], ["Nơi cấp", office], ["Cấp cho", name]]];
  };

  const show = (tone, mark, words, lines) => {
    verdict.hidden = false;
    verdict.className = `verdict verdict-${tone}`;
    verdict.querySelector("[data-mark]").textContent = mark;
    verdict.querySelector("[data-word]").textContent = words;
    facts.hidden = !lines.length;
    facts.replaceChildren(...lines.map(([label, value]) => {
      const row = document.createElement("div");
      for (const [tag, text] of [["dt", label], ["dd", value]]) row.append(Object.assign(document.createElement(tag), { textContent: text }));
      return row;
    }));
  };

  let latest = 0;
  box.addEventListener("input", async () => {
    const mine = ++latest;
    if (!box.value.trim()) {
      verdict.hidden = facts.hidden = true;
      return;
    }
    let found;
    try {
      found = await judge(box.value);
    } catch {
      found = ["missing", "✕", "Không đọc được mã. Quét lại cho đủ.", []];
    }
    if (mine === latest) show(...found);
  });
})();
