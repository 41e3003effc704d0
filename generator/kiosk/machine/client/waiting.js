/** The page of a screen that has no content yet: calls the server, and loads the showcase once it is there. */
import { beat, pageId } from "./calls.js"

const page = pageId()
const TAPS = 5
const WITHIN = 4000
let taps = []

async function call() {
  const state = await beat(page, "waiting")
  if (state?.version) location.reload()
}

// The same gesture as on the showcase: five taps in the corner.
document.getElementById("corner").addEventListener("pointerdown", (event) => {
  taps = [...taps, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN)
  if (taps.length >= TAPS) location.assign("/-/technician")
})

call()
setInterval(call, 5000)
