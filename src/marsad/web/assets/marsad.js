// What a script adds to pages that work without one: copying, sending a form as it changes, and
// telling a screen reader what the new results say. The rest is plain links and forms.
const live = document.getElementById("live");

for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const text = button.parentElement.querySelector("code").textContent;
  try {
    await navigator.clipboard.writeText(text);
    live.textContent = button.dataset.done;
    const before = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = before; }, 1500);
  } catch {
    getSelection().selectAllChildren(button.parentElement.querySelector("code"));
  }
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form && event.target.matches("select")) form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  // Empty choices say nothing: they need not be in the address.
  if (event.target.method !== "get") return;
  for (const field of event.target.elements) if (field.name && !field.value) field.disabled = true;
  setTimeout(() => { for (const field of event.target.elements) field.disabled = false; }, 0);
}, true);

// A part of the page that is loaded anew changes the address: the ways to other languages follow it.
const sameInOtherLanguages = () => {
  const links = [...document.querySelectorAll("#tongues a")];
  const here = links.find((link) => link.getAttribute("aria-current"))?.lang;
  if (!here) return;
  for (const link of links) {
    const path = location.pathname.replace(`/${here}/`, `/${link.lang}/`);
    link.href = path + location.search;
  }
};
for (const name of ["push", "replace"]) document.addEventListener(`htmx:after:history:${name}`, sameInOtherLanguages);

// What is refused has a page of its own, in the reader's language.
document.addEventListener("htmx:response:error", (event) => {
  location.assign(event.detail.ctx.response.raw.url);
});

new MutationObserver(() => {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) button.hidden = false;
  const said = document.querySelector("[data-announce]")?.textContent.trim();
  if (said && live.dataset.said !== said) live.textContent = live.dataset.said = said;
}).observe(document.getElementById("main"), { childList: true, subtree: true });

if ("serviceWorker" in navigator) navigator.serviceWorker.register(new URL("../worker.js", import.meta.url)).catch(() => {});
