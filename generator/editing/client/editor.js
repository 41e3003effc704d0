/** The editor: the list of records, or one record, as the fragment of the address says. */
import { get, post } from "./api.js"
import { ask, byId, el } from "./dom.js"
import { RecordList } from "./list.js"
import { RecordView } from "./record.js"

const library = await get("/api/library")
byId("library-name").textContent = library.name
const record = new RecordView(library)
const list = new RecordList(library, (year, status) => open(() => post("/api/new", { year, status })))
let shown = location.hash

async function open(load) {
  try {
    const opened = await load()
    list.hide()
    await record.show(opened)
    history.replaceState(null, "", `#${opened.id}`)
    shown = location.hash
    scrollTo(0, 0)
    byId("record-title").focus()
  } catch (error) {
    await ask("没有打开", [el("p", {}, error.message)], [["", "知道了", "edit-main"]])
    history.replaceState(null, "", "#")
    show()
  }
}

async function show() {
  const id = location.hash.slice(1)
  if (record.dirty && location.hash !== shown) {
    const leave = await ask("还有没保存的改动", [el("p", {}, "离开这条记录，没保存的改动就没有了。")],
      [["", "留下"], ["leave", "不保存，离开", "edit-main"]])
    if (leave !== "leave") {
      history.replaceState(null, "", shown)
      return
    }
  }
  shown = location.hash
  if (/^\d{4}-\d{5,7}$/.test(id)) {
    await open(() => get("/api/record", { id }))
  } else {
    record.close()
    list.show()
    byId("main").focus()
  }
}

document.querySelector(".case-skip").addEventListener("click", (event) => {
  event.preventDefault()
  byId("main").focus()
})
addEventListener("hashchange", show)
await show()
