/* Small comforts. Every page works without this file. */
const wake = (root) => {
  // Buttons that only work with a script are sent hidden.
  root.querySelectorAll("[data-print], [data-close]").forEach((button) => { button.hidden = false; });
  // After a form came back: straight to the list of what to put right.
  root.querySelector(".sum:not([data-still] *)")?.focus();
};

addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
  target.closest("[data-close]")?.closest(".note").remove();
  document.querySelectorAll(".switch[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
});

addEventListener("keydown", ({ key }) => {
  const menu = key === "Escape" && document.querySelector(".switch[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

// The switcher never stays open over what has focus.
addEventListener("focusin", ({ target }) => {
  document.querySelectorAll(".switch[open]").forEach((menu) => { if (!menu.contains(target)) menu.open = false; });
});

addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.querySelector("[name=csrfmiddlewaretoken]")?.value;
  if (token) detail.headers["X-CSRFToken"] = token;
});
addEventListener("htmx:afterSwap", ({ target }) => wake(target));

wake(document);
