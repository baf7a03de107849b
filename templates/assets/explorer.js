// The results explorer. Without this file everything is there: bars, tables, forms, links.
// 1. Plotly's chart stands where the bars of a question stand, so that it takes their place once it is drawn.
// 2. An open poll tells of new answers: a line says so, at most every ten seconds, and the figures are fetched anew.
const EVERY = 10000;

const narrow = matchMedia("(max-width: 40rem)"); // there the bars of the page read better than any chart

function place(root) {
  if (narrow.matches) for (const chart of root.querySelectorAll(".chart")) chart.remove();
  for (const chart of root.querySelectorAll(".of-kind > .chart")) {
    const bars = chart.parentElement.querySelector(".shares, .stances, .stack > .stack.loose");
    if (!bars) continue;
    bars.classList.add("drawn");
    bars.before(chart);
  }
}
place(document);

// A card that lists filters closes as a menu does.
const filters = document.getElementById("filters");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && filters?.open) {
    filters.open = false;
    filters.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  if (filters?.open && !filters.contains(event.target)) filters.open = false;
});

const live = document.querySelector("#live[data-live]");
if (live && globalThis.EventSource) {
  let first = null, shown = 0, waiting = null, last = 0;

  const renew = async () => {
    waiting = null;
    last = Date.now();
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of ["so-many", "figures"]) {
      const here = document.getElementById(id), there = fresh.getElementById(id);
      if (!here || !there || here.contains(document.activeElement)) continue; // nothing moves under a hand
      const open = [...here.querySelectorAll("details")].map((one) => one.open);
      here.replaceChildren(...there.childNodes);
      [...here.querySelectorAll("details")].forEach((one, at) => { one.open = Boolean(open[at]); });
      place(here);
    }
    document.dispatchEvent(new Event("heard:figures"));
    const more = shown - first;
    if (more > 0) live.textContent = more === 1 ? live.dataset.one : live.dataset.more.replace("#", more.toLocaleString(document.documentElement.lang));
  };

  const stream = new EventSource(live.dataset.live);
  stream.addEventListener("n", (event) => {
    const n = Number(event.data);
    if (first === null) first = shown = n;
    if (n === shown) return;
    shown = n;
    waiting ??= setTimeout(renew, Math.max(0, last + EVERY - Date.now()));
  });
  stream.addEventListener("closed", () => {
    stream.close();
    live.textContent = live.dataset.closed;
  });
  addEventListener("pagehide", () => stream.close());
}
