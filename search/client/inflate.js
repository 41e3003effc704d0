/** Inflates what the index is packed with. No DOM; runs in the page and in the worker. */

/**
 * Inflated bytes. With a dictionary: those that follow it in a deflate stream that begins with it, after a checksum.
 * @param {Uint8Array} bytes @param {Uint8Array} [dictionary] @returns {Promise<Uint8Array>}
 */
export async function inflate(bytes, dictionary) {
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
