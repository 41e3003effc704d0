/** A case page: its tools. Each appears only where it works. */
import { lightbox } from "./lightbox.js"
import { speaker } from "./speak.js"
import { say } from "./say.js"

const tools = document.querySelector("#case-tools")
const said = tools?.querySelector("[role=status]")

/** Puts `text` on the clipboard and says `told`. */
async function copy(text, told) {
  try {
    await navigator.clipboard.writeText(text)
    said.textContent = told
  } catch {
    said.textContent = say("浏览器不让复制，请手动选择")
  }
}

if (tools) {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = !navigator.clipboard
    button.addEventListener("click", () => copy(document.querySelector(button.dataset.copy).textContent.trim(), say("已复制引文")))
  }
  const link = tools.querySelector("[data-copy-link]")
  link.hidden = !navigator.clipboard
  link.addEventListener("click", () => copy(location.href.split("#")[0], say("已复制链接")))
  tools.querySelector("[data-print]").addEventListener("click", () => print())
  speaker(tools.querySelector("[data-speak]"), () => [
    document.querySelector("h1").textContent,
    ...[...document.querySelectorAll(".case-summary, .case-prose h2, .case-prose :is(p, li)")].map(part => part.textContent),
  ])
}
lightbox(document.querySelector(".case-box"), document.querySelectorAll("[data-zoom]"))
