// How far a reading is: asks every second, moves the bar, and opens the page anew when it has ended, unless somebody is at work
// on it. The same for a proposal that is being made.
(() => {
  const box = document.querySelector("[data-progress]")
  if (!box) return
  const fill = box.querySelector(".fill"), done = box.querySelector("[data-done]"), ended = box.querySelector("[data-ended]")
  const say = new Intl.NumberFormat(document.documentElement.lang || "en")
  const atWork = () => document.querySelector("main :is(input, textarea, select):focus, main details[open] form")
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { accept: "application/json" } })
      if (answer.ok) {
        const told = await answer.json()
        if (told[box.dataset.of] !== box.dataset.until) {
          if (!ended || !atWork()) return location.reload()
          ended.hidden = false
          return
        }
        if (fill && told.total) {
          fill.setAttribute("width", `${(100 * told.done) / told.total}%`)
          done.textContent = say.format(told.done)
          if (told.done >= told.total && !box.dataset.thinks) {
            box.dataset.thinks = "yes"
            if (!atWork()) return location.reload()
          }
        }
      }
    } catch {
      // away for a moment: the next round asks again
    }
    setTimeout(ask, 1000)
  }
  setTimeout(ask, 1000)
})()
