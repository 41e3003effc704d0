/** The real page of the record in a frame without scripts, kept where the reader was. */
import { el } from "./dom.js"

export class Preview {
  constructor() {
    this.state = el("p", { class: "edit-preview-state", role: "status" }, "正在准备……")
    this.open = el("a", { class: "edit-preview-open", target: "_blank", rel: "noopener", hidden: true }, "在新窗口打开")
    // Same origin, so that its styles and pictures come with the cookie; without scripts, so that it can do nothing.
    this.frame = el("iframe", { title: "这条记录的网页", sandbox: "allow-same-origin", hidden: true })
    this.view = el("section", { class: "edit-preview", "aria-labelledby": "preview-title" },
      el("div", { class: "edit-preview-head" }, el("h2", { id: "preview-title" }, "预览"), this.state, this.open),
      this.frame)
    this.frame.addEventListener("load", () => this.frame.contentWindow?.scrollTo(0, this.top ?? 0))
  }

  /** address: of the page, empty where the record has errors. note: what to say then. */
  show(address, note) {
    if (!address) {
      this.state.textContent = this.frame.hidden ? note : `${note}下面是改错之前的样子。`
      return
    }
    this.top = this.frame.hidden ? 0 : this.frame.contentWindow?.scrollY
    this.frame.hidden = this.open.hidden = false
    this.open.href = `/preview/${address}`
    const framed = `/preview/${address}?frame=1`
    // Replaced, so that the way back leads to the list and not through every state of the page.
    if (this.frame.src) this.frame.contentWindow.location.replace(framed)
    else this.frame.src = framed
    this.state.textContent = note
  }
}
