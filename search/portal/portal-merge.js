/** Puts the answers of several indexes into one order. No DOM. */

/**
 * `count` results from number `start` on, each as [index, document]: the better match first; among equals every index
 * has its turn, in its own order. The work is in proportion to `start` + `count`, not to all that was found.
 * @param {(import("./engine.js").Answer | null)[]} answers @param {number} start @param {number} count @returns {[number, number][]}
 */
export function merged(answers, start, count) {
  const at = answers.map(() => 0)
  /** @type {[number, number][]} */
  const found = []
  const tierAt = (/** @type {number} */ n) => {
    const answer = answers[n]
    return answer && at[n] < answer.documents.length ? answer.tiers[answer.documents[at[n]]] : Infinity
  }
  for (let passed = 0; passed < start + count;) {
    const tiers = answers.map((_, n) => tierAt(n))
    const best = Math.min(...tiers)
    if (best === Infinity) break
    for (const [n, tier] of tiers.entries()) {
      if (tier !== best || passed >= start + count) continue
      if (passed >= start) found.push([n, /** @type {import("./engine.js").Answer} */ (answers[n]).documents[at[n]]])
      at[n] += 1
      passed += 1
    }
  }
  return found
}
