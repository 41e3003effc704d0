/** The showcase: the loop, a visit, the question whether anybody is still there. */
import { Attract } from "./attract.js"
import { byId } from "./dom.js"
import { guard } from "./guard.js"
import { Heartbeat } from "./heartbeat.js"
import { isOpen } from "./hours.js"
import { Idle } from "./idle.js"
import { Library } from "./library.js"
import { watchCorner } from "./technician.js"
import { painted } from "./search/dom.js"
import { markTouches } from "./touch.js"
import { Visit } from "./visit.js"

const EVERY_MINUTE = 60_000
const root = document.documentElement

/** @param {"attract" | "visit" | "countdown"} phase */
function enterPhase(phase) {
  root.dataset.phase = phase
  byId("k-attract").hidden = phase !== "attract"
  byId("k-visit").hidden = phase === "attract"
  byId("k-ask").hidden = phase !== "countdown"
  byId("k-visit").inert = phase === "countdown"
}

async function begin() {
  guard()
  markTouches()
  const version = /** @type {HTMLMetaElement} */ (document.querySelector("meta[name=kiosk-version]")).content
  const phase = () => root.dataset.phase ?? "attract"
  const heartbeat = new Heartbeat(version, phase, () => location.reload())
  watchCorner(phase, () => heartbeat.heard === true)
  heartbeat.start()
  const start = await (await fetch(root.dataset.start ?? "")).json()
  const library = new Library(start)
  const attract = new Attract(library)
  const visit = new Visit(library, (id) => heartbeat.opened.push(id))

  const idle = new Idle(start.idle, {
    ask: () => {
      enterPhase("countdown")
      byId("k-stay").focus({ preventScroll: true })
    },
    tick: (left) => (byId("k-left").textContent = String(left)),
    stay: () => enterPhase("visit"),
    end: () => {
      enterPhase("attract")
      visit.reset()
      idle.rest()
      attract.start()
    },
    busy: () => visit.busy,
  })

  let waking = false
  const wake = async () => {
    if (waking) return
    waking = true
    const { shown } = attract
    await painted()
    waking = false
    attract.stop()
    enterPhase("visit")
    root.dataset.closed = "no"
    visit.open(shown)
    idle.touch()
    heartbeat.beat()
  }
  const alive = () => {
    // Answered with its click: the finger that says "I am here" must not open what lies below the question.
    if (phase() === "visit") idle.touch()
  }
  byId("k-ask").addEventListener("click", () => idle.touch())
  byId("k-attract").addEventListener("click", wake)
  for (const name of ["pointerdown", "keydown", "wheel"]) addEventListener(name, alive, { passive: true, capture: true })
  addEventListener("scroll", alive, { passive: true, capture: true })
  // A film was use up to its end, which comes as a pause as well.
  addEventListener("pause", alive, { capture: true })

  const look = () => {
    root.dataset.closed = isOpen(start.hours, start.day, new Date()) || phase() !== "attract" ? "no" : "yes"
    if (phase() !== "attract") return
    if (root.dataset.closed === "yes") attract.stop()
    else attract.start()
  }
  look()
  setInterval(look, EVERY_MINUTE)
  root.dataset.ready = "yes"
}

begin().catch((error) => {
  root.dataset.failed = "yes"
  // The page has nothing to show without its data: another try, until a server is there again.
  setTimeout(() => location.reload(), 5000)
  throw error
})
