/** Inflates what the index is packed with. No DOM; runs in the page and in the worker. */

/**
 * Inflated bytes. With a dictionary: those that follow it in a deflate stream that begins with it, after a checksum.
 * @param {Uint8Array} bytes @param {Uint8Array} [dictionary] @returns {Promise<Uint8Array>}
 */
export async function inflate(bytes, dictionary) {
  const size = dictionary?.length ?? 0
  const packed = dictionary ? new Uint8Array(5 + size + bytes.length - 4) : bytes
  if (dictionary) {
    packed.set([0, size & 255, size >> 8, ~size & 255, (~size >> 8) & 255])
    packed.set(dictionary, 5)
    packed.set(bytes.subarray(4), 5 + size)
  }
  const { readable, writable } = new DecompressionStream(dictionary ? "deflate-raw" : "deflate")
  const writer = writable.getWriter()
  const sent = Promise.all([writer.write(packed), writer.close()])
  const [whole] = await Promise.all([new Response(readable).arrayBuffer(), sent])
  const plain = new Uint8Array(whole).subarray(size)
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
