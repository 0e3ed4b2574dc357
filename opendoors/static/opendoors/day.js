/* The list on a host's phone, on a bad connection: each tap is kept on the phone with its moment, sent when
   it can be, and forgotten once the server has it. Sent twice it changes nothing; the later tap wins there. */
const form = document.getElementById("sheet");
const status = document.getElementById("sent");
if (form && status) start();

function start() {
  const why = document.getElementById("why");
  const key = `sheet-${form.dataset.visit}`;
  const WALK_INS = "walk_ins";
  const ALL = "all"; // all others are here: what is said of one person counts more
  const walkIns = form.elements[WALK_INS];
  const wrong = document.getElementById("walk-ins-wrong");
  let memory = {}; // where storage is off: better than nothing
  let sending = false;
  let asked = false; // whether the server has said how the list stands: this page may have left it before the last tap arrived
  let again = 0;
  let pause = 2_000;

  // Read anew each time: the same list may be open twice.
  const kept = () => {
    try { return JSON.parse(localStorage.getItem(key)) ?? {}; } catch { return memory; }
  };
  const keep = (taps) => {
    memory = taps;
    try {
      if (Object.keys(taps).length) localStorage.setItem(key, JSON.stringify(taps));
      else localStorage.removeItem(key);
    } catch { /* storage is off: memory holds it */ }
  };

  const name = (row) => (row === WALK_INS || row === ALL ? row : `a-${row}`);
  const everybody = () => [...form.querySelectorAll(".person")];
  // Of a team: how many came. Nothing for one person alone.
  const numberOf = (row) => form.elements[`n-${row}`];
  const put = (row, value, number) => {
    form.elements[name(row)].value = value;
    if (number && numberOf(row)) numberOf(row).value = number;
  };
  const show = (row, value, number) => {
    const field = form.elements[name(row)];
    if (!field) return;
    if (number && numberOf(row)) numberOf(row).value = form.elements[`was-n-${row}`].value = number;
    // What is being put right stays to be put right.
    if (row !== WALK_INS || wrong.hidden) field.value = value;
    const before = form.elements[`was-${row}`];
    if (before) before.value = value;
  };

  // What waits is shown as it was tapped, whatever the page came with. First of all, so that no words go before it.
  const lay = () => {
    const taps = kept();
    for (const person of taps[ALL] ? everybody() : []) {
      const field = form.elements[name(person.dataset.row)];
      if (!field.value) field.value = taps[ALL].value;
    }
    for (const [row, { value, number }] of Object.entries(taps)) {
      if (row === ALL) continue;
      const field = form.elements[name(row)];
      if (field && (row !== WALK_INS || wrong.hidden)) put(row, value, number);
    }
  };

  const draw = (words = "") => {
    lay();
    const rows = Object.keys(kept());
    const { one, many, none } = form.dataset;
    const all = asked && wrong.hidden ? none : "";
    status.textContent = rows.length === 0 ? all : rows.length === 1 ? one : many.replace("%n", rows.length);
    why.textContent = words;
    for (const person of everybody()) {
      const { row } = person.dataset;
      const was = form.elements[`was-${row}`].value;
      person.classList.toggle("waits", rows.includes(row) || (rows.includes(ALL) && !was));
    }
  };

  const later = () => {
    clearTimeout(again);
    again = setTimeout(send, pause);
    pause = Math.min(pause * 2, 30_000);
  };

  async function send() {
    const taps = kept();
    if (sending || (asked && !Object.keys(taps).length)) return;
    sending = true;
    clearTimeout(again);
    const body = new FormData();
    body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    for (const [row, { value, at, number }] of Object.entries(taps)) {
      body.set(name(row), value);
      if (number) body.set(`n-${row}`, number);
      if (row !== ALL) body.set(`ago-${row}`, (Date.now() - at) / 1000);
    }
    let words = "";
    try {
      const answer = await fetch(location.pathname, {
        method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(20_000),
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error(answer.status);
      if (!answer.headers.get("content-type")?.includes("json")) {
        words = form.dataset.old;
      } else {
        const { rows, came, walk_ins: number, problem } = await answer.json();
        words = problem;
        asked = true;
        if (answer.ok) arrived(taps, { ...rows, [WALK_INS]: number }, came);
        pause = 2_000;
      }
    } catch {
      words = form.dataset.offline;
      later();
    }
    sending = false;
    draw(words);
    // What was tapped while this was on its way.
    if (!words) send();
  }

  // What the server has is forgotten, unless it was tapped anew meanwhile; what it says of the others is shown.
  const arrived = (sent, noted, came) => {
    const now = kept();
    for (const [row, { at }] of Object.entries(sent)) if (now[row]?.at === at) delete now[row];
    keep(now);
    for (const [row, value] of Object.entries(noted)) {
      if (!(row in now) && (row !== WALK_INS || row in sent)) show(row, value, came[row]);
    }
  };

  const said = (row, value) => ({ value, at: Date.now(), number: numberOf(row)?.value });
  const tap = (row, value) => {
    keep({ ...kept(), [row]: said(row, value) });
    draw(why.textContent);
    pause = 2_000;
    send();
  };

  // A number that was noted is corrected, not emptied: nothing was said by that.
  const checkWalkIns = () => {
    const emptied = walkIns.value === "" && form.elements[`was-${WALK_INS}`].value !== "";
    const isRight = walkIns.checkValidity() && !emptied;
    wrong.hidden = isRight;
    walkIns.setAttribute("aria-invalid", String(!isRight));
    walkIns.setAttribute("aria-describedby", isRight ? "walk-ins-hint" : "walk-ins-wrong walk-ins-hint");
    return isRight;
  };

  form.addEventListener("change", ({ target }) => {
    if (target.name === WALK_INS) {
      if (checkWalkIns() && target.value !== "") tap(WALK_INS, target.value);
      else draw(why.textContent);
    } else if (target.name.startsWith("a-")) tap(target.name.slice(2), target.value);
    else if (target.name.startsWith("n-")) {
      const row = target.name.slice(2);
      form.elements[name(row)].value = "present"; // how many came is said of who is here
      tap(row, "present");
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  const all = form.elements[ALL];
  if (all) {
    all.type = "button"; // it is a tap like the others, no way to send the form
    all.addEventListener("click", () => tap(ALL, all.value));
  }
  addEventListener("online", send);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  addEventListener("storage", (event) => { if (event.key === key) draw(why.textContent); });

  // Each tap is sent by itself: the button would only say so again.
  document.getElementById("save").hidden = true;
  // What was tapped before this script was there is newer than what was kept.
  for (const person of everybody()) {
    const { row } = person.dataset;
    const { value } = form.elements[name(row)];
    const isOtherNumber = numberOf(row) && numberOf(row).value !== form.elements[`was-n-${row}`].value;
    if (value && (value !== form.elements[`was-${row}`].value || isOtherNumber)) keep({ ...kept(), [row]: said(row, value) });
  }
  draw();
  send();
}
