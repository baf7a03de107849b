// Options and rows as lines of their own. The textarea stays what is sent: every change of a line is written into it.
// Enter adds a line, Backspace in an empty one takes it out, Alt with an arrow (or an arrow on the handle, or a drag) moves it.
const form = document.getElementById("editor");
const told = document.getElementById("told");
const blank = document.getElementById("blank-line").content.firstElementChild;
const MOST = 200; // more lines than this are quicker to edit as text

const lists = new WeakMap(); // the field → its list, while it stands there as lines

function linesOf(text) {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim());
}

function enhance(field) {
  const text = field.querySelector("textarea");
  const list = document.createElement("ol");
  list.className = "lines";
  list.setAttribute("role", "list");
  list.setAttribute("aria-label", field.querySelector("label").textContent);
  const many = document.createElement("p");
  many.className = "hint below";
  many.textContent = form.dataset.many;
  text.before(list);
  text.after(many);
  lists.set(field, { list, text, many });
  show(field);
}

function show(field) {
  const { list, text, many } = lists.get(field);
  const lines = linesOf(text.value);
  const asLines = lines.length <= MOST && text.value.length < 40000;
  list.hidden = !asLines;
  text.hidden = asLines;
  many.hidden = asLines;
  const label = field.querySelector("label");
  label.classList.toggle("vh", asLines);
  if (!asLines) return list.replaceChildren();
  const given = [...field.querySelectorAll("[data-settings-of]")].some((one) => !one.hidden); // it brings its own
  const least = given ? 0 : field.dataset.lines === "row" ? 1 : 2;
  while (lines.length < least) lines.push("");
  list.replaceChildren(...lines.map((line) => made(field, line)), made(field, ""));
  renumber(field);
}

function made(field, words) {
  const line = blank.cloneNode(true);
  const box = line.querySelector("textarea");
  box.value = words;
  if (field.dataset.lines === "row") box.placeholder = box.dataset.rowPlaceholder;
  return line;
}

// The last line is always an empty one that asks for more; it has neither handle nor cross.
function renumber(field) {
  const { list } = lists.get(field);
  const row = field.dataset.lines === "row";
  [...list.children].forEach((line, at, all) => {
    const box = line.querySelector("textarea");
    const last = at === all.length - 1;
    line.classList.toggle("next", last);
    box.placeholder = last ? (row ? box.dataset.rowPlaceholder : blank.querySelector("textarea").placeholder) : "";
    const name = (row ? box.dataset.row : blank.querySelector("textarea").getAttribute("aria-label")).replace("{n}", at + 1);
    box.setAttribute("aria-label", name);
    for (const button of line.querySelectorAll("button")) {
      button.hidden = last;
      const words = blank.querySelector(`.${button.className.split(" ")[0]}`).getAttribute("aria-label");
      button.setAttribute("aria-label", words.replace("{n}", box.value.trim() ? `“${box.value.trim().slice(0, 80)}”` : name));
    }
  });
}

function write(field, { quietly = false } = {}) {
  const { list, text } = lists.get(field);
  text.value = [...list.querySelectorAll("textarea")].map((box) => box.value.trim()).filter(Boolean).join("\n");
  if (!list.lastElementChild || list.lastElementChild.querySelector("textarea").value) list.append(made(field, ""));
  renumber(field);
  if (!quietly) text.dispatchEvent(new Event("input", { bubbles: true }));
}

// Several lines in one line, pasted or put there: each gets its own. The marks in front are taken away by the server.
function split(field, line) {
  const box = line.querySelector("textarea");
  if (!/[\r\n]/.test(box.value)) return false;
  const parts = linesOf(box.value);
  const { list, text } = lists.get(field);
  field.dataset.pasted = "yes";
  const others = [...list.children].filter((other) => other !== line).length;
  if (others + parts.length > MOST || box.value.length > 40000) {
    text.value = [...list.children].flatMap((one) => linesOf(one.querySelector("textarea").value)).join("\n");
    show(field);
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
    return true;
  }
  box.value = parts.shift() ?? "";
  let last = line;
  for (const part of parts) {
    const fresh = made(field, part);
    last.after(fresh);
    last = fresh;
  }
  write(field);
  const end = last.querySelector("textarea");
  end.focus();
  end.setSelectionRange(end.value.length, end.value.length);
  return true;
}

function move(field, line, down) {
  const { list } = lists.get(field);
  const other = down ? line.nextElementSibling : line.previousElementSibling;
  if (!other || other.classList.contains("next") || line.classList.contains("next")) return;
  if (down) other.after(line);
  else other.before(line);
  write(field);
  say(field, line);
}

function say(field, line) {
  const all = [...lists.get(field).list.children];
  told.textContent = form.dataset.moved
    .replace("{words}", line.querySelector("textarea").value.trim())
    .replace("{n}", all.indexOf(line) + 1)
    .replace("{of}", all.length - 1);
}

function drop(field, line) {
  const beside = line.previousElementSibling ?? line.nextElementSibling;
  line.remove();
  write(field);
  beside?.querySelector("textarea").focus();
}

const place = (event) => {
  const line = event.target.closest?.(".line");
  const field = line?.closest("[data-lines]");
  return field && lists.has(field) ? { line, field } : null;
};

form.addEventListener("keydown", (event) => {
  const here = place(event);
  if (!here || event.isComposing) return;
  const { line, field } = here;
  const box = event.target.matches("textarea") ? event.target : null;
  const arrow = event.key === "ArrowUp" || event.key === "ArrowDown";
  if (arrow && (event.altKey || event.target.matches(".handle"))) {
    event.preventDefault();
    move(field, line, event.key === "ArrowDown");
    event.target.focus();
  } else if (box && event.key === "Enter") {
    event.preventDefault();
    event.stopPropagation();
    if (line.classList.contains("next") && !box.value) return;
    const rest = box.value.slice(box.selectionEnd).trim();
    const free = line.nextElementSibling?.querySelector("textarea");
    const fresh = !rest && free && !free.value ? line.nextElementSibling : made(field, rest);
    box.value = box.value.slice(0, box.selectionStart);
    if (fresh !== line.nextElementSibling) line.after(fresh);
    write(field);
    const next = fresh.querySelector("textarea");
    next.focus();
    next.setSelectionRange(0, 0);
  } else if (box && event.key === "Backspace" && !box.value && line.previousElementSibling) {
    event.preventDefault();
    const before = line.previousElementSibling.querySelector("textarea");
    if (!line.classList.contains("next")) drop(field, line);
    before.focus();
    before.setSelectionRange(before.value.length, before.value.length);
  } else if (box && arrow && !event.shiftKey) {
    const beside = event.key === "ArrowDown" ? line.nextElementSibling : line.previousElementSibling;
    if (!beside || box.scrollHeight > 60) return;
    event.preventDefault();
    beside.querySelector("textarea").focus();
  }
});

form.addEventListener("input", (event) => {
  const here = place(event);
  if (!here) return;
  event.stopImmediatePropagation(); // the textarea tells the others
  if (!split(here.field, here.line)) write(here.field);
}, { capture: true });

form.addEventListener("paste", (event) => {
  const here = place(event);
  const words = event.clipboardData?.getData("text/plain") ?? "";
  if (!here) return;
  here.field.dataset.pasted = "yes";
  if (!/[\r\n]/.test(words.trim())) return;
  event.preventDefault(); // a browser takes minutes to put ten thousand lines into one field
  const box = here.line.querySelector("textarea");
  box.setRangeText(words, box.selectionStart, box.selectionEnd, "end");
  split(here.field, here.line);
});

form.addEventListener("click", (event) => {
  const here = event.target.closest(".drop") && place(event);
  if (here) drop(here.field, here.line);
});

form.addEventListener("pointerdown", (event) => {
  const here = event.target.closest(".line .handle") && place(event);
  if (!here || event.button) return;
  event.preventDefault();
  const { line, field } = here;
  const handle = event.target.closest(".handle");
  handle.setPointerCapture(event.pointerId);
  line.classList.add("dragged");
  // The neighbours move, not the line itself: taken out of the document, it would lose the pointer.
  const drag = ({ clientY }) => {
    const middle = (one) => one.getBoundingClientRect().top + one.getBoundingClientRect().height / 2;
    for (let next; (next = line.nextElementSibling) && !next.classList.contains("next") && clientY > middle(next);) line.before(next);
    for (let last; (last = line.previousElementSibling) && clientY < middle(last);) line.after(last);
  };
  const end = () => {
    handle.removeEventListener("pointermove", drag);
    line.classList.remove("dragged");
    write(field);
    say(field, line);
    handle.focus();
  };
  handle.addEventListener("pointermove", drag);
  handle.addEventListener("lostpointercapture", end, { once: true });
});

// What was pasted stands as the server reads it: without numbers and bullets, cells apart.
document.addEventListener("previewed", ({ detail: { sent, targets } }) => {
  for (const field of form.querySelectorAll("[data-lines][data-pasted]")) {
    const it = lists.get(field);
    const [, key, name] = it.text.name.match(/^q-([0-9a-z]+)-(.+)$/);
    const read = targets.get(key)?.[name];
    if (!read?.length || sent.get(it.text.name)?.replaceAll("\r\n", "\n") !== it.text.value) continue;
    delete field.dataset.pasted;
    const words = read.join("\n");
    if (words === it.text.value) continue;
    const typing = it.list.contains(document.activeElement);
    it.text.value = words;
    show(field);
    if (typing) {
      const end = [...it.list.querySelectorAll("textarea")].at(-2);
      end?.focus();
      end?.setSelectionRange(end.value.length, end.value.length);
    }
    it.text.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// A kind that brings options of its own needs no empty lines for them.
form.addEventListener("input", ({ target }) => {
  if (!target.matches(".kind-choice")) return;
  for (const field of target.closest("[data-question]").querySelectorAll("[data-lines]")) if (!lists.get(field).text.value) show(field);
});
document.addEventListener("question-added", ({ target }) => {
  for (const field of target.querySelectorAll("[data-lines]")) enhance(field);
});
for (const field of form.querySelectorAll("[data-lines]")) enhance(field);
form.addEventListener("focusout", (event) => {
  const text = event.target;
  const field = text.matches("textarea[name]") && text.closest("[data-lines]");
  if (field && lists.has(field) && !text.hidden) show(field);
});
