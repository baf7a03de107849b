// Questions that are asked under conditions come and go while somebody answers. What is hidden is switched off and not
// sent. Without this script the server brings them when the form is sent.
(function () {
  "use strict";
  function fieldsOf(form, name) {
    return Array.from(form.elements).filter(function (field) {
      return field.name === name || field.name.indexOf(name + "-") === 0;
    });
  }
  function given(field) {
    if (field.matches(":disabled")) return "";
    if ((field.type === "radio" || field.type === "checkbox") && !field.checked) return "";
    var value = field.value.trim();
    return field.type === "number" && /-i\d+$/.test(field.name) && Number(value) === 0 ? "" : value;
  }
  function holds(form, condition) {
    var fields = fieldsOf(form, condition.on);
    if (!fields.length) return condition.held; // it stands on another page
    var said = fields.filter(given);
    if (condition.operator === "answered") return said.length > 0;
    if (condition.operator === "not_answered") return said.length === 0;
    if (condition.operator === "is" || condition.operator === "is_not") {
      var chosen = said.some(function (field) {
        var value = field.name === condition.on + "-other" ? condition.other : field.value;
        return condition.options.indexOf(value) >= 0;
      });
      return said.length > 0 && chosen === (condition.operator === "is");
    }
    var figures = said.filter(function (field) { return field.name === condition.on; }).map(function (field) {
      return field.value in condition.steps ? condition.steps[field.value] : Number(field.value);
    });
    if (!figures.length || isNaN(figures[0])) return false;
    return condition.operator === "at_least" ? figures[0] >= condition.number : figures[0] <= condition.number;
  }
  function update(form, aloud) {
    var came = 0, went = 0;
    form.querySelectorAll("[data-watches]").forEach(function (question) {
      var rule = JSON.parse(question.dataset.watches);
      var held = rule.conditions.map(function (condition) { return holds(form, condition); });
      var shown = rule.when === "any" ? held.indexOf(true) >= 0 : held.indexOf(false) < 0;
      if (shown !== question.hidden) return;
      question.hidden = question.disabled = !shown;
      if (shown) came += 1; else went += 1;
    });
    form.querySelectorAll(".part").forEach(function (part) {
      part.hidden = !part.querySelector(":scope > .field, :scope > .asked-if:not([hidden])");
    });
    var place = form.querySelector("[data-changes]");
    if (aloud && place && (came || went)) {
      var words = place.dataset;
      place.textContent = "";
      setTimeout(function () { place.textContent = came > 1 ? words.more : came ? words.one : words.gone; }, 50);
    }
  }
  ["input", "change"].forEach(function (what) {
    document.addEventListener(what, function (event) {
      var form = event.target.form;
      if (form && form.querySelector("[data-watches]")) update(form, true);
    });
  });
  function start() { // browsers keep what was typed when one comes back
    document.querySelectorAll("form").forEach(function (form) { update(form, false); });
  }
  start();
  window.addEventListener("pageshow", start);
})();
