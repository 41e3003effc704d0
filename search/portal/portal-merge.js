/** Puts the answers of several indexes into one order. No DOM. */

/**
 * `count` results from number `start` on, each as [index, document]: the least in `ranks` first, by default the better
 * match; among equals every index has its turn, in its own order, which must be by rank. The work is in proportion to
 * `start` + `count`, not to all that was found.
 * @param {(import("./engine.js").Answer | null)[]} answers @param {number} start @param {number} count
 * @param {(ArrayLike<number> | undefined)[]} [ranks] of all documents of each index @returns {[number, number][]}
 */
export function merged(answers, start, count, ranks = answers.map((answer) => answer?.tiers)) {
  const at = answers.map(() => 0)
  /** @type {[number, number][]} */
  const found = []
  const tierAt = (/** @type {number} */ n) => {
    const answer = answers[n]
    return answer && at[n] < answer.documents.length ? (ranks[n] ?? answer.tiers)[answer.documents[at[n]]] : Infinity
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

/** At most `most` of the items of several lists: the first of each, then the second. @template T @param {T[][]} lists @param {number} most @returns {T[]} */
export function inTurn(lists, most) {
  const longest = Math.max(0, ...lists.map((items) => items.length))
  return Array.from({ length: longest }, (_, n) => lists.flatMap((items) => items.slice(n, n + 1))).flat().slice(0, most)
}
