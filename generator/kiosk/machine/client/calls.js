/** Calls of the machine's own pages to their server. */

/** @returns {string} a random name for this load of the page */
export const pageId = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (n) => n.toString(16).padStart(2, "0")).join("")

/**
 * Tells the watchdog that the page lives.
 * @returns {Promise<{version: string, ready: string} | null>} null where the server did not answer
 */
export async function beat(page, phase) {
  return (await ask(`/-/alive?${new URLSearchParams({ page, phase })}`))?.body ?? null
}

/** @returns {Promise<{status: number, body: any} | null>} null where the server did not answer */
export async function ask(address, headers = {}) {
  try {
    const answer = await fetch(address, { headers, cache: "no-store" })
    return { status: answer.status, body: await answer.json() }
  } catch {
    return null
  }
}
