/** Opens pictures large in a <dialog>; arrow keys turn. Without a dialog, or in 大字版, where nothing may float, links lead to the file. */

/**
 * @param {HTMLDialogElement | null} box  holds one img and one p for the caption
 * @param {Iterable<HTMLAnchorElement>} links  each leads to a picture and holds its img
 */
export function lightbox(box, links) {
  const all = [...links]
  if (!box?.showModal || !all.length) return
  let at = 0

  const show = place => {
    at = (place + all.length) % all.length
    const small = all[at].querySelector("img")
    const large = box.querySelector("img")
    large.src = all[at].href
    large.alt = small.alt
    large.width = small.getAttribute("width") || 0
    large.height = small.getAttribute("height") || 0
    box.querySelector("p").textContent = all[at].parentElement.querySelector("figcaption, .case-stand-caption")?.textContent ?? small.alt
  }

  all.forEach((link, place) => link.addEventListener("click", event => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || document.documentElement.dataset.size === "large") return
    event.preventDefault()
    show(place)
    box.showModal()
  }))
  box.addEventListener("click", event => { if (event.target === box) box.close() })
  box.addEventListener("keydown", event => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (step) show(at + step)
  })
}
