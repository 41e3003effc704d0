/** The engines of a page: one for each index, shared by its elements. */
import { Engine } from "./engine.js"

/** @type {Map<string, Engine>} */
const engines = new Map()

/** The engine of an index. @param {string} url of its manifest, as the page writes it @returns {Engine} */
export function engineFor(url) {
  const full = new URL(url, document.baseURI).href
  const address = location.protocol === "file:" ? full.replace(/\.json$/, ".js") : full
  const engine = engines.get(address) ?? new Engine(address)
  engines.set(address, engine)
  return engine
}
