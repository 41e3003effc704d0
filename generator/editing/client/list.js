/** The list of records: search, filters, new record. */
import { get } from "./api.js"
import { ask, byId, el } from "./dom.js"

const WAIT = 200
const POLL = 700

export class RecordList {
  constructor(library, start) {
    this.library = library
    this.start = start
    this.view = byId("list")
    this.built = false
    this.asked = 0
  }

  show() {
    document.title = `记录目录 - ${this.library.name}`
    this.view.hidden = false
    if (!this.built) this.build()
    this.load({ refresh: "1" })
  }

  hide() {
    this.view.hidden = true
    clearTimeout(this.timer)
  }

  build() {
    this.built = true
    const { words } = this.library
    const years = [["", `全部${words.rounds}`], ...this.library.years.map((year) => [year, `${year} 年`])]
    const only = [["", "全部"], ["errors", "有错误的"], ["incomplete", "资料不全的"]]
    for (const { value, label } of this.library.states) only.push([value, label])
    const select = (id, label, options) => el("div", { class: "edit-filter" },
      el("label", { for: id }, label),
      el("select", { id, change: () => this.load() }, ...options.map(([value, text]) => el("option", { value }, text))))
    this.query = el("input", { id: "query", type: "search", autocomplete: "off", input: () => this.soon() })
    this.count = el("p", { class: "edit-count", role: "status" })
    this.rows = el("ol", { class: "edit-records" })
    this.view.replaceChildren(
      el("div", { class: "edit-list-head" },
        el("div", {},
          el("h1", {}, "选一条记录，或新建一条"),
          el("p", { class: "edit-lead" }, "改完保存到资料库的文件里；有错误的内容不会写进去。")),
        el("button", { type: "button", class: "edit-button edit-main", id: "new", click: () => this.ask() }, "新建记录")),
      el("form", { class: "edit-search", role: "search", submit: (event) => { event.preventDefault(); this.load() } },
        el("div", { class: "edit-filter edit-filter-wide" }, el("label", { for: "query" }, `${words.item}名称、${words.unit}、${words.people}或编号`), this.query),
        select("year", words.rounds, years), select("only", "只看", only)),
      this.count, this.rows)
  }

  soon() {
    clearTimeout(this.typing)
    this.typing = setTimeout(() => this.load(), WAIT)
  }

  async load(more = {}) {
    clearTimeout(this.timer)
    const number = ++this.asked
    const query = { q: this.query.value, year: byId("year").value, only: byId("only").value }
    let found
    try {
      found = await get("/api/records", { ...query, ...more })
    } catch (error) {
      this.count.textContent = error.message
      return
    }
    if (number !== this.asked) return
    this.fill(found)
    if (!found.ready) this.timer = setTimeout(() => this.load(), POLL)
  }

  fill(found) {
    const number = (n) => n.toLocaleString("zh-CN")
    const checking = found.ready ? "" : `；还在检查：${number(found.done)} / ${number(found.todo)} 条`
    if (!found.ready && !found.all) {
      this.count.textContent = found.todo ? `正在读取资料库：${number(found.done)} / ${number(found.todo)} 条` : "正在读取资料库……"
    } else if (!found.total) {
      this.count.textContent = found.all ? "没有找到；少写几个字，或换一个词试试" : "资料库里还没有记录，请新建"
    } else {
      const cut = found.total > found.records.length ? `，列出最新的 ${found.records.length} 条` : ""
      this.count.textContent = `${number(found.total)} 条${cut}${checking}`
    }
    this.rows.replaceChildren(...found.records.map((record) => this.row(record)))
  }

  row(record) {
    const marks = [
      record.errors ? el("span", { class: "edit-tag edit-tag-error" }, `${record.errors} 处错误`) : null,
      record.warnings && !record.errors ? el("span", { class: "edit-tag" }, "资料不全") : null,
      record.state ? el("span", { class: "edit-tag" }, record.state) : null,
    ]
    return el("li", {},
      el("a", { href: `#${record.id}` },
        el("span", { class: "edit-record-id case-num" }, record.id),
        el("span", { class: "edit-record-title" }, record.title || "（没有名称）"),
        el("span", { class: "edit-record-unit" }, record.unit || "单位未填"),
        el("span", { class: "edit-record-marks" }, ...marks)))
  }

  async ask() {
    const year = el("select", { id: "new-year", name: "year" },
      ...this.library.years.map((value) => el("option", { value }, `${value} 年`)))
    const states = this.library.states.filter((state) => state.value !== "revoked")
    const says = { nominated: "还没有评出结果", notice: "正在公示", announced: "已经公布，要写明来源" }
    const choices = states.map(({ value, label }, place) =>
      el("label", { class: "edit-choice" },
        el("input", { type: "radio", name: "status", value, checked: place === 0 }),
        el("span", {}, el("b", {}, label), says[value] ?? "")))
    const chosen = await ask("新建记录", [
      el("div", { class: "edit-field" }, el("label", { for: "new-year" }, `哪一${this.library.words.round}`), year),
      el("fieldset", { class: "edit-field" }, el("legend", {}, "现在的状态"), ...choices),
      el("p", { class: "edit-help" }, "编号自动取下一个。打开后把申报表（.docx）拖进来，就会填好大半。"),
    ], [["", "取消"], ["go", "开始填写", "edit-main"]])
    if (chosen !== "go") return
    const status = byId("ask").querySelector("input[name=status]:checked").value
    this.start(year.value, status)
  }
}
