// Questions are added, duplicated, moved and removed in place; a removed one can be brought back for thirty seconds.
// Without this file every button works by a round trip.
const form = document.getElementById("editor");
const list = document.getElementById("questions");
const blank = document.getElementById("blank-question").content.firstElementChild;
const told = document.getElementById("told");
const UNDO = 30000;

const keyOf = (question) => question.querySelector('[name="question"]').value;
const changed = () => form.dispatchEvent(new Event("input", { bubbles: true }));
const asking = (question) => question?.querySelector(".asking");
const waiting = new Set(); // keys of removed questions that may come back

function settingsOfKind(question, { fresh = false } = {}) {
  const choice = question.querySelector(".kind-choice");
  for (const set of question.querySelectorAll("[data-settings-of]")) set.hidden = set.disabled = set.dataset.settingsOf !== choice.value;
  const shuffled = question.querySelector('[name$="-shuffled"]');
  if (fresh) shuffled.checked = choice.selectedOptions[0].hasAttribute("data-nominal");
}

function renumber() {
  [...list.children].forEach((question, at) => {
    for (const words of question.querySelectorAll("[data-number]")) words.textContent = words.textContent.replace(/\d+/, at + 1);
    for (const words of question.querySelectorAll("[data-number-behind]")) words.textContent = ` ${at + 1}`;
    const handle = question.querySelector(".handle.big");
    const words = document.getElementById("blank-handle").content.firstElementChild.getAttribute("aria-label");
    handle?.setAttribute("aria-label", words.replace("{n}", at + 1));
  });
  document.dispatchEvent(new Event("questions-moved"));
  changed();
}

function freeKey() {
  const keys = [...[...list.children].map(keyOf), ...waiting].map((key) => Number(key) || 0);
  return String(Math.max(-1, ...keys) + 1);
}

function rename(question, from, to) {
  for (const node of [question, ...question.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for", "aria-describedby", "aria-labelledby", "data-hints-for"]) {
      const value = node.getAttribute(name);
      if (value) node.setAttribute(name, value.replaceAll(new RegExp(`\\bq-${from}(?=-|$)`, "g"), `q-${to}`));
    }
    if (node.matches("button[data-do]")) node.value = node.value.replace(`:${from}`, `:${to}`);
  }
  question.querySelector('[name="question"]').value = to;
  question.id = `q-${to}`;
}

function handled(question) {
  const handle = document.getElementById("blank-handle").content.firstElementChild.cloneNode(true);
  question.querySelector(".question-top .label").after(handle);
}

function place(question, after) {
  if (after) after.after(question);
  else list.append(question);
  handled(question);
  question.dispatchEvent(new CustomEvent("question-added", { bubbles: true }));
  settingsOfKind(question);
  renumber();
  asking(question).focus();
}

function add(kind) {
  const question = blank.cloneNode(true);
  rename(question, "zz", freeKey());
  if (kind) question.querySelector(".kind-choice").value = kind;
  settingsOfKind(question, { fresh: true });
  place(question);
}

function duplicate(question) {
  const copy = question.cloneNode(true);
  for (const made of copy.querySelectorAll(".lines, .lines ~ .hint:not([id]), .handle.big")) made.remove();
  for (const text of copy.querySelectorAll("[data-lines] > textarea")) text.hidden = false;
  const named = (node) => [...node.querySelectorAll("[name]")].filter((one) => !one.matches("button"));
  const from = named(question);
  named(copy).forEach((field, at) => {
    if (field.type === "checkbox") field.checked = from[at].checked;
    else field.value = from[at].value;
  });
  for (const field of copy.querySelectorAll('[name$="-section"], [name$="-section_intro"]')) field.value = "";
  copy.querySelector('[name$="-field_id"]')?.remove();
  copy.querySelector(".section-start").open = false;
  rename(copy, keyOf(question), freeKey());
  place(copy, question);
}

function remove(question) {
  if (list.children.length < 2) return;
  const key = keyOf(question);
  const after = question.previousElementSibling;
  const number = [...list.children].indexOf(question) + 1;
  (asking(question.nextElementSibling) ?? asking(after)).focus();
  question.remove();
  waiting.add(key);
  renumber();
  toast(form.dataset.removed.replace("{n}", number), () => {
    waiting.delete(key);
    if (after?.isConnected) after.after(question);
    else list.prepend(question);
    renumber();
    asking(question).focus();
    told.textContent = form.dataset.undone;
  }, () => {
    waiting.delete(key);
    document.dispatchEvent(new CustomEvent("question-gone", { detail: { key } }));
  });
}

// Stays for thirty seconds, and longer while somebody is on it.
function toast(words, undo, end) {
  const box = document.createElement("div");
  const said = document.createElement("p");
  const button = document.createElement("button");
  box.className = "toast";
  box.setAttribute("role", "status");
  Object.assign(said, { textContent: words });
  Object.assign(button, { type: "button", className: "button small", textContent: form.dataset.undo });
  box.append(said, button);
  document.getElementById("toasts").append(box);
  const over = () => {
    if (box.matches(":hover, :focus-within")) return setTimeout(over, 2000);
    box.remove();
    end();
  };
  const timer = setTimeout(over, UNDO);
  button.addEventListener("click", () => {
    clearTimeout(timer);
    box.remove();
    undo();
  });
}

function move(question, down) {
  const other = down ? question.nextElementSibling : question.previousElementSibling;
  if (!other) return;
  if (down) other.after(question);
  else other.before(question);
  renumber();
  const all = [...list.children];
  told.textContent = form.dataset.moved
    .replace("{words}", asking(question).value.trim())
    .replace("{n}", all.indexOf(question) + 1)
    .replace("{of}", all.length);
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  const wish = button?.dataset.do;
  if (!["add", "copy", "remove", "up", "down", "quiet"].includes(wish)) return;
  event.preventDefault();
  const question = button.closest("[data-question]");
  if (wish === "add") {
    add(button.dataset.kind);
    if (button.dataset.kind) button.closest("details").open = false;
  } else if (wish === "copy") duplicate(question);
  else if (wish === "remove") remove(question);
  else if (wish === "quiet") quiet(button);
  else {
    move(question, wish === "down");
    button.focus();
  }
});

function quiet(button) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "quiet", value: button.closest("[data-hint]").dataset.hint });
  form.append(field);
  const box = button.closest(".hints");
  button.closest("[data-hint]").remove();
  box.hidden = !box.children.length;
  changed();
}

form.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.target.matches(".handle.big") && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(event.target.closest("[data-question]"), event.key === "ArrowDown");
    event.target.focus();
  }
  // Enter after the question goes on to its options, as on paper
  if (event.key !== "Enter" || !event.target.matches(".asking")) return;
  event.preventDefault();
  const question = event.target.closest("[data-question]");
  [...question.querySelectorAll(".rows-field textarea, .options-field textarea")].find((one) => one.offsetParent)?.focus();
});

form.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest(".handle.big");
  if (!handle || event.button) return;
  event.preventDefault();
  const question = handle.closest("[data-question]");
  handle.setPointerCapture(event.pointerId);
  question.classList.add("dragged");
  // The neighbours move, not the question itself: taken out of the document, it would lose the pointer.
  const drag = ({ clientY }) => {
    const middle = (one) => (one.getBoundingClientRect().top + one.getBoundingClientRect().bottom) / 2;
    for (let next; (next = question.nextElementSibling) && clientY > middle(next);) question.before(next);
    for (let last; (last = question.previousElementSibling) && clientY < middle(last);) question.after(last);
  };
  handle.addEventListener("pointermove", drag);
  handle.addEventListener("lostpointercapture", () => {
    handle.removeEventListener("pointermove", drag);
    question.classList.remove("dragged");
    renumber();
    handle.focus();
  }, { once: true });
});

form.addEventListener("input", (event) => {
  if (!event.target.matches(".kind-choice")) return;
  settingsOfKind(event.target.closest("[data-question]"), { fresh: true });
}, { capture: true });

form.classList.add("scripted");
for (const question of list.children) {
  handled(question);
  settingsOfKind(question);
}
renumber();
