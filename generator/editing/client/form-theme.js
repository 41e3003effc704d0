/** How the form library draws a form: our labels, marks of need, places for messages; never a style attribute. */
import { el } from "./dom.js"

export function makeTheme(JSONEditor) {
  return class CaseTheme extends JSONEditor.AbstractTheme {
    getFormInputLabel(text) {
      return el("label", {}, text)
    }

    getHeader(text) {
      const words = typeof text === "string" ? text : text.textContent
      return el("div", { class: "edit-row-head" }, el("span", { class: "edit-row-title" }, words))
    }

    getFormControl(label, input, description, _info, name) {
      const field = el("div", { class: "edit-field" })
      input.id = name
      label?.setAttribute("for", name)
      const described = []
      if (description) {
        description.id = `${name}-help`
        described.push(description.id)
      }
      const message = el("div", { class: "edit-messages", id: `${name}-messages` })
      described.push(message.id)
      input.setAttribute("aria-describedby", described.join(" "))
      field.append(...[label, input, description, message].filter(Boolean))
      return field
    }

    getDescription(text) {
      return el("p", { class: "edit-help" }, text)
    }

    getOptInCheckbox(name) {
      const checkbox = el("input", { type: "checkbox", id: `${name}-opt-in` })
      const label = this.getHiddenLabel(name)
      return { label, checkbox, container: el("span", {}, checkbox, label) }
    }

    getButton(text, _icon, hint) {
      const button = el("button", { type: "button", class: "edit-button edit-small" })
      this.setButtonText(button, text, null, hint)
      return button
    }

    setButtonText(button, text, _icon, hint) {
      button.textContent = hint || text
    }

    getButtonHolder() {
      return el("div", { class: "edit-row-buttons" })
    }

    getIndentedPanel() {
      return el("div", { class: "edit-rows" })
    }

    getChildEditorHolder() {
      return el("div", { class: "edit-row" })
    }

    getHiddenLabel(text) {
      return el("label", { class: "case-hide" }, text)
    }

    getHiddenText(text) {
      return el("span", { class: "case-hide" }, text)
    }

    visuallyHidden(element) {
      element?.classList.add("case-hide")
    }

    getModal() {
      return el("div", { hidden: true })
    }

    addInputError() {}

    removeInputError() {}
  }
}

/** The words of the form library, as far as they are ever shown. */
export const WORDS = {
  button_add_row_title: "添加{{0}}",
  button_delete_row_title: "删去",
  button_move_up_title: "上移",
  button_move_down_title: "下移",
  default_array_item_title: "项",
}
