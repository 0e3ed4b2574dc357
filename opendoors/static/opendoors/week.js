/* Shows at once what the server would say after sending: what is chosen, how many, what clashes.
   Choices are kept for this tab, so that nothing is lost on the way to a colleague and back. */
const form = document.getElementById("visits");
const booked = document.querySelector("[data-booked]");
const keyOf = (edition) => `visits-${edition}`;

const remembered = (key) => {
  try { return JSON.parse(sessionStorage.getItem(key)) ?? []; } catch { return []; }
};
const remember = (key, codes) => {
  try { sessionStorage.setItem(key, JSON.stringify(codes)); } catch { /* storage is off: then not */ }
};

const doneKey = (edition) => `booked-${edition}`;
if (booked) {
  remember(keyOf(booked.dataset.booked), []);
  remember(doneKey(booked.dataset.booked), [location.pathname]);
}
if (form) start();

function start() {
  const $ = (id) => document.getElementById(id);
  // Changing what is booked already leaves no trace: only the first choice has an edition to remember it by.
  const key = form.dataset.edition && keyOf(form.dataset.edition);
  const boxes = [...form.querySelectorAll("[name=visits]")];
  const say = (place, number) => {
    const { one, many, none } = place.dataset;
    place.textContent = number === 1 ? one : number === 0 && none ? none : many.replace("%n", number);
  };

  // What came back from the server counts more than what was remembered.
  if (key && !("answered" in form.dataset)) {
    const codes = remembered(key);
    boxes.forEach((box) => { if (codes.includes(box.value) && !box.disabled) box.checked = true; });
  }

  const pick = (box) => {
    const card = box.closest(".visit");
    const item = $("t-pick").content.firstElementChild.cloneNode(true);
    const host = card.querySelector("b");
    const name = item.querySelector("b");
    const hours = card.querySelector(".at") ?? card.closest("ul").previousElementSibling;
    item.querySelector(".when").textContent = `${card.closest(".day").querySelector("h3").dataset.short}, ${hours.textContent}`;
    name.textContent = host.textContent;
    if (host.lang) name.lang = host.lang;
    item.querySelector(".bad").hidden = !card.classList.contains("full");
    const remove = item.querySelector("button");
    remove.querySelector(".vh").textContent += ` ${host.textContent}`;
    remove.addEventListener("click", () => {
      const place = [...item.parentElement.children].indexOf(item);
      box.checked = false;
      draw();
      // The focus goes to the next one in the list, or to the tray when it is empty.
      const left = $("picks").children;
      (left[Math.min(place, left.length - 1)]?.querySelector("button") ?? $("my-visits")).focus();
    });
    return item;
  };

  const draw = () => {
    const chosen = boxes.filter((box) => box.checked);
    const cards = chosen.map((box) => box.closest(".visit"));
    const clash = (a) => cards.some((b) => a !== b && +a.dataset.from < +b.dataset.to && +b.dataset.from < +a.dataset.to);
    const clashing = cards.filter(clash);
    boxes.forEach((box) => box.closest(".visit").classList.toggle("clashing", clashing.includes(box.closest(".visit"))));
    $("picks").replaceChildren(...chosen.map(pick));
    $("n").hidden = !chosen.length;
    $("n").querySelector("output").value = chosen.length;
    $("no-picks").hidden = chosen.length > 0;
    say($("n2"), chosen.length);
    $("clash").hidden = $("c2").hidden = !clashing.length;
    if (key) remember(key, chosen.map((box) => box.value));
  };

  // What is on the screen: on a phone the visits of the open day.
  const count = () => {
    const filtered = form.querySelector(".filter :checked");
    if (filtered) say($("shown"), boxes.filter((box) => box.closest("li").getClientRects().length).length);
    else $("shown").textContent = "";
  };

  // Seats as they are now, every half minute while somebody looks.
  const refresh = async () => {
    if (document.hidden) return;
    const fresh = document.createElement("template");
    try {
      const answer = await fetch(form.dataset.live);
      if (!answer.ok) return;
      fresh.innerHTML = await answer.text();
    } catch { return; /* offline: the server has the last word anyway */ }
    [...fresh.content.children].forEach((now) => {
      const seats = $(now.id);
      if (!seats || seats.innerHTML === now.innerHTML) return;
      seats.replaceChildren(...now.childNodes);
      const card = seats.closest(".visit");
      const box = card.querySelector("input");
      card.classList.toggle("full", seats.querySelector(".none") !== null);
      box.disabled = card.classList.contains("full") && !box.checked;
    });
    draw();
  };
  if (form.dataset.live) {
    setInterval(refresh, 30_000);
    document.addEventListener("visibilitychange", refresh);
  }

  form.addEventListener("change", ({ target }) => {
    if (target.name === "visits" && $("my-visits")) draw();
    if (target.closest(".filter, .tabs")) count();
  });
  // A form restored by the browser's back button has its ticks, but not its tray; after booking, neither is wanted.
  addEventListener("pageshow", ({ persisted }) => {
    const [done] = form.dataset.edition ? remembered(doneKey(form.dataset.edition)) : [];
    const back = persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    if (done && back) {
      boxes.forEach((box) => { box.checked = false; });
      document.querySelectorAll(".note.sum").forEach((note) => note.remove());
      $("already").hidden = false;
      $("already").querySelector("a").href = done;
    }
    if ($("my-visits")) draw();
    count();
  });
  addEventListener("resize", count);
  if ($("my-visits")) draw();
}
