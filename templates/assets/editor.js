// The editor, made quicker: preview as you type, questions added in place, settings of the chosen kind only.
// Without this file every button still works by a round trip.
const form = document.getElementById("editor");
const list = document.getElementById("questions");
const frame = document.getElementById("preview");
const blank = document.getElementById("blank-question");
document.getElementById("update-preview").hidden = true;

let touched = false;
let waiting = 0;
let asked = 0;

async function preview() {
  const mine = ++asked;
  const sent = new URLSearchParams(new FormData(form));
  let answer;
  try {
    answer = await fetch(form.dataset.preview, { method: "POST", body: sent });
  } catch {
    return; // away for a moment: the next keystroke tries again
  }
  if (!answer.ok || mine !== asked) return;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const shown = frame.contentDocument;
  const here = shown?.querySelector("main");
  if (!here || mine !== asked) return;
  shown.documentElement.lang = made.documentElement.lang;
  here.replaceWith(shown.adoptNode(made.querySelector("main")));
}

function soon(milliseconds = 200) {
  clearTimeout(waiting);
  waiting = setTimeout(preview, milliseconds);
}

function settingsOfKind(question) {
  const kind = question.querySelector(".kind-choice").value;
  for (const set of question.querySelectorAll("[data-settings-of]")) set.hidden = set.dataset.settingsOf !== kind;
}

function renumber() {
  [...list.children].forEach((question, at) => {
    for (const words of question.querySelectorAll("[data-number]")) words.textContent = words.textContent.replace(/\d+/, at + 1);
    for (const words of question.querySelectorAll("[data-number-behind]")) words.textContent = ` ${at + 1}`;
  });
}

function add() {
  const keys = [...list.querySelectorAll('[name="question"]')].map((field) => Number(field.value) || 0);
  const holder = document.createElement("div");
  holder.innerHTML = blank.innerHTML.replaceAll("q-zz", `q-${Math.max(-1, ...keys) + 1}`);
  const question = holder.firstElementChild;
  const key = String(Math.max(-1, ...keys) + 1);
  question.querySelector('[name="question"]').value = key;
  for (const button of question.querySelectorAll("[data-do]")) button.value = `${button.dataset.do}:${key}`;
  list.append(question);
  settingsOfKind(question);
  renumber();
  question.querySelector(".asking").focus();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  event.preventDefault();
  const question = button.closest("[data-question]");
  const wish = button.dataset.do;
  if (wish === "add") add();
  else if (wish === "remove") {
    const next = question.nextElementSibling ?? question.previousElementSibling;
    question.remove();
    next?.querySelector(".asking").focus();
  } else if (wish === "up" && question.previousElementSibling) {
    question.previousElementSibling.before(question);
    button.focus();
  } else if (wish === "down" && question.nextElementSibling) {
    question.nextElementSibling.after(question);
    button.focus();
  }
  renumber();
  touched = true;
  soon(0);
});

form.addEventListener("keydown", (event) => {
  // Enter after the question goes on to its options, as on paper
  if (event.key !== "Enter" || event.isComposing || !event.target.matches(".asking")) return;
  event.preventDefault();
  const options = event.target.closest("[data-question]").querySelector(".options-field");
  if (options.checkVisibility?.() ?? true) options.querySelector("textarea").focus();
});

form.addEventListener("input", (event) => {
  touched = true;
  if (event.target.matches(".kind-choice")) settingsOfKind(event.target.closest("[data-question]"));
  soon();
});
form.addEventListener("submit", () => { touched = false; });
addEventListener("beforeunload", (event) => { if (touched) event.preventDefault(); });

for (const question of list.children) settingsOfKind(question);
if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.querySelector("main")) soon(0);
frame.addEventListener("load", () => soon(0), { once: true });
