/** Notices that nobody is there any more: first asks, then ends the visit. No DOM. */

export class Idle {
  /**
   * @param {{after: number, countdown: number}} seconds
   * @param {{ask: () => void, tick: (left: number) => void, stay: () => void, end: () => void, busy: () => boolean}} told
   *   busy: whether something is in use by itself, as a video that plays
   */
  constructor(seconds, told) {
    this.seconds = seconds
    this.told = told
    this.timer = 0
    this.left = 0
  }

  get asking() {
    return this.left > 0
  }

  /** A sign of life: begins to wait anew. */
  touch() {
    if (this.asking) this.told.stay()
    this.left = 0
    clearTimeout(this.timer)
    this.timer = window.setTimeout(() => this.late(), this.seconds.after * 1000)
  }

  /** Nothing is waited for: the loop runs. */
  rest() {
    clearTimeout(this.timer)
    this.left = 0
  }

  late() {
    if (this.told.busy()) return this.touch()
    this.left = this.seconds.countdown
    this.told.ask()
    this.count()
  }

  count() {
    this.told.tick(this.left)
    this.timer = window.setTimeout(() => {
      this.left -= 1
      if (this.left > 0) return this.count()
      this.told.end()
    }, 1000)
  }
}
