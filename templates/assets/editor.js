// The editor, made quicker: preview as you type, questions added in place, settings of the chosen kind only.
// Without this file every button still works by a round trip.
const form = document.getElementById("editor");
const list = document.getElementById("questions");
const frame = document.getElementById("preview");
const blank = document.getElementById("blank-question");
document.getElementById("update-preview").hidden = true;

const saved = document.getElementById("saved");
let touched = false;
let unsaved = false;
let away = false;
let saving = null;
let resting = 0;
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

// Two seconds after the last keystroke the draft is stored; one save at a time, so that its revision fits.
function rest(milliseconds = 2000) {
  touched = true;
  clearTimeout(resting);
  resting = setTimeout(() => {
    saving ??= save().finally(() => {
      saving = null;
      if (touched) rest(away ? 10000 : 2000);
    });
  }, milliseconds);
}

async function save() {
  touched = false;
  if (![...form.querySelectorAll("#title, .asking")].some((field) => field.value.trim())) return;
  say(saved.dataset.saving);
  const sent = new URLSearchParams(new FormData(form));
  sent.set("do", "autosave");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    const told = await answer.json();
    away = false;
    unsaved = !answer.ok;
    if (unsaved) say(told.error.message, true);
    else stored(told);
  } catch {
    touched = away = true;
    say(saved.dataset.away, true);
  }
}

function stored({ at, revision }) {
  if (location.pathname !== at) history.replaceState(null, "", at);
  form.action = at;
  form.dataset.preview = `${at}/preview`;
  form.elements.revision.value = revision;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
  say(saved.dataset.saved.replace("{time}", time));
}

function say(words, aloud = false) {
  if (aloud) saved.setAttribute("role", "alert");
  else saved.removeAttribute("role");
  saved.textContent = words;
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
  rest();
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
  rest();
  if (event.target.matches(".kind-choice")) settingsOfKind(event.target.closest("[data-question]"));
  soon();
});
form.addEventListener("submit", async (event) => {
  if (event.submitter?.formTarget) return;
  clearTimeout(resting);
  touched = unsaved = false;
  if (!saving) return;
  event.preventDefault();
  await saving;
  clearTimeout(resting);
  touched = unsaved = false;
  form.requestSubmit(event.submitter);
});
addEventListener("beforeunload", (event) => { if (touched || unsaved) event.preventDefault(); });

for (const question of list.children) settingsOfKind(question);
if (frame.contentDocument?.readyState === "complete" && frame.contentDocument.querySelector("main")) soon(0);
frame.addEventListener("load", () => soon(0), { once: true });
