/** Shows what the check says: beside each field, in a summary, and as marks in the list of groups. */
import { el } from "./dom.js"

const MISSING = new Set(["field-missing", "source-missing"])

/** The findings in the order of a person's work: wrong, still empty, could be added. */
export function sorted(found, isTouched) {
  const wrong = [], empty = [], more = []
  for (const finding of found) {
    if (finding.severity !== "error") more.push(finding)
    else if (MISSING.has(finding.code) && !isTouched(finding.path)) empty.push(finding)
    else wrong.push(finding)
  }
  return { wrong, empty, more }
}

export class Findings {
  constructor(jump) {
    this.jump = jump
    this.head = el("h2", { id: "findings-title" }, "检查")
    this.state = el("p", { class: "edit-findings-state", role: "status" })
    this.body = el("div", { class: "edit-findings-body" })
    this.view = el("section", { class: "edit-findings", "aria-labelledby": "findings-title" }, this.head, this.state, this.body)
  }

  /** found: as the server says. form: null where the text itself is edited. */
  show(found, form, isTouched) {
    const { wrong, empty, more } = sorted(found, isTouched)
    const says = []
    if (wrong.length) says.push(`${wrong.length} 处要改正`)
    if (empty.length) says.push(`${empty.length} 项还没填`)
    const state = says.length ? `${says.join("，")}；改好才能保存` : "可以保存"
    if (this.state.textContent !== state) this.state.textContent = state
    this.state.dataset.kind = wrong.length ? "wrong" : empty.length ? "empty" : "good"
    this.body.replaceChildren(
      ...this.part("要改正", wrong, "wrong", !form), ...this.part("还没填", empty, "empty", !form),
      ...this.part("可以再补", more, "more", !form))
    if (form) this.mark(form, wrong, more)
    this.counts = { wrong: wrong.length, empty: empty.length }
    return this.counts
  }

  part(title, findings, kind, withLine) {
    if (!findings.length) return []
    const rows = findings.map((finding) =>
      el("li", {}, el("button", { type: "button", class: "edit-finding", click: () => this.jump(finding) },
        `${withLine ? `第 ${finding.line} 行：` : ""}${finding.message}`)))
    return [el("h3", { class: `edit-findings-${kind}` }, title), el("ul", {}, ...rows)]
  }

  mark(form, wrong, more) {
    for (const place of form.holder.querySelectorAll(".edit-messages")) place.replaceChildren()
    for (const input of form.holder.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid")
    for (const finding of [...wrong, ...more]) {
      const place = finding.path.length ? form.at(finding.path) : null
      if (!place) continue
      const error = finding.severity === "error"
      place.messages.append(el("p", { class: error ? "edit-message" : "edit-message edit-message-soft" }, finding.message))
      if (error) place.input?.setAttribute("aria-invalid", "true")
    }
  }
}
