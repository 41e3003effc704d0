/** The form of one record: a form of the library for each group, their values together. Knows nothing of the server. */
import { byId, el } from "./dom.js"
import { makeTheme, WORDS } from "./form-theme.js"

const PICTURES = /\.(jpe?g|png|webp|avif)$/i
const SOON = 250

let prepared = false

function prepare(JSONEditor) {
  if (prepared) return
  prepared = true
  JSONEditor.defaults.themes.case = makeTheme(JSONEditor)
  JSONEditor.defaults.languages.zh = { ...JSONEditor.defaults.languages.en, ...WORDS }
  JSONEditor.defaults.language = "zh"
}

export const isEmpty = (value) =>
  !value || (Array.isArray(value) ? value.every(isEmpty) : typeof value === "object" && Object.values(value).every(isEmpty))

/** Fires `changed` when a value changed and `touched` with the path of what a person changed. */
export class RecordForm extends EventTarget {
  constructor(groups, id) {
    super()
    prepare(window.JSONEditor)
    this.groups = groups
    this.id = id
    this.editors = new Map()
    this.holder = el("div", { class: "edit-form" })
    this.typing = new Set()
    this.filling = true
  }

  /** Builds every group; the form can be used once this resolves. */
  async build() {
    for (const group of this.groups) this.holder.append(this.section(group))
    await Promise.all([...this.editors.values()].map((editor) => editor.promise))
    for (const [key, editor] of this.editors) {
      editor.on("addRow", () => this.dress(key))
      editor.on("moveRow", () => this.dress(key))
      editor.on("deleteRow", () => this.focusAdd(key))
      editor.on("change", () => this.changed(key))
      this.dress(key)
    }
    this.holder.addEventListener("input", (event) => this.typed(event))
    this.last = JSON.stringify(this.value())
    this.filling = false
  }

  section(group) {
    const alone = group.fields.length === 1
    const body = el("div", { class: "edit-group-body" })
    const section = el("section", { class: `edit-group${alone ? " edit-alone" : ""}`, id: `group-${group.key}`, "data-group": group.key },
      el("h2", { id: `group-${group.key}-title`, tabindex: "-1" }, group.label),
      body)
    const editor = new window.JSONEditor(body, {
      schema: group.schema,
      startval: group.value,
      theme: "case",
      form_name_root: group.key,
      disable_theme_rules: true,
      disable_edit_json: true,
      disable_properties: true,
      disable_collapse: true,
      prompt_before_delete: false,
      disable_array_delete_all_rows: true,
      disable_array_delete_last_row: true,
      show_errors: "never",
    })
    this.editors.set(group.key, editor)
    return section
  }

  groupOf(key) {
    return this.groups.find((group) => group.fields.includes(key))
  }

  /** Every value by key of the record. */
  value() {
    this.flush()
    return Object.assign({}, ...[...this.editors.values()].map((editor) => editor.getValue()))
  }

  /** Puts values in place of those that are there. */
  fill(value) {
    for (const group of this.groups) {
      const mine = group.fields.filter((key) => key in value)
      if (!mine.length) continue
      const editor = this.editors.get(group.key)
      editor.setValue({ ...editor.getValue(), ...Object.fromEntries(mine.map((key) => [key, value[key]])) })
      this.changed(group.key)
    }
  }

  /** Adds an entry to a list. */
  append(key, entry) {
    const group = this.groupOf(key)
    const editor = this.editors.get(group.key)
    const value = editor.getValue()
    editor.setValue({ ...value, [key]: [...(value[key] ?? []), entry] })
    this.changed(group.key)
  }

  typed(event) {
    const { target } = event
    const path = target.closest("[data-schemapath]")?.dataset.schemapath
    if (path) this.count(target, this.editorAt(path))
    if (event.isComposing) return
    this.typing.add(target)
    clearTimeout(this.later)
    this.later = setTimeout(() => this.flush(), SOON)
    this.touch(target)
  }

  /** Tells the library what was typed; it listens only when a field is left. */
  flush() {
    clearTimeout(this.later)
    const typed = [...this.typing]
    this.typing.clear()
    for (const target of typed) target.dispatchEvent(new Event("change"))
  }

  touch(target) {
    const holder = target.closest("[data-schemapath]")
    if (holder) this.dispatchEvent(new CustomEvent("touched", { detail: holder.dataset.schemapath.split(".").slice(1).join(".") }))
  }

  /** The library tells of changes that are none: only another value counts. */
  changed(key) {
    this.dress(key)
    const now = JSON.stringify(this.value())
    if (this.filling || now === this.last) return
    this.last = now
    this.dispatchEvent(new Event("changed"))
  }

  /** Brings what the library does not draw: marks of need, counters, pictures, first choices of people. */
  dress(key) {
    const alone = this.groups.find((group) => group.key === key).fields.length === 1
    for (const [path, editor] of Object.entries(this.editors.get(key).editors)) {
      if (!editor?.container) continue
      const { need, wide } = editor.schema.options ?? {}
      const first = alone && path.split(".").length === 2
      if (first) editor.title?.classList.add("case-hide")
      this.need(first ? byId(`group-${key}-title`) : editor.label ?? editor.title?.querySelector(".edit-row-title"), need)
      if (wide || editor.schema.format === "textarea" || !editor.input) editor.container.parentElement.classList.add("edit-wide")
      if (editor.input) this.count(editor.input, editor)
    }
    for (const row of this.holder.querySelectorAll(`#group-${key} .edit-row`)) this.dressRow(row)
  }

  need(label, need) {
    if (!label || !need || label.querySelector(".edit-need")) return
    label.append(el("small", { class: need === "必填" ? "edit-need edit-need-must" : "edit-need" }, need))
  }

  dressRow(row) {
    const path = row.dataset.schemapath ?? row.querySelector("[data-schemapath]")?.dataset.schemapath
    if (!path) return
    row.setAttribute("role", "group")
    row.setAttribute("aria-label", row.querySelector(".edit-row-title")?.textContent ?? "")
    const editor = this.editorAt(path)
    const place = Number(path.split(".").at(-1))
    for (const child of Object.values(editor?.editors ?? {})) {
      const { first, later } = child.schema.options ?? {}
      if (first && !child.getValue()) child.setValue(place ? later : first)
    }
    const file = editor?.editors?.file?.getValue()
    if (file === undefined) return
    let picture = row.querySelector(".edit-thumb")
    if (!picture) {
      picture = el("div", { class: "edit-thumb" })
      row.prepend(picture)
    }
    if (picture.dataset.file === file) return
    picture.dataset.file = file
    const source = `/files/${this.id}/${encodeURIComponent(file.split("/").at(-1))}`
    picture.replaceChildren(PICTURES.test(file) ? el("img", { src: source, alt: "", loading: "lazy" }) : el("span", {}, "视频"))
  }

  count(input, editor) {
    const most = editor?.schema.options?.most
    if (!most) return
    const field = input.closest(".edit-field")
    let counter = field.querySelector(".edit-counter")
    if (!counter) {
      counter = el("span", { class: "edit-counter", "aria-hidden": "true" })
      field.querySelector("label")?.append(counter)
    }
    const length = [...input.value.trim()].length
    const near = length > most * 0.6 || (input.localName === "textarea" && most <= 400)
    counter.textContent = near ? `${length} / ${most} 字` : ""
    counter.classList.toggle("edit-over", length > most)
  }

  focusAdd(key) {
    this.dress(key)
    this.holder.querySelector(`#group-${key} .json-editor-btntype-add`)?.focus()
  }

  editorAt(path) {
    return this.editors.get(path.split(".")[0])?.getEditor(path) ?? null
  }

  /** What shows the value at a path of the record, or the nearest thing around it: {holder, input, group}. */
  at(path) {
    const group = this.groupOf(path[0])
    if (!group) return null
    for (let length = path.length; length > 0; length--) {
      const editor = this.editorAt([group.key, ...path.slice(0, length)].join("."))
      if (editor?.container) {
        const input = editor.input ?? null
        return { group: group.key, input, holder: editor.container, messages: this.messagesOf(editor) }
      }
    }
    return null
  }

  messagesOf(editor) {
    const own = editor.input && editor.container.querySelector(".edit-messages")
    if (own) return own
    let made = editor.container.querySelector(":scope > .edit-messages")
    if (!made) {
      made = el("div", { class: "edit-messages" })
      const head = editor.container.querySelector(":scope > .edit-row-head")
      if (head) head.after(made)
      else editor.container.prepend(made)
    }
    return made
  }

  destroy() {
    clearTimeout(this.later)
    this.typing.clear()
    for (const editor of this.editors.values()) editor.destroy()
  }
}
