/** Reloads the page once it has changed; shows the mistakes that stopped a build, with the last good page below. */
const MARK = 'meta[name="caselib-page"]'

let number = Number(document.querySelector(MARK).dataset.news)
let first = true

/** Whether another page stands at this address than the one that is shown. */
async function changed() {
  const answer = await fetch(location.pathname, { cache: "no-store" })
  const page = new DOMParser().parseFromString(await answer.text(), "text/html")
  return page.querySelector(MARK)?.content !== document.querySelector(MARK).content
}

function show(mistakes) {
  let box = document.querySelector(".caselib-mistakes")
  if (!mistakes.length) {
    box?.remove()
    return
  }
  if (!box) {
    box = document.createElement("section")
    box.className = "caselib-mistakes"
    box.setAttribute("role", "alert")
    document.body.prepend(box)
  }
  const title = document.createElement("h2")
  title.textContent = "有错误，网站没有更新；下面是上一次的页面"
  const list = document.createElement("ul")
  for (const mistake of mistakes) {
    const item = document.createElement("li")
    item.textContent = mistake
    list.append(item)
  }
  box.replaceChildren(title, list)
}

for (;;) {
  try {
    const news = await (await fetch(`/-/news?after=${first ? -1 : number}`)).json()
    if (news.number !== number && !news.mistakes.length && (await changed())) location.reload()
    number = news.number
    first = false
    show(news.mistakes)
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}
