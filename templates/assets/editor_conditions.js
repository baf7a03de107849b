// "Ask it only if …": conditions are added and taken out in place, and follow the questions they look at. What can be asked of a
// question, and its options, come with each preview from the server.
const form = document.getElementById("editor");
const list = document.getElementById("questions");
const blank = document.getElementById("blank-condition").content.firstElementChild;
let targets = new Map();

const keyOf = (question) => question.querySelector('[name="question"]').value;
const changed = (node) => node.dispatchEvent(new Event("input", { bubbles: true }));

function add(question) {
  const key = keyOf(question);
  const holder = question.querySelector("[data-conditions] ul");
  const taken = [...holder.querySelectorAll(`[name="q-${key}-if"]`)].map((field) => Number(field.value) || 0);
  const own = String(Math.max(-1, ...taken) + 1);
  const fresh = blank.cloneNode(true);
  for (const node of [fresh, ...fresh.querySelectorAll("*")]) {
    for (const name of ["id", "name", "for"]) {
      const value = node.getAttribute(name);
      if (value) node.setAttribute(name, value.replace("q-zz-if-yy", `q-${key}-if-${own}`).replace("q-zz-if", `q-${key}-if`));
    }
  }
  fresh.querySelector("[type=hidden]").value = own;
  fresh.querySelector('[data-do="unif"]').value = `unif:${key}:${own}`;
  holder.append(fresh);
  const earlier = question.previousElementSibling;
  refresh(question);
  const on = fresh.querySelector(".condition-on");
  if (earlier) on.value = keyOf(earlier);
  fit(fresh);
  on.focus();
}

// The questions in front of this one, the chosen one in any case.
function refresh(question) {
  const before = [...list.children].slice(0, [...list.children].indexOf(question));
  for (const on of question.querySelectorAll(".condition-on")) {
    const chosen = on.value;
    const earlier = before.map((one) => [keyOf(one), targets.get(keyOf(one))?.words ?? one.querySelector(".label").textContent]);
    if (chosen && !before.some((one) => keyOf(one) === chosen)) {
      earlier.push([chosen, document.getElementById(`q-${chosen}`) ? targets.get(chosen)?.words ?? chosen : form.dataset.gone]);
    }
    on.replaceChildren(on.options[0], ...earlier.map(([key, words]) => new Option(words, key, false, key === chosen)));
    on.value = chosen;
  }
}

// Operators and options that the chosen question has. What was ticked and is not there any more stays, ticked.
function fit(condition) {
  const target = targets.get(condition.querySelector(".condition-on").value);
  if (!target) return;
  const op = condition.querySelector(".condition-op");
  const all = [...blank.querySelector(".condition-op").options].map((one) => one.cloneNode(true));
  const chosen = target.operators.includes(op.value) ? op.value : target.operators[0];
  op.replaceChildren(...all.filter((one) => target.operators.includes(one.value)));
  op.value = chosen;
  const box = condition.querySelector(".condition-options");
  const name = condition.querySelector(".condition-number input").name.replace(/number$/, "option");
  const ticked = new Set([...box.querySelectorAll(":checked")].map((one) => one.value));
  const gone = [...box.querySelectorAll(":checked")].filter((one) => !target.label.includes(one.value)).map((one) => one.closest("label"));
  const chips = target.label.map((words) => {
    const chip = document.createElement("label");
    const tick = document.createElement("input");
    const said = document.createElement("span");
    chip.className = "chip";
    Object.assign(tick, { type: "checkbox", name, value: words, checked: ticked.has(words) });
    Object.assign(said, { dir: "auto", textContent: words });
    chip.append(tick, said);
    return chip;
  });
  const at = box.contains(document.activeElement) ? document.activeElement.value : null;
  box.replaceChildren(box.querySelector("legend"), ...chips, ...gone);
  if (at !== null) [...box.querySelectorAll("input")].find((one) => one.value === at)?.focus();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest('[data-do="if"], [data-do="unif"]');
  if (!button) return;
  event.preventDefault();
  const question = button.closest("[data-question]");
  if (button.dataset.do === "if") add(question);
  else {
    button.closest("[data-condition]").remove();
    question.querySelector('[data-do="if"]').focus();
  }
  changed(question);
});

form.addEventListener("input", (event) => {
  if (event.target.matches(".condition-on")) fit(event.target.closest("[data-condition]"));
}, { capture: true });

document.addEventListener("previewed", ({ detail }) => {
  targets = detail.targets;
  for (const question of list.children) {
    refresh(question);
    for (const condition of question.querySelectorAll("[data-condition]")) fit(condition);
  }
});
document.addEventListener("questions-moved", () => { for (const question of list.children) refresh(question); });

// Conditions that look at a question whose thirty seconds are over go too, and that is said.
document.addEventListener("question-gone", ({ detail: { key } }) => {
  const lost = [...form.querySelectorAll(".condition-on")].filter((on) => on.value === key);
  for (const on of lost) on.closest("[data-condition]").remove();
  if (!lost.length) return;
  document.getElementById("told").textContent = form.dataset.lost;
  changed(form);
});
