/** Five taps in the upper left corner, the first of them in the loop: leads the technician to the server's page. */

const TAPS = 5
const WITHIN = 4000
const CORNER = 0.12

/** @param {() => string} phase @param {() => boolean} served whether our server answers */
export function watchCorner(phase, served) {
  /** @type {number[]} */
  let taps = []
  addEventListener("pointerdown", (event) => {
    const side = CORNER * Math.min(innerWidth, innerHeight)
    if (event.clientX > side || event.clientY > side || (!taps.length && phase() !== "attract")) {
      taps = []
      return
    }
    taps = [...taps.filter((at) => event.timeStamp - at < WITHIN), event.timeStamp]
    if (taps.length >= TAPS && served()) location.assign("/-/technician")
  }, { capture: true, passive: true })
}
