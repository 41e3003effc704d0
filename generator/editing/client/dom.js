/** Makes an element: `el("p", {class: "x"}, "text", child)`; functions among the attributes listen to that event. */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value)
    else if (value === true) made.setAttribute(key, "")
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value)
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false))
  return made
}

export const byId = (id) => document.getElementById(id)

/** Opens the one dialog with a title and content; resolves with the value of the button that closed it, "" for Esc. */
export function ask(title, content, buttons) {
  const dialog = byId("ask")
  const form = el("form", { method: "dialog" })
  const row = el("div", { class: "edit-dialog-buttons" })
  for (const [value, label, kind] of buttons) {
    // What leaves things as they are is no submit button, or the Enter key in a field would press it.
    const way = value ? { value } : { type: "button", click: () => dialog.close("") }
    row.append(el("button", { ...way, class: `edit-button ${kind ?? ""}` }, label))
  }
  form.append(el("h2", { id: "ask-title" }, title), ...content, row)
  dialog.replaceChildren(form)
  dialog.returnValue = ""
  dialog.showModal()
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue), { once: true })
  })
}
