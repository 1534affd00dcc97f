// What a reader sees of two scripts on one page: a list of {text, lang, said, faults} of visible texts.
// A fault is a phrase of the other direction that the browser has laid out in the wrong order: the
// place on the screen of each of its characters is compared with the order in which they are read.
() => {
  const latin = "A-Za-zÀ-ÿ", arabic = "\\u0600-\\u06ff\\u0750-\\u077f";
  const edges = (own) => new RegExp(`^[\\s${own}]+|[\\s${own}]+$`, "g");
  const number = /^[\s\d.,%٪–-]+\s/;
  const place = (node, at) => {
    const range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    return range.getClientRects()[0];
  };
  // Letters of a phrase read from the left stand each further right; words of one read from the
  // right, its figures too, each further left (letters of a figure stand the other way).
  const wrong = (node, from, to, rtl) => {
    let before = null;
    for (const part of node.data.slice(from, to).matchAll(rtl ? /[^\s\u200e\u200f\u2066-\u2069]/g : /[^\s\u200e\u200f.,:;،؛()«»/–-]+/g)) {
      const first = place(node, from + part.index), last = place(node, from + part.index + part[0].length - 1);
      if (!first || !last || !first.width) continue;
      const now = { top: first.top, middle: (first.left + first.right + last.left + last.right) / 4 };
      if (before && Math.abs(now.top - before.top) < first.height / 2) {
        if (rtl ? now.middle < before.middle : now.middle > before.middle) return true;
      }
      before = now;
    }
    return false;
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || holder.closest("script,style,noscript,template,option")) continue;
    if (!place(node, node.data.search(/\S/))) continue;
    // A phrase in the letters of the other direction; signs at its edges belong to the text around it.
    const rtl = getComputedStyle(holder).direction === "rtl", faults = [];
    const run = new RegExp(rtl ? `[^${arabic}]+` : `[${arabic}][^${latin}]*[${arabic}]`, "g");
    const mixed = new RegExp(`[${rtl ? arabic : latin}]`).test(node.data);
    for (const match of node.data.matchAll(run)) {
      if (!new RegExp(`[${rtl ? latin : arabic}]`).test(match[0])) continue;
      const edge = edges(mixed ? `.,:;،؛·()«»"'’–—\\-/|…` : ":،؛·|");
      const kept = (mixed ? match[0].replace(number, "") : match[0]).replace(edge, "");
      const from = match.index + match[0].indexOf(kept);
      if (kept && wrong(node, from, from + kept.length, rtl)) faults.push(kept);
    }
    found.push({
      text: node.data.trim().replace(/\s+/g, " "),
      lang: holder.closest("[lang]").lang,
      said: Boolean(holder.closest("[dir=auto],code,pre,[translate=no]")),
      faults,
      where: holder.closest("[class],[id],h1,h2,li,td,th,p")?.outerHTML.slice(0, 200) ?? "",
    });
  }
  return found;
}
