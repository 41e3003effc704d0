/** Every page: the reading settings of the header, kept on the device. Without this they hold for one page, by CSS. */

const root = document.documentElement
const form = document.querySelector(".case-read")

/** Keeps `value` under `key`; the default is kept by keeping nothing. */
function keep(key, value, usual) {
  try {
    value === usual ? localStorage.removeItem(key) : localStorage.setItem(key, value)
  } catch { /* no storage: the choice holds for this page */ }
}

/** Shows in the controls what the page shows. */
function show() {
  const theme = form.querySelector(`[name=theme][value="${root.dataset.theme}"]`)
  if (theme) theme.checked = true
  form.elements.size.checked = root.dataset.size === "large"
}

if (form) {
  show()
  form.addEventListener("submit", event => event.preventDefault())
  root.dataset.script = "" // from here on the attributes decide, no longer the controls themselves
  form.addEventListener("change", () => {
    const theme = form.elements.theme.value
    const size = form.elements.size.checked ? "large" : "normal"
    keep("case-theme", theme, "auto")
    keep("case-size", size, "normal")
    // The control shows at once that it was pressed; the whole page is laid out anew only then.
    requestAnimationFrame(() => setTimeout(() => Object.assign(root.dataset, { theme, size })))
  })
  const more = form.querySelector("details")
  document.addEventListener("click", event => { if (more.open && !more.contains(event.target)) more.open = false })
  more.addEventListener("keydown", event => {
    if (event.key !== "Escape") return
    more.open = false
    more.querySelector("summary").focus()
  })
}
