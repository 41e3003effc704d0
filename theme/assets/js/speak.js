/** Reading aloud, where the browser can. */

import { say } from "./say.js"

/**
 * @param {HTMLButtonElement | null} button  shown only when there is a voice to hope for
 * @param {() => string[]} texts  what to read, part by part
 */
export function speaker(button, texts) {
  if (!button || !("speechSynthesis" in window)) return
  const stop = () => { speechSynthesis.cancel(); button.textContent = say("朗读"); button.setAttribute("aria-pressed", "false") }
  button.hidden = false
  stop()
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-pressed") === "true") return stop()
    const parts = texts().map(text => text.trim()).filter(Boolean)
    parts.forEach((text, place) => {
      const words = new SpeechSynthesisUtterance(text)
      words.lang = "zh-CN"
      if (place === parts.length - 1) words.onend = stop
      words.onerror = stop
      speechSynthesis.speak(words)
    })
    button.textContent = say("停止朗读")
    button.setAttribute("aria-pressed", "true")
  })
  addEventListener("pagehide", () => speechSynthesis.cancel())
}
