// Dragging answers onto another theme, on lists with ticks: while one is dragged, a list of the themes stands at the side;
// dropping ticks it, chooses that theme, and sends the form as its button would. Without a mouse the form does the same.
for (const form of document.querySelectorAll("form[data-board]")) {
  const choice = form.elements.namedItem("into"), move = form.querySelector("button[name=kind][value=move]");
  const rows = [...form.querySelectorAll(".to-choose > li")];
  const ticks = rows.map((row) => row.querySelector("input[type=checkbox]"));
  let targets = null;

  const target = (option) => {
    const item = document.createElement("li");
    item.textContent = option.textContent;
    item.dir = "auto";
    item.addEventListener("dragover", (event) => { event.preventDefault(); item.classList.add("over"); });
    item.addEventListener("dragleave", () => item.classList.remove("over"));
    item.addEventListener("drop", (event) => {
      event.preventDefault();
      choice.value = option.value;
      form.requestSubmit(move);
    });
    return item;
  };

  const show = () => {
    targets = document.createElement("ul");
    targets.className = "drop-here";
    targets.append(...[...choice.options].map(target));
    form.append(targets);
  };

  for (const [place, row] of rows.entries()) {
    const tick = ticks[place];
    let before = []; // the ticks, to be as they were after an answer without one was dragged
    row.draggable = true;
    row.addEventListener("dragstart", (event) => {
      before = ticks.map((one) => one.checked);
      if (!tick.checked) for (const one of ticks) one.checked = one === tick;
      event.dataTransfer.setData("text/plain", row.querySelector(".words, .said").textContent);
      event.dataTransfer.effectAllowed = "move";
      setTimeout(show); // a change of the page at the very start ends the drag in some browsers
    });
    row.addEventListener("dragend", () => {
      setTimeout(() => targets?.remove());
      ticks.forEach((one, at) => { one.checked = before[at]; });
    });
  }
}
