/** One record: its form or its text, what the check says, its page, saving. */
import { get, post } from "./api.js"
import { ask, byId, el } from "./dom.js"
import { Findings } from "./findings.js"
import { RecordForm } from "./form.js"
import { Intake } from "./intake.js"
import { Preview } from "./preview.js"

const SOON = 350
const PANES = [["form", "填写"], ["check", "检查"], ["page", "预览"]]

export class RecordView {
  constructor(library) {
    this.library = library
    this.view = byId("record")
    this.intake = new Intake(this)
    byId("save").addEventListener("click", () => this.save())
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "s" && this.opened) {
        event.preventDefault()
        this.save()
      }
    })
    addEventListener("beforeunload", (event) => { if (this.dirty) event.preventDefault() })
  }

  /** Shows a record that the server opened. */
  async show(opened, asText = false) {
    this.close()
    this.opened = opened
    this.expected = opened.digest
    this.settled = []
    this.touched = new Set(opened.digest ? ["*"] : [])
    this.dirty = false
    this.number = 0
    this.findings = new Findings((finding) => this.jump(finding))
    this.preview = new Preview()
    this.asText = asText || !opened.form
    byId("doing").hidden = false
    this.view.hidden = false
    this.say(opened.digest ? "" : "新记录，还没有保存")
    await (this.asText ? this.buildText() : this.buildForm())
    this.check()
  }

  close() {
    this.form?.destroy()
    this.form = this.area = this.opened = null
    this.dirty = false
    clearTimeout(this.timer)
    this.view.hidden = true
    byId("doing").hidden = true
  }

  frame(main, groups) {
    const { opened } = this
    this.title = el("h1", { id: "record-title", tabindex: "-1" })
    const places = groups.map((group) =>
      el("li", {}, el("a", { href: `#group-${group.key}`, "data-to": group.key, click: (event) => {
        event.preventDefault()
        byId(`group-${group.key}-title`).focus()
        byId(`group-${group.key}`).scrollIntoView()
      } }, el("span", {}, group.label), el("i", { class: "edit-nav-count" }))))
    this.swap = el("button", { type: "button", class: "edit-link", click: () => this.switch() },
      this.asText ? "回到表单" : "按文本修改")
    const nav = el("nav", { class: "edit-nav", "aria-label": "表单的各部分" },
      el("a", { class: "edit-back", href: "#" }, "← 记录目录"), el("ol", {}, ...places), opened.form ? this.swap : null)
    const bar = el("div", { class: "edit-panes", role: "group", "aria-label": "看哪一部分" }, ...PANES.map(([key, label]) =>
      el("button", { type: "button", "data-pane": key, "aria-pressed": String(key === "form"), click: () => this.pane(key) }, label)))
    const intro = el("div", { class: "edit-record-head" },
      el("p", { class: "edit-record-file" }, el("span", { class: "case-num" }, opened.id), opened.file), this.title)
    this.view.replaceChildren(el("div", { class: "edit-desk", "data-pane": "form" },
      nav,
      el("div", { class: "edit-main-pane" }, intro, main),
      el("aside", { class: "edit-side", "aria-label": "检查和预览" }, this.findings.view, this.preview.view)), bar)
    this.setTitle()
  }

  pane(key) {
    this.view.querySelector(".edit-desk").dataset.pane = key
    for (const button of this.view.querySelectorAll(".edit-panes button")) {
      button.setAttribute("aria-pressed", String(button.dataset.pane === key))
    }
    scrollTo(0, 0)
  }

  async buildForm() {
    const { opened } = this
    this.form = new RecordForm(opened.groups, opened.id)
    const tools = el("div", { class: "edit-tools" },
      ...this.intake.button("读入申报表（.docx）", ".docx,.doc,.odt,.rtf", false),
      el("p", { class: "edit-help" }, "也可以把文件直接拖到这个网页上；只填空着的栏目，不公开的内容会舍去。"))
    const main = el("div", {}, tools, this.form.holder)
    this.frame(main, opened.groups)
    await this.form.build()
    const media = byId("group-media")
    media?.querySelector("h2").after(el("div", { class: "edit-tools" },
      ...this.intake.button("添加图片或视频", "image/*,video/mp4,video/webm", true),
      el("p", { class: "edit-help" }, "会自动转正、缩小，清除拍摄时间和地点。每张都要写替代文字。")))
    this.showNotes()
    this.form.addEventListener("changed", () => this.changed())
    this.form.addEventListener("touched", (event) => this.touched.add(event.detail))
  }

  async buildText() {
    this.area = el("textarea", { id: "text", class: "edit-text", spellcheck: "false", wrap: "off", rows: 32, input: () => this.changed() })
    this.area.value = this.opened.text
    const why = this.opened.form ? null : el("p", { class: "edit-message" }, "这条记录的写法有误，不能用表单打开；请先按右边的提示改正文本。")
    this.frame(el("div", { class: "edit-group" }, why, el("label", { for: "text" }, "记录的文本（YAML）"), this.area), [])
  }

  showNotes() {
    for (const note of this.opened.notes) {
      const place = note.path.length ? this.form.at(note.path) : null
      const box = el("div", { class: "edit-note" }, el("p", {}, el("b", {}, "待确认"), note.text))
      box.append(el("button", { type: "button", class: "edit-button edit-small", click: () => {
        this.settled.push(note.text)
        box.remove()
        this.changed()
      } }, "已核对，删去这条说明"))
      if (place) place.holder.append(box)
      else this.form.holder.prepend(box)
    }
  }

  labelOf(key) {
    for (const group of this.opened.groups) {
      const field = group.schema.properties[key] ?? group.schema.properties.body?.properties?.[key]
      if (field) return field.title
    }
    return key
  }

  say(text) {
    byId("save-state").textContent = text
  }

  setTitle() {
    const name = (this.form?.editors.size ? this.form.value().title : null) ?? this.opened.groups.find((g) => g.fields.includes("title"))?.value.title
    this.title.textContent = name || (this.opened.digest ? "（没有名称）" : "新记录")
    document.title = `${this.title.textContent} - ${this.library.name}`
  }

  changed() {
    this.dirty = true
    this.say("有改动，还没有保存")
    if (this.form) this.setTitle()
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.check(), SOON)
  }

  content() {
    return this.area ? this.area.value : this.form.value()
  }

  request() {
    return { id: this.opened.id, before: this.opened.before, form: this.content(), settled: this.settled }
  }

  isTouched(path) {
    if (this.area || this.touched.has("*")) return true
    const name = path.join(".")
    return path.length > 1 || [...this.touched].some((known) => known === name || known.startsWith(`${name}.`))
  }

  async check() {
    const number = ++this.number
    let checked
    try {
      checked = await post("/api/check", this.request())
    } catch (error) {
      if (number === this.number) this.say(error.message)
      return
    }
    if (number !== this.number || !this.opened) return
    this.display(checked)
    const state = this.library.states.find((one) => one.value === (this.form?.value().status || "announced"))
    const hidden = state && ["nominated", "notice"].includes(state.value)
    const note = checked.preview ? (hidden ? `「${state.label}」的记录不上网，公布之后才有这一页。` : "") : "有错误，改好就能看到。"
    this.preview.show(checked.preview, note)
  }

  display(checked) {
    const order = this.opened.groups.flatMap((group) => group.fields)
    const rank = ({ path }) => (path.length ? order.indexOf(path[0]) : -1)
    if (this.form) checked.found.sort((a, b) => rank(a) - rank(b))
    const { wrong, empty } = this.findings.show(checked.found, this.form, (path) => this.isTouched(path))
    const tab = this.view.querySelector("[data-pane=check]:is(button)")
    tab.textContent = wrong + empty ? `检查 ${wrong + empty}` : "检查"
    tab.dataset.kind = wrong ? "wrong" : empty ? "empty" : "good"
    for (const link of this.view.querySelectorAll(".edit-nav [data-to]")) {
      const group = this.opened.groups.find((one) => one.key === link.dataset.to)
      const mine = checked.found.filter((one) => one.severity === "error" && group.fields.includes(one.path[0]))
      link.lastChild.textContent = mine.length ? String(mine.length) : ""
      link.lastChild.title = mine.length ? `${mine.length} 处要看` : ""
    }
  }

  jump(finding) {
    this.pane("form")
    if (this.area) {
      const lines = this.area.value.split("\n")
      const start = lines.slice(0, finding.line - 1).join("\n").length + (finding.line > 1 ? 1 : 0)
      this.area.focus()
      this.area.setSelectionRange(start, start + (lines[finding.line - 1]?.length ?? 0))
      return
    }
    const place = finding.path.length ? this.form.at(finding.path) : null
    if (!place) return
    const target = place.input ?? place.holder.querySelector(".edit-field :is(input:not([disabled]), select, textarea), .json-editor-btntype-add")
    place.holder.scrollIntoView({ block: "center" })
    target?.focus({ preventScroll: true })
  }

  async save() {
    clearTimeout(this.timer)
    this.touched.add("*")
    this.say("正在保存……")
    let saved
    try {
      saved = await post("/api/save", { ...this.request(), expected: this.expected })
    } catch (error) {
      this.say(error.message)
      return
    }
    if (saved.written) await this.wasSaved(saved)
    else if (saved.changed.length) await this.wasChanged(saved)
    else {
      this.display(saved)
      const errors = saved.found.filter((one) => one.severity === "error")
      this.say(`没有保存：还有 ${errors.length} 处要改正`)
      this.jump(errors.find((one) => one.path.length) ?? errors[0])
    }
  }

  async wasSaved(saved) {
    const moved = saved.id !== this.opened.id
    this.dirty = false
    const opened = await get("/api/record", { id: saved.id })
    if (moved || this.area || opened.notes.length !== this.opened.notes.length - this.settled.length) {
      await this.show(opened, Boolean(this.area))
    } else {
      this.opened = { ...opened, groups: this.opened.groups }
      this.settled = []
      this.expected = saved.digest
      this.display(saved)
    }
    history.replaceState(null, "", `#${saved.id}`)
    const also = moved ? `编号已被别人用了，改为 ${saved.id}；` : ""
    this.say(`${also}已保存到 ${opened.file}`)
  }

  async wasChanged(saved) {
    this.say("没有保存：文件已经被别处改过")
    const lines = saved.changed.map((line) => {
      const kind = line.startsWith("+") ? "add" : line.startsWith("-") ? "cut" : line === "…" ? "place" : "same"
      return el("span", { class: `edit-diff-${kind}` }, `${line}\n`)
    })
    const chosen = await ask("文件已经被别处改过", [
      el("p", {}, "打开之后，这个文件又被别的程序或别人改了。下面以 − 开头的是文件现在的内容，以 + 开头的是您要保存的内容。"),
      el("pre", { class: "edit-diff", tabindex: "0" }, ...lines),
    ], [["open", "放弃我的改动，重新打开"], ["over", "用我的内容覆盖"], ["", "先不保存", "edit-main"]])
    if (chosen === "open") await this.show(await get("/api/record", { id: this.opened.id }))
    if (chosen === "over") {
      this.expected = saved.digest
      await this.save()
    }
  }

  async switch() {
    if (this.dirty || !this.opened.digest) {
      const words = this.opened.digest ? "请先保存，再换一种方式修改。" : "新记录请先保存一次，再按文本修改。"
      await ask("还有没保存的改动", [el("p", {}, words)], [["", "知道了", "edit-main"]])
      return
    }
    await this.show(await get("/api/record", { id: this.opened.id }), !this.area)
  }
}
