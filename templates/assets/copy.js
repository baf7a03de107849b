// Adds a "Copy" button to each .copybox; without this file its text can be selected and copied by hand.
for (const box of document.querySelectorAll(".copybox")) {
  const field = box.querySelector("input, textarea");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = box.dataset.copy;
  const label = document.querySelector(`label[for="${CSS.escape(field.id)}"]`);
  if (label) button.setAttribute("aria-label", `${box.dataset.copy}: ${label.textContent}`);
  const said = document.createElement("span");
  said.className = "vh";
  said.setAttribute("role", "status");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      document.execCommand("copy"); // http on another host than localhost has no clipboard
    }
    button.textContent = said.textContent = box.dataset.copied;
    setTimeout(() => { button.textContent = box.dataset.copy; said.textContent = ""; }, 2000);
  });
  box.append(button, said);
  field.addEventListener("focus", () => field.select());
}
