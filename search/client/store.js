/** Fetches the files of an index and keeps them: the manifest, and what stands in the folder that it names. No DOM but script elements for file://. */

/** What went wrong: "network" (offline, missing), "damaged" (does not decode), "changed" (another build is there now). */
export class IndexFault extends Error {
  /** @param {"network" | "damaged" | "changed"} kind @param {string} name */
  constructor(kind, name) {
    super(`${kind}: ${name}`)
    this.kind = kind
  }
}

const KEPT_BYTES = 24e6

/**
 * Inflated bytes. With a dictionary: those that follow it in a deflate stream that begins with it, after a checksum.
 * @param {Uint8Array} bytes @param {Uint8Array} [dictionary] @returns {Promise<Uint8Array>}
 */
async function inflate(bytes, dictionary) {
  const size = dictionary?.length ?? 0
  const stored = Uint8Array.of(0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255)
  const blob = new Blob(dictionary ? [stored, dictionary, bytes.subarray(4)] : [bytes])
  const stream = blob.stream().pipeThrough(new DecompressionStream(dictionary ? "deflate-raw" : "deflate"))
  const plain = new Uint8Array(await new Response(stream).arrayBuffer()).subarray(size)
  if (dictionary && checksum(plain) !== new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)) throw new RangeError("checksum")
  return plain
}

/** Adler-32. @param {Uint8Array} bytes */
function checksum(bytes) {
  let a = 1, b = 0
  for (const byte of bytes) {
    a = (a + byte) % 65521
    b = (b + a) % 65521
  }
  return b * 65536 + a
}

/** Files of one index. `manifest` is there after open(). */
export class Store {
  /** @param {string} url of the manifest; a script copy is read where that ends in .js (file://) */
  constructor(url) {
    this.url = url
    this.scripts = url.endsWith(".js")
    /** @type {any} */
    this.manifest = null
    /** @type {Map<string, Promise<any>>} */
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
    if (manifest?.format !== 1) throw new IndexFault("changed", "manifest.json")
    if (this.manifest?.build !== manifest.build) {
      this.kept.clear()
      this.size = 0
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
    let promise = this.kept.get(name)
    if (promise) {
      this.kept.delete(name)
    } else {
      promise = this.read(name, decode, dictionary)
      promise.catch(() => this.kept.delete(name))
    }
    this.kept.set(name, promise)
    if (this.size > KEPT_BYTES) this.forget()
    return promise
  }

  /** Drops the half of the files that were not used for longest. */
  forget() {
    const names = [...this.kept.keys()]
    for (const name of names.slice(0, names.length >> 1)) this.kept.delete(name)
    this.size /= 2
  }

  /** Whether a file is here already or on its way. @param {string} name */
  has(name) {
    return this.kept.has(name)
  }

  /** @template T @param {string} name @param {(bytes: Uint8Array) => T} decode @param {Uint8Array} [dictionary] @returns {Promise<T>} */
  async read(name, decode, dictionary) {
    const { build } = this.manifest
    try {
      return await this.attempt(name, decode, "default", dictionary)
    } catch (error) {
      if (this.manifest.build !== build) throw new IndexFault("changed", name)
      await this.open(true)
      if (this.manifest.build !== build) throw new IndexFault("changed", name)
      if (error instanceof IndexFault && error.kind === "network") throw error
      return this.attempt(name, decode, "reload", dictionary)
    }
  }

  /** @template T @param {string} name @param {(bytes: Uint8Array) => T} decode @param {RequestCache} cache @param {Uint8Array} [dictionary] @returns {Promise<T>} */
  async attempt(name, decode, cache, dictionary) {
    const { build } = this.manifest
    const url = new URL(`${build}/${name}`, new URL(this.url, document.baseURI)).href
    const bytes = this.scripts
      ? await loadScript(url.replace(/\.\w+$/, ".js"), name, false)
      : await this.fetched(url, cache, (response) => response.arrayBuffer())
    this.loaded += bytes.byteLength
    try {
      const plain = await inflate(new Uint8Array(bytes), dictionary)
      this.size += plain.length * 4
      return decode(plain)
    } catch {
      throw new IndexFault("damaged", name)
    }
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
