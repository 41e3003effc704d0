/** Fetches the files of an index and keeps them, if they are those that the manifest leads to. No DOM but script elements for file://. */
import { inflate } from "./inflate.js"

/** What went wrong: "network" (offline, missing), "damaged" (does not decode), "changed" (another build is there now). */
export class IndexFault extends Error {
  /** @param {"network" | "damaged" | "changed"} kind @param {string} name */
  constructor(kind, name) {
    super(`${kind}: ${name}`)
    this.kind = kind
  }
}

const KEPT_BYTES = 96e6
const FORMAT = 2
const SHARDS_A_SUM = 64
const TEXTS_A_SUM = 128

/** Checksum of a file in 16 bits, as the files of sums have it: texts begin with their checksum, zlib streams end with it. @param {Uint8Array} bytes @param {boolean} first */
function sumOf(bytes, first) {
  const at = first ? 0 : bytes.length - 4
  return (bytes[at] * 256 + bytes[at + 1]) ^ (bytes[at + 2] * 256 + bytes[at + 3])
}

/** Files of one index. `manifest` is there after open(). */
export class Store {
  /**
   * @param {string} url of the manifest; a script copy is read where that ends in .js (file://)
   * @param {number} [most] bytes of decoded files that are kept, roughly
   */
  constructor(url, most = KEPT_BYTES) {
    this.url = url
    this.most = most
    this.scripts = url.endsWith(".js")
    /** @type {any} */
    this.manifest = null
    /** @type {Map<string, {value: Promise<any>, bytes: number}>} */
    this.kept = new Map()
    this.size = 0
    this.loaded = 0
  }

  /** The manifest; read again, past every cache, if `again`. @param {boolean} [again] */
  async open(again = false) {
    if (this.manifest && !again) return this.manifest
    const manifest = this.scripts
      ? await loadScript(this.url, "manifest.json", again)
      : await this.fetched(this.url, again ? "reload" : "no-cache", (response) => response.json())
    if (manifest?.format !== FORMAT) throw new IndexFault("changed", "manifest.json")
    if (this.manifest?.build !== manifest.build) {
      this.forget()
    }
    this.manifest = manifest
    return manifest
  }

  /**
   * A file of the index, inflated and decoded; kept until there is too much of it.
   * @template T @param {string} name @param {(bytes: Uint8Array) => T} decode @param {Uint8Array} [dictionary] that it was packed with
   * @returns {Promise<T>}
   */
  file(name, decode, dictionary) {
    const known = this.kept.get(name)
    const entry = known ?? { value: this.read(name, decode, dictionary), bytes: 0 }
    if (!known) entry.value.catch(() => this.kept.get(name) === entry && this.drop(name))
    this.kept.delete(name)
    this.kept.set(name, entry)
    if (this.size > this.most) this.thin()
    return entry.value
  }

  /** Drops the half of the files that were not used for longest. */
  thin() {
    const names = [...this.kept.keys()]
    for (const name of names.slice(0, names.length >> 1)) this.drop(name)
  }

  /** Drops all files but those named. @param {string[]} [but] */
  forget(but = []) {
    for (const name of [...this.kept.keys()]) if (!but.includes(name)) this.drop(name)
  }

  /** @param {string} name */
  drop(name) {
    this.size -= this.kept.get(name)?.bytes ?? 0
    this.kept.delete(name)
  }

  /** Notes how much room a file takes. @param {string} name @param {number} bytes */
  weigh(name, bytes) {
    const entry = this.kept.get(name)
    if (!entry) return
    this.size += bytes - entry.bytes
    entry.bytes = bytes
  }

  /** Whether a file is here already or on its way. @param {string} name */
  has(name) {
    return this.kept.has(name)
  }

  /**
   * The file with the checksum that the manifest leads to: as it comes, or else read past every cache.
   * @template T @param {string} name @param {(bytes: Uint8Array) => T} decode @param {Uint8Array} [dictionary] @returns {Promise<T>}
   */
  async read(name, decode, dictionary) {
    const { build } = this.manifest
    try {
      return await this.attempt(name, decode, dictionary, false)
    } catch (error) {
      if (this.manifest.build !== build) throw new IndexFault("changed", name)
      await this.open(true)
      if (this.manifest.build !== build) throw new IndexFault("changed", name)
      if (error instanceof IndexFault && error.kind === "network") throw error
      return this.attempt(name, decode, dictionary, true)
    }
  }

  /** @template T @param {string} name @param {(bytes: Uint8Array) => T} decode @param {Uint8Array | undefined} dictionary @param {boolean} again @returns {Promise<T>} */
  async attempt(name, decode, dictionary, again) {
    const wanted = this.sum(name)
    wanted.catch(() => {})
    const url = new URL(`${FORMAT}/${name}`, new URL(this.url, document.baseURI)).href
    const bytes = this.scripts
      ? await loadScript(url.replace(/\.\w+$/, ".js"), name, again)
      : new Uint8Array(await this.fetched(again ? `${url}?${this.manifest.build}` : url, again ? "reload" : "default", (response) => response.arrayBuffer()))
    this.loaded += bytes.byteLength
    /** @type {T} */
    let value
    try {
      const plain = await inflate(bytes, dictionary)
      this.weigh(name, plain.length * 4)
      value = decode(plain)
    } catch {
      throw new IndexFault("damaged", name)
    }
    if (sumOf(bytes, Boolean(dictionary)) !== await wanted) throw new IndexFault("changed", name)
    return value
  }

  /** The checksum that a file must have. @param {string} name @returns {Promise<number>} */
  async sum(name) {
    const { sums } = this.manifest
    const [, kind, number] = /^([gpt])\/(\d+)\.bin$/.exec(name) ?? []
    if (!kind) {
      const [, list, place] = /^s\/([gt])(\d+)\.bin$/.exec(name) ?? []
      return parseInt(list ? sums[list].slice(place * 4, place * 4 + 4) : sums[name], 16)
    }
    const [list, size] = kind === "t" ? ["t", TEXTS_A_SUM] : ["g", SHARDS_A_SUM]
    const block = await this.file(`s/${list}${Math.floor(number / size)}.bin`, (bytes) => bytes)
    const at = 2 * ((number % size) + (kind === "p" ? block.length / 4 : 0))
    return block[at] + block[at + 1] * 256
  }

  /** @template T @param {string} url @param {RequestCache} cache @param {(response: Response) => Promise<T>} take @returns {Promise<T>} */
  async fetched(url, cache, take) {
    try {
      const response = await fetch(url, { cache, credentials: "same-origin" })
      if (response.ok) return await take(response)
    } catch {
      throw new IndexFault("network", url)
    }
    throw new IndexFault("network", url)
  }
}

/** @type {Map<string, (value: any) => void>} */
const awaited = new Map()

/** Loads a script copy; the script calls caseShard or caseManifest. @param {string} url @param {string} name @param {boolean} again @returns {Promise<any>} */
function loadScript(url, name, again) {
  const scope = /** @type {any} */ (globalThis)
  scope.caseManifest = (/** @type {any} */ value) => awaited.get("manifest.json")?.(value)
  scope.caseShard = (/** @type {string} */ shard, /** @type {string} */ text) =>
    awaited.get(shard)?.(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)))
  return new Promise((resolve, reject) => {
    const script = document.createElement("script")
    const end = () => {
      script.remove()
      awaited.delete(name)
    }
    awaited.set(name, (value) => {
      end()
      resolve(value)
    })
    script.onerror = script.onload = () => {
      if (!awaited.has(name)) return
      end()
      reject(new IndexFault("network", url))
    }
    script.src = again ? `${url}?${Date.now()}` : url
    document.head.append(script)
  })
}
