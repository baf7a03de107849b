// Charts: draws each .chart from its data-figure with Plotly, in the colours of the page: a color that begins with -- is the
// name of one. data-instead: the id of what the chart stands in for, data-hint: of a word that comes with it; without script, and
// where the chart has no room (.only-wide on a phone), all stays as it is, or a table holds the same.
// A point whose customdata is an address of ours leads there.
const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(name).trim();

function coloured(value, name = "") {
  if (typeof value === "string") return name === "color" && value.startsWith("--") ? token(value) : value;
  if (Array.isArray(value)) return value.map((one) => coloured(one, name));
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, coloured(v, k)]));
  return value;
}

function draw(place) {
  const figure = coloured(JSON.parse(place.dataset.figure));
  const ink = token("--ink"), muted = token("--muted"), line = token("--line");
  const font = { family: getComputedStyle(document.body).fontFamily, size: 14, color: ink };
  Object.assign(figure.layout, { font, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" });
  Object.assign(figure.layout.xaxis, { gridcolor: line, zerolinecolor: muted, tickfont: { color: muted, size: 12 } });
  Object.assign(figure.layout.yaxis, { color: ink });
  figure.layout.hoverlabel = { bgcolor: token("--card"), bordercolor: token("--edge"), font };
  place.hidden = false;
  if (!place.getClientRects().length) {
    place.hidden = true;
    return;
  }
  const named = (name) => name && document.getElementById(name);
  const instead = named(place.dataset.instead), hint = named(place.dataset.hint);
  if (instead) instead.hidden = true;
  if (hint) hint.hidden = false;
  Plotly.newPlot(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
  place.removeAllListeners("plotly_click");
  place.on("plotly_click", ({ points }) => {
    const to = points[0].customdata;
    if (typeof to === "string" && /^\/(?![/\\])/.test(to)) location.assign(to);
  });
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const drawAll = () => document.querySelectorAll(".chart").forEach(draw);
if (globalThis.Plotly) {
  drawAll();
  dark.addEventListener("change", drawAll);
  document.addEventListener("heard:figures", drawAll); // a live page has fresh ones
}
