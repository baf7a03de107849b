// The progress of an import: asks twice a second, moves the bar, and opens the page anew when it has ended.
(() => {
  const box = document.querySelector("[data-progress]")
  if (!box) return
  const bar = box.querySelector("progress"), done = box.querySelector("[data-of=done]")
  const say = new Intl.NumberFormat(document.documentElement.lang || "en")
  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.progress, { headers: { accept: "application/json" } })
      if (answer.ok) {
        const told = await answer.json()
        if (told.status !== box.dataset.until) return location.reload()
        if (bar) {
          bar.max = told.rows || 1
          bar.value = told.done
          done.textContent = say.format(told.done)
        }
      }
    } catch {
      // away for a moment: the next round asks again
    }
    setTimeout(ask, 400)
  }
  setTimeout(ask, 400)
})()
