// Charts of a brief: draws each .chart from its data-figure with Plotly, in the colours of the page. Without script
// the tables below hold the same figures.
const style = getComputedStyle(document.documentElement);
const token = (name) => style.getPropertyValue(name).trim();

function draw(place) {
  const figure = JSON.parse(place.dataset.figure);
  const ink = token("--ink"), muted = token("--muted"), line = token("--line");
  const font = { family: getComputedStyle(document.body).fontFamily, size: 14, color: ink };
  // one kind of bar in the page's colour, several in those of charts
  figure.data.forEach((trace, at) => {
    const color = token(figure.data.length > 1 ? `--c${(at % 7) + 1}` : "--accent");
    Object.assign(trace, { marker: { color }, line: { color } });
  });
  Object.assign(figure.layout, { font, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)" });
  Object.assign(figure.layout.xaxis, { gridcolor: line, zerolinecolor: muted, tickfont: { color: muted, size: 12 } });
  Object.assign(figure.layout.yaxis, { color: ink });
  place.hidden = false;
  Plotly.newPlot(place, figure.data, figure.layout, { displayModeBar: false, responsive: true });
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const drawAll = () => document.querySelectorAll(".chart").forEach(draw);
if (globalThis.Plotly) {
  drawAll();
  dark.addEventListener("change", drawAll);
  document.addEventListener("heard:figures", drawAll); // a live page has fresh ones
}
