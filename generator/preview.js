/** Reloads the page after a build; shows the mistakes that stopped one, with the last good page below. */
let number = -1

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
    const news = await (await fetch(`/-/news?after=${number}`)).json()
    if (number >= 0 && news.number !== number && !news.mistakes.length) location.reload()
    number = news.number
    show(news.mistakes)
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
}
