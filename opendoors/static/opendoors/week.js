/* Shows at once what the server would say after sending: what is chosen, how many, what clashes, what lies
   close together, what is waited for. Choices are kept for this tab, so that nothing
   is lost on the way to a colleague and back. */
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
  const boxes = [...form.querySelectorAll(".visit input")];
  const mayWait = "line" in form.dataset;
  const cardOf = (box) => box.closest(".visit");
  // What is booked already is kept or given back, however full the visit is.
  const isOwn = (box) => Boolean(form.elements.seen?.value.includes(box.value));
  const isWait = (box) => box.name === "waits";
  const say = (place, number) => {
    const { one, many, none } = place.dataset;
    place.textContent = number === 1 ? one : number === 0 && none !== undefined ? none : many.replace("%n", number);
  };

  // Seats: for how many people, and how many are left; -1 where the visit is called off.
  const people = () => Number(form.elements.seats?.value) || 1;
  const left = (card) => {
    const words = card.querySelector("[id^=seats-]");
    return words.querySelector(".off") ? -1 : parseInt(words.textContent, 10) || 0;
  };
  // A card without seats for all leads to the waiting list. What is ticked keeps its meaning until it is unticked.
  const settle = (box) => {
    const seats = left(cardOf(box));
    const fits = seats >= people();
    cardOf(box).classList.toggle("full", !fits);
    if (box.checked) return;
    box.name = fits || !mayWait || isOwn(box) ? "visits" : "waits";
    box.disabled = seats < 0 || (!fits && !mayWait && !isOwn(box));
  };
  const settleAll = () => { if (form.dataset.live) boxes.forEach(settle); };

  // What came back from the server counts more than what was remembered.
  if (key && !("answered" in form.dataset)) {
    const codes = remembered(key);
    boxes.forEach((box) => { if (codes.includes(box.value) && !box.disabled) box.checked = true; });
  }

  const pick = (box) => {
    const card = cardOf(box);
    const item = $("t-pick").content.firstElementChild.cloneNode(true);
    const host = card.querySelector("b");
    const name = item.querySelector("b");
    const hours = card.querySelector(".at") ?? card.closest("ul").previousElementSibling;
    item.querySelector(".when").textContent = `${card.closest(".day").querySelector("h3").dataset.short}, ${hours.textContent}`;
    name.textContent = host.textContent;
    if (host.lang) name.lang = host.lang;
    const fits = !card.classList.contains("full");
    const swap = item.querySelector(".swap");
    const bad = item.querySelector(".bad");
    const seats = left(card);
    if (fits === isWait(box) && !isOwn(box)) {
      // Full meanwhile, or too small for all; or waited for while there are seats: say so, offer the other way.
      bad.hidden = fits;
      if (seats < 0) bad.textContent = card.querySelector("[id^=seats-]").textContent;
      if (seats > 0) bad.textContent = (seats === 1 ? bad.dataset.one : bad.dataset.many).replace("%n", seats).replace("%w", people());
      swap.hidden = seats < 0 || (!fits && !mayWait);
      swap.textContent = fits ? swap.dataset.book : swap.dataset.wait;
      swap.setAttribute("aria-label", `${swap.textContent}: ${host.textContent}`);
      swap.addEventListener("click", () => {
        box.name = fits ? "visits" : "waits";
        draw();
        form.querySelector(`.x[data-of="${box.value}"]`).focus();
      });
    }
    const remove = item.querySelector(".x");
    remove.dataset.of = box.value;
    remove.querySelector(".vh").textContent += ` ${host.textContent}`;
    remove.addEventListener("click", () => {
      const list = item.parentElement;
      const place = [...list.children].indexOf(item);
      box.checked = false;
      if (form.dataset.live) settle(box);
      draw();
      // The focus goes to the next one in the list, or to the tray when it is empty.
      (list.children[Math.min(place, list.children.length - 1)]?.querySelector(".x") ?? $("my-visits")).focus();
    });
    return item;
  };

  // Short breaks on the way to another municipality: one sentence for each, as opendoors/travel.py has it.
  const drawHops = (cards) => {
    const note = $("close");
    const town = (card) => card.querySelector(".town")?.textContent ?? "";
    const ordered = [...cards].sort((a, b) => a.dataset.from - b.dataset.from || a.dataset.to - b.dataset.to);
    const items = ordered.flatMap((card, place) => {
      const next = ordered.slice(place + 1).find((other) => +other.dataset.from >= +card.dataset.to);
      const minutes = next ? next.dataset.from - card.dataset.to : Infinity;
      if (minutes > +note.dataset.within || !town(card) || !town(next) || town(card) === town(next)) return [];
      const words = minutes === 0 ? note.dataset.none : minutes === 1 ? note.dataset.one : note.dataset.many;
      const item = document.createElement("li");
      item.textContent = words.replace("%n", minutes).replace("%a", town(card)).replace("%b", town(next));
      return [item];
    });
    note.hidden = !items.length;
    const said = items.map((item) => item.textContent).join("");
    if ($("hops").textContent !== said) $("hops").replaceChildren(...items); // read out once, not with each tick
  };

  const drawLine = (waits) => {
    if (!mayWait) return;
    $("line").hidden = !waits.length;
    $("line-picks").replaceChildren(...waits.map(pick));
    // One visit that is waited for leaves nothing to choose from.
    const wanted = form.elements.wanted;
    wanted.closest(".field").hidden = waits.length < 2;
    [...wanted.options].forEach((option) => { option.hidden = option.disabled = Number(option.value) >= waits.length; });
    if (wanted.selectedOptions[0].disabled) wanted.selectedIndex = 0;
    if (waits.length) say($("n3"), waits.length); else $("n3").textContent = "";
  };

  const draw = () => {
    const ticked = boxes.filter((box) => box.checked);
    const waits = ticked.filter(isWait);
    const chosen = ticked.filter((box) => !isWait(box));
    const cards = chosen.map(cardOf);
    const clash = (a) => cards.some((b) => a !== b && +a.dataset.from < +b.dataset.to && +b.dataset.from < +a.dataset.to);
    const clashing = cards.filter(clash);
    boxes.forEach((box) => cardOf(box).classList.toggle("clashing", clashing.includes(cardOf(box))));
    $("picks").replaceChildren(...chosen.map(pick));
    $("n").hidden = !chosen.length;
    $("n").querySelector("output").value = chosen.length;
    $("no-picks").hidden = ticked.length > 0 || $("gone") !== null;
    if (chosen.length || !waits.length) say($("n2"), chosen.length); else $("n2").textContent = "";
    $("clash").hidden = $("c2").hidden = !clashing.length;
    if ($("over")) $("over").hidden = chosen.length * people() <= $("over").dataset.most;
    drawHops(cards);
    drawLine(waits);
    if (key) remember(key, ticked.map((box) => box.value));
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
      settle(seats.closest(".visit").querySelector("input"));
    });
    draw();
  };
  if (form.dataset.live) {
    setInterval(refresh, 30_000);
    document.addEventListener("visibilitychange", refresh);
  }

  form.addEventListener("change", ({ target }) => {
    const box = boxes.find((each) => each.value === target.value && target.matches("[type=checkbox]"));
    if (box && target !== box && box.name === target.name) box.checked = target.checked; // its like in the tray
    $("gone")?.querySelectorAll("input").forEach((like) => { if (like.value === box?.value && isWait(box)) like.checked = box.checked; });
    if (box && form.dataset.live) settle(box);
    if (target.name === "seats") settleAll();
    if ((box || target.name === "seats") && $("my-visits")) draw();
    if (target.closest(".filter, .tabs")) count();
  });
  // A form restored by the browser's back button has its ticks, but not its tray; after booking, neither is wanted.
  addEventListener("pageshow", ({ persisted }) => {
    const [done] = form.dataset.edition ? remembered(doneKey(form.dataset.edition)) : [];
    const back = persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    if (done && back) {
      boxes.forEach((box) => { box.checked = false; });
      settleAll();
      document.querySelectorAll(".note.sum").forEach((note) => note.remove());
      $("already").hidden = false;
      $("already").querySelector("a").href = done;
    }
    settleAll(); // the browser may have put another number of people back
    if ($("my-visits")) draw();
    count();
  });
  addEventListener("resize", count);
  if ($("my-visits")) draw();
}
