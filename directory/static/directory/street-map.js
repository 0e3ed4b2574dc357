/* The list once more, as pins on a street map. The list stays as it is; nothing is fetched before somebody
   opens the map, and in the same visit it stays as open as it was left. */
const KEY = "street-map";
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

const wasOpen = () => { try { return sessionStorage.getItem(KEY) === "open"; } catch { return false; } };
const remember = (open) => { try { sessionStorage.setItem(KEY, open ? "open" : ""); } catch { /* storage is off */ } };

const element = (tag, words, attributes = {}) => {
  const made = document.createElement(tag);
  made.textContent = words;
  for (const [name, value] of Object.entries(attributes)) if (value) made.setAttribute(name, value);
  return made;
};

// What is said of a spot: what is there, by number and name, and its address.
const words = ({ rows, address }) => {
  const made = document.createElement("div");
  for (const { number, name, lang, url } of rows) {
    const line = element("p", `${number}. `);
    line.append(element(url ? "a" : "b", name, { href: url, lang }));
    made.append(line);
  }
  made.append(element("p", address, { class: "meta" }));
  return made;
};

const numbersOf = (rows) => {
  const numbers = [...new Set(rows.map(({ number }) => number))];
  return numbers.length > 3 ? `${numbers[0]} +${numbers.length - 1}` : numbers.join(", ");
};

function pin(map, spot, close) {
  const icon = L.divIcon({ className: "pin", html: element("span", numbersOf(spot.rows)), iconSize: null, popupAnchor: [0, -14] });
  const marker = L.marker(spot.at, { icon, riseOnHover: true }).addTo(map);
  const button = marker.getElement();
  button.setAttribute("aria-label", `${spot.rows.map(({ number, name }) => `${number}. ${name}`).join("; ")}. ${spot.address}`);
  button.setAttribute("aria-haspopup", "dialog");
  marker.bindPopup(words(spot), { minWidth: 160, maxWidth: 260 });
  button.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    marker.openPopup();
  });
  // The keyboard goes in with the words, and comes back to the pin when they close.
  marker.on("popupopen", ({ popup }) => {
    const box = popup.getElement();
    const x = box.querySelector(".leaflet-popup-close-button");
    x.setAttribute("aria-label", close);
    x.title = close;
    (box.querySelector(".leaflet-popup-content a") ?? x).focus();
    box.addEventListener("keydown", ({ key }) => { if (key === "Escape") marker.closePopup(); });
  });
  marker.on("popupclose", ({ popup }) => {
    const { activeElement: at, body } = document;
    if (at === body || popup.getElement()?.contains(at)) button.focus();
  });
}

function draw(fold) {
  const box = fold.querySelector(".streets");
  if (box.dataset.drawn) return;
  box.dataset.drawn = "yes";
  const spots = JSON.parse(box.dataset.pins);
  const map = L.map(box, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, minZoom: 9, maxZoom: 18,
    zoomAnimation: !calm, fadeAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
  });
  map.fitBounds(spots.map(({ at }) => at), { padding: [32, 32], maxZoom: 16, animate: false });
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out }).addTo(map);
  // The server may ask which site its pictures are for; which page, it need not know.
  const tiles = L.tileLayer(box.dataset.tiles, { minZoom: 9, maxZoom: 18, referrerPolicy: "strict-origin" });
  tiles.on("tileerror", () => { fold.querySelector(".err").hidden = false; });
  tiles.addTo(map);
  for (const spot of spots) pin(map, spot, box.dataset.closeWords);
}

function wake() {
  for (const fold of document.querySelectorAll("[data-street-map][hidden]")) {
    fold.hidden = false;
    fold.addEventListener("toggle", () => {
      remember(fold.open);
      if (fold.open) draw(fold);
    });
    if (wasOpen()) fold.open = true;
  }
}

// A filter brings a new list, and with it a new map.
addEventListener("htmx:afterSettle", wake);
wake();
