// The draft is saved by itself, two seconds after the first change that is not saved yet: a browser that dies takes at most three
// seconds with it. Somebody else's change stops that until it was looked at. A published poll is saved by its button only.
const form = document.getElementById("editor");
const saved = document.getElementById("saved");
const LARGEST = 4 * 1024 * 1024 - 4096; // what the server takes (heard/edge.py)

let byHand = "byHand" in form.dataset;
let touched = false;
let unsaved = false;
let away = false;
let saving = null;
let resting = 0;

const typed = () => new URLSearchParams(new FormData(form));

function changed() {
  unsaved = touched = true;
  if (byHand) return say(saved.dataset.byHand);
  if (!resting && !saving) rest(2000);
}

function rest(milliseconds) {
  resting = setTimeout(() => {
    resting = 0;
    saving = save().finally(() => {
      saving = null;
      if (touched && !byHand) rest(away ? 10000 : 2000);
    });
  }, milliseconds);
}

async function save(more = {}) {
  touched = false;
  if (![...form.querySelectorAll("#title, .asking")].some((field) => field.value.trim())) return;
  say(saved.dataset.saving);
  const sent = typed();
  sent.set("do", "autosave");
  if (String(sent).length > LARGEST) return say(form.dataset.tooLarge, true);
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent, ...more });
    const told = await answer.json();
    away = false;
    unsaved = !answer.ok || touched;
    if (answer.ok) stored(told);
    else refused(told.error);
  } catch {
    touched = away = unsaved = true;
    say(saved.dataset.away, true);
  }
}

function stored({ at, revision }) {
  if (location.pathname !== at) history.replaceState(null, "", at);
  form.action = at;
  form.dataset.preview = `${at}/preview`;
  for (const button of document.querySelectorAll("[formaction*='/preview']")) {
    button.setAttribute("formaction", button.getAttribute("formaction").replace(/^.*\/preview/, form.dataset.preview));
  }
  form.elements.revision.value = revision;
  const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  say(saved.dataset.saved.replace("{time}", time));
}

function refused({ code, message }) {
  say(message, true);
  if (code === "bad_input") return;
  byHand = true; // what somebody else did is looked at first
  const see = document.createElement("button");
  Object.assign(see, { name: "do", value: "save", className: "button small", textContent: saved.dataset.see });
  saved.append(" ", see);
}

function say(words, aloud = false) {
  if (aloud) saved.setAttribute("role", "alert");
  else saved.removeAttribute("role");
  saved.textContent = words;
}

// A draft that was saved and not published may have a new address, with its new title.
const here = new URL(form.action).pathname;
if (location.pathname !== here) history.replaceState(null, "", here);

// Escape closes the list of kinds and leads back to where it was opened.
form.addEventListener("keydown", (event) => {
  const kinds = event.key === "Escape" && event.target.closest("details.kinds[open]");
  if (!kinds) return;
  kinds.open = false;
  kinds.querySelector("summary").focus();
});

form.addEventListener("input", changed);
form.addEventListener("submit", async (event) => {
  if (event.submitter?.formTarget) return;
  if (String(typed()).length > LARGEST) {
    event.preventDefault();
    return say(form.dataset.tooLarge, true);
  }
  clearTimeout(resting);
  touched = unsaved = false;
  if (!saving) return;
  event.preventDefault();
  await saving;
  clearTimeout(resting);
  touched = unsaved = false;
  form.requestSubmit(event.submitter);
});
// Put away with something unsaved, on a phone: perhaps for good.
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden" || !touched || byHand || saving) return;
  clearTimeout(resting);
  resting = 0;
  saving = save({ keepalive: String(typed()).length < 60000 }).finally(() => { saving = null; });
});
addEventListener("beforeunload", (event) => { if (touched || unsaved) event.preventDefault(); });
