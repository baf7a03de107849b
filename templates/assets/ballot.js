// Questions that are asked under conditions come and go while somebody answers. What is hidden is switched off and not
// sent. Without this script the server brings them when the form is sent.
(() => {
  const fieldsOf = (form, name) => [...form.elements].filter(
    (field) => field.name === name || field.name.startsWith(name + "-"));
  function given(field) {
    if (field.matches(":disabled")) return "";
    if (/^(radio|checkbox)$/.test(field.type) && !field.checked) return "";
    const value = field.value.trim();
    return field.type === "number" && /-i\d+$/.test(field.name) && Number(value) === 0 ? "" : value;
  }
  function holds(form, condition) {
    const { on, operator } = condition, fields = fieldsOf(form, on);
    if (!fields.length) return condition.held; // it stands on another page
    const said = fields.filter(given);
    if (operator === "answered") return !!said.length;
    if (operator === "not_answered") return !said.length;
    if (/^is/.test(operator)) {
      const chosen = said.some(
        (field) => condition.options.includes(field.name === on + "-other" ? condition.other : field.value));
      return !!said.length && chosen === (operator === "is");
    }
    const figures = said.filter((field) => field.name === on).map(
      (field) => field.value in condition.steps ? condition.steps[field.value] : Number(field.value));
    if (!figures.length || isNaN(figures[0])) return false;
    return operator === "at_least" ? figures[0] >= condition.number : figures[0] <= condition.number;
  }
  function update(form, aloud) {
    let came = 0, went = 0;
    form.querySelectorAll("[data-watches]").forEach((question) => {
      const { when, conditions } = JSON.parse(question.dataset.watches);
      const held = conditions.map((condition) => holds(form, condition));
      const shown = when === "any" ? held.includes(true) : !held.includes(false);
      if (shown !== question.hidden) return;
      question.hidden = question.disabled = !shown;
      shown ? came++ : went++;
    });
    form.querySelectorAll(".part").forEach((part) => {
      part.hidden = !part.querySelector(":scope > .field, :scope > .asked-if:not([hidden])");
    });
    const place = form.querySelector("[data-changes]");
    if (aloud && place && (came || went)) {
      const words = place.dataset;
      place.textContent = "";
      setTimeout(() => { place.textContent = came > 1 ? words.more : came ? words.one : words.gone; }, 50);
    }
  }
  ["input", "change"].forEach((what) => document.addEventListener(what, ({ target }) => {
    if (target.form) update(target.form, true);
  }));
  // browsers keep what was typed when one comes back
  const start = () => document.querySelectorAll("form").forEach((form) => update(form));
  start();
  addEventListener("pageshow", start);
})();
