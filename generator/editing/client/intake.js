/** Files that come in: a form fills what is empty, pictures become entries of the record. */
import { upload } from "./api.js"
import { ask, byId, el } from "./dom.js"
import { isEmpty } from "./form.js"

const MEDIA = /\.(jpe?g|png|webp|avif|mp4|webm|gif|bmp|tiff?|heic|mov)$/i

const same = (a, b) => JSON.stringify(a ?? "") === JSON.stringify(b ?? "")

/** What is put into the form, and what differs and is left: {value, kept: [key]}. */
export function merged(now, read) {
  const value = {}, kept = []
  for (const [key, words] of Object.entries(read)) {
    const there = now[key]
    if (key === "body" && there && typeof there === "object") {
      const body = { ...there }
      for (const [section, text] of Object.entries(words)) {
        const trimmed = text.trim()
        if (isEmpty(there[section])) body[section] = trimmed
        else if (there[section].trim() !== trimmed) kept.push(section)
      }
      value.body = body
    } else if (isEmpty(there)) value[key] = words
    else if (!same(there, words)) kept.push(key)
  }
  return { value, kept }
}

export class Intake {
  constructor(view) {
    this.view = view
    const over = byId("drop")
    // Before anything on the page, as the rows of the form take what is dropped on them for a row.
    const files = (kind, act) => addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return
      event.preventDefault()
      event.stopPropagation()
      act(event)
    }, true)
    files("dragover", () => { over.hidden = !this.view.form })
    files("drop", (event) => {
      over.hidden = true
      if (this.view.form) this.take([...event.dataTransfer.files])
    })
    addEventListener("dragleave", (event) => { if (!event.relatedTarget) over.hidden = true })
  }

  /** A button that opens the choice of files. */
  button(label, accept, multiple) {
    const input = el("input", { type: "file", accept, multiple, hidden: true, change: () => {
      this.take([...input.files])
      input.value = ""
    } })
    const button = el("button", { type: "button", class: "edit-button", click: () => input.click() }, label)
    return [button, input]
  }

  async take(files) {
    for (const file of files) {
      this.view.say(`正在读取 ${file.name}……`)
      try {
        if (MEDIA.test(file.name)) await this.picture(file)
        else await this.form(file)
      } catch (error) {
        this.view.say("")
        await ask(`没有读入 ${file.name}`, [el("p", {}, error.message)], [["", "知道了", "edit-main"]])
      }
    }
  }

  async picture(file) {
    const added = await upload("/api/picture", { id: this.view.opened.id, name: file.name }, file)
    if (added.problem) throw new Error(added.problem)
    this.view.form.append("media", { file: added.file, alt: "", caption: "" })
    const notes = added.notes.length ? `（${added.notes.join("；")}）` : ""
    this.view.say(`图片已加入${notes}；请写替代文字`)
    this.view.form.at(["media", this.view.form.value().media.length - 1, "alt"])?.input.focus()
  }

  async form(file) {
    const read = await upload("/api/form", { id: this.view.opened.id, name: file.name }, file)
    if (read.problem) throw new Error(read.problem)
    const { value, kept } = merged(this.view.form.value(), read.value)
    this.view.form.fill(value)
    for (const entry of read.media) this.view.form.append("media", { caption: "", ...entry })
    this.view.say("申报表已读入，请逐项核对")
    const rows = read.findings.map((finding) =>
      el("li", { class: "edit-read" },
        el("b", { class: `edit-read-${finding.outcome}` }, finding.outcome),
        el("span", {}, [finding.label, finding.shown && `：${finding.shown}`, finding.message && `（${finding.message}）`].filter(Boolean).join(""))))
    const names = kept.map((key) => this.view.labelOf(key))
    await ask("从申报表读到的内容", [
      names.length ? el("p", { class: "edit-message" }, `已经填了别的内容、没有改动的：${names.join("、")}`) : null,
      read.media.length ? el("p", {}, `取出 ${read.media.length} 张图片；请写替代文字，并确认图中没有证件等个人信息。`) : null,
      el("ul", { class: "edit-read-list" }, ...rows),
      el("p", { class: "edit-help" }, "电话、年龄、地址等不公开的内容没有写到任何地方，原表也没有留下。"),
    ].filter(Boolean), [["", "去核对", "edit-main"]])
  }
}
