// A ranking on the ballot: move options with buttons or by dragging. The selects stay what is sent; without this file they
// are what is seen. No module: a frame without an origin of its own could not load it. Runs once, whatever it is named by.
(function () {
  "use strict";
  if (window.heardRanking) return;
  window.heardRanking = true;

  function make(name, className, words) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (words) made.textContent = words;
    return made;
  }

  function prepare(field) {
    if (field.dataset.ranking) return;
    field.dataset.ranking = "ready";
    var words = field.dataset;
    var list = field.querySelector("ul");
    var rows = Array.prototype.slice.call(list.children);
    var first = picker(rows[0]);
    var rule = field.querySelector(".hint[id$='-rule']");
    var told = make("p", "vh");
    var line = make("li", "ranking-line");
    var state = make("p", "small muted ranking-state", words.empty);
    var keep = make("button", "button small", words.keep);
    var clear = make("button", "button small quiet", words.clear);
    var foot = make("div", "cluster");
    list.className = "ranking";
    var untouched = rows.every(function (row) { return !picker(row).value; });

    function picker(row) { return row.querySelector("select"); }
    function label(row) { return row.querySelector("label").textContent; }
    function fill(text, option, place) {
      return text.replace("{place}", function () { return place; }).replace("{option}", function () { return option; });
    }
    function above() {  // the options above the line, in order
      var all = Array.prototype.slice.call(list.children);
      return all.slice(0, all.indexOf(line));
    }
    function place(row) {
      var at = above().indexOf(row);
      if (untouched) return words.waiting;
      return at < 0 ? words.out : words.place.replace("{n}", at + 1).replace("{all}", rows.length);
    }

    function dress(row) {
      var grip = make("span", "ranking-grip");
      grip.setAttribute("aria-hidden", "true");
      grip.append(make("b"));
      row.prepend(grip);
      ["up", "down"].forEach(function (way) {
        var button = make("button", "button ranking-" + way, way === "up" ? "↑" : "↓");
        button.type = "button";
        button.addEventListener("click", function () { step(row, way, button); });
        row.append(button);
      });
      picker(row).hidden = true;
      row.querySelector("label").removeAttribute("for");
      row.addEventListener("pointerdown", function (event) { drag(event, row); });
    }

    function step(row, way, button) {
      var other = way === "up" ? row.previousElementSibling : row.nextElementSibling;
      if (!other || button.getAttribute("aria-disabled") === "true") return;
      if (way === "up") other.before(row);
      else other.after(row);
      moved(row);
      button.focus();
    }

    function moved(row) {
      untouched = false;
      show();
      told.textContent = fill(words.moved, label(row), place(row));
    }

    function show() {  // what stands in the list goes into the selects, and into every name
      var ranked = untouched ? [] : above();
      list.classList.toggle("untouched", untouched);
      line.hidden = clear.hidden = untouched;
      state.hidden = keep.hidden = !untouched;
      rows.forEach(function (row) {
        var at = ranked.indexOf(row);
        var before = picker(row).value;
        picker(row).value = at < 0 ? "" : String(at + 1);
        if (picker(row).value !== before) picker(row).dispatchEvent(new Event("change", { bubbles: true }));
        row.classList.toggle("left-out", !untouched && at < 0);
        row.querySelector(".ranking-grip b").textContent = at < 0 ? "–" : at + 1;
        ["up", "down"].forEach(function (way) {
          var button = row.querySelector(".ranking-" + way);
          var beside = way === "up" ? row.previousElementSibling : row.nextElementSibling;
          button.setAttribute("aria-label", fill(words[way], label(row), place(row)));
          button.setAttribute("aria-disabled", String(!beside || beside.hidden));
        });
      });
    }

    function drag(event, row) {
      var byFinger = event.pointerType !== "mouse";
      if (event.button || event.target.closest("button") || (byFinger && !event.target.closest(".ranking-grip"))) return;
      event.preventDefault();
      var start = Array.prototype.indexOf.call(list.children, row);
      row.classList.add("dragged");
      function middle(one) {
        var box = one.getBoundingClientRect();
        return box.top + box.height / 2;
      }
      function follow(at) {  // the others step aside: a touched element that moves would lose the finger
        var one;
        while ((one = row.nextElementSibling) && !one.hidden && at.clientY > middle(one)) row.before(one);
        while ((one = row.previousElementSibling) && at.clientY < middle(one)) row.after(one);
        if (at.clientY < 48) scrollBy(0, -12);
        else if (at.clientY > innerHeight - 48) scrollBy(0, 12);
      }
      function drop() {
        document.removeEventListener("pointermove", follow);
        document.removeEventListener("pointerup", drop);
        document.removeEventListener("pointercancel", drop);
        row.classList.remove("dragged");
        if (Array.prototype.indexOf.call(list.children, row) !== start) moved(row);
      }
      document.addEventListener("pointermove", follow);
      document.addEventListener("pointerup", drop);
      document.addEventListener("pointercancel", drop);
    }

    rows.sort(function (one, other) { return (picker(one).value || 1000) - (picker(other).value || 1000); });
    rows.forEach(function (row) { list.append(row); dress(row); });
    line.append(make("span", "small muted", words.line));
    var ranked = rows.filter(function (row) { return picker(row).value; });
    if (ranked.length) ranked[ranked.length - 1].after(line);
    else list.append(line);
    if (rule) rule.textContent = words.rule;
    keep.type = clear.type = "button";
    keep.addEventListener("click", function () {
      untouched = false;
      show();
      told.textContent = words.kept;
      clear.focus();
    });
    clear.addEventListener("click", function () {
      untouched = true;
      list.append(line);
      show();
      told.textContent = words.cleared;
      keep.focus();
    });
    told.setAttribute("role", "status");
    told.setAttribute("aria-live", "polite");
    foot.append(state, keep, clear);
    list.after(foot, told);
    list.id = first.id;  // where a message about this question leads
    list.tabIndex = -1;
    first.removeAttribute("id");
    show();
  }

  function prepareAll() {
    Array.prototype.forEach.call(document.querySelectorAll("[data-ranking]"), prepare);
  }
  prepareAll();
  // the frame and the editor's preview put a new page in place of the old one
  new MutationObserver(prepareAll).observe(document.body, { childList: true, subtree: true });
})();
