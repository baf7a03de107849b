// What people will see follows the typing: the ballot or a post in the frame, advice under its field, time and rules in words.
const form = document.getElementById("editor");
const frame = document.getElementById("preview");
const places = document.getElementById("places");
let place = "phone";
let waiting = 0;
let asked = 0;

async function preview() {
  const mine = ++asked;
  const sent = new URLSearchParams(new FormData(form));
  let answer;
  try {
    answer = await fetch(`${form.dataset.preview}?place=${place}`, { method: "POST", body: sent });
  } catch {
    return; // away for a moment: the next keystroke tries again
  }
  if (!answer.ok || mine !== asked) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = frame.contentDocument;
  const here = shown?.querySelector("main");
  if (!here || mine !== asked) return;
  const beside = made.getElementById("beside");
  beside.remove();
  shown.documentElement.lang = made.documentElement.lang;
  const top = shown.querySelector("header.top");
  if (top) top.hidden = place !== "phone";
  here.replaceWith(shown.adoptNode(made.querySelector("main")));
  document.getElementById("minutes").textContent = beside.querySelector("[data-minutes]").textContent;
  document.getElementById("rules").textContent = beside.querySelector("[data-rules]").textContent;
  advise(beside);
  document.dispatchEvent(new CustomEvent("previewed", { detail: { sent, targets: targetsIn(beside) } }));
}

// A hint that stands there already stays as it is, so that nobody loses the button they are on.
function advise(beside) {
  for (const box of form.querySelectorAll("[data-hints-for]")) {
    const fresh = [...beside.querySelectorAll(`[data-for="${box.dataset.hintsFor}"] [data-hint]`)];
    const words = (nodes) => nodes.map((node) => node.textContent).join("\n");
    if (words(fresh) !== words([...box.children])) box.replaceChildren(...fresh.map((node) => document.adoptNode(node)));
    box.hidden = !box.children.length;
  }
}

function targetsIn(beside) {
  const found = new Map();
  for (const one of beside.querySelector("#targets").content.children) {
    const words = (as) => [...one.querySelectorAll(`[data-as="${as}"]`)].map((item) => item.textContent);
    const { key, operators } = one.dataset;
    found.set(key, { words: one.dataset.words, operators: operators.split(" "), label: words("label"), options: words("options"), rows: words("rows") });
  }
  return found;
}

function soon(milliseconds = 120) {
  clearTimeout(waiting);
  waiting = setTimeout(preview, milliseconds);
}

places.addEventListener("click", (event) => {
  const button = event.target.closest("[data-place]");
  if (!button) return;
  event.preventDefault();
  place = button.dataset.place;
  for (const one of places.children) one.setAttribute("aria-pressed", String(one === button));
  soon(0);
});
form.addEventListener("input", () => soon());
if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.querySelector("main")) soon(0);
frame.addEventListener("load", () => soon(0), { once: true });
