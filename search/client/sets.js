/** Sorted lists of documents, and tiers of all documents as one byte each. No DOM. */

export const NONE = 255

/** What is in both of two ascending lists. @param {Uint32Array} a @param {Uint32Array} b */
export function intersect(a, b) {
  if (a.length > b.length) [a, b] = [b, a]
  const out = new Uint32Array(a.length)
  let size = 0, at = 0
  for (const value of a) {
    let step = 1
    while (at + step < b.length && b[at + step] < value) step *= 2
    let low = at + (step >> 1), high = Math.min(at + step, b.length)
    while (low < high) {
      const middle = (low + high) >> 1
      if (b[middle] < value) low = middle + 1
      else high = middle
    }
    at = low
    if (at >= b.length) break
    if (b[at] === value) out[size++] = value
  }
  return out.subarray(0, size)
}

/** What is in any of several ascending lists. @param {Uint32Array[]} lists */
export function unite(lists) {
  if (lists.length === 1) return lists[0]
  const all = new Uint32Array(lists.reduce((sum, list) => sum + list.length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  all.sort()
  let size = 0
  for (let n = 0; n < all.length; n += 1) if (!n || all[n] !== all[n - 1]) all[size++] = all[n]
  return all.subarray(0, size)
}

/** Documents in an order, those of better tiers first. @param {Uint8Array} tiers @param {Uint32Array} order @param {boolean} ranked */
export function inOrder(tiers, order, ranked) {
  const counts = new Uint32Array(257)
  if (ranked) for (const tier of tiers) counts[tier + 1] += 1
  else for (const tier of tiers) counts[tier === NONE ? NONE + 1 : 1] += 1
  const total = tiers.length - counts[NONE + 1]
  for (let n = 1; n < 257; n += 1) counts[n] += counts[n - 1]
  const out = new Uint32Array(total)
  for (const document of order) {
    const tier = tiers[document]
    if (tier !== NONE) out[counts[ranked ? tier : 0]++] = document
  }
  return out
}

/** All documents by numbers of theirs, smallest first, equal ones in order. @param {Uint32Array} keys */
export function orderBy(keys) {
  /** @type {Map<number, number[]>} */
  const groups = new Map()
  keys.forEach((key, document) => {
    const group = groups.get(key)
    if (group) group.push(document)
    else groups.set(key, [document])
  })
  return Uint32Array.from([...groups.keys()].sort((a, b) => a - b).flatMap((key) => groups.get(key) ?? []))
}
