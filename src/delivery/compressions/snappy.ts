/** Both containers hold raw Snappy blocks of 32 KiB of data each; neither is Snappy's own framing format. */
const BLOCK_BYTES = 32 * 1024

/** snappy-java's SnappyOutputStream: a magic, its version and the lowest compatible one, then length and block. */
const XERIAL_HEADER = Buffer.from('82534e41505059000000000100000001', 'hex')

export async function* xerialSnappy(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield XERIAL_HEADER
  for await (const { compressed } of compressedBlocksOf(body))
    yield withLengths(compressed.length, compressed)
}

/** Hadoop's BlockCompressorStream: the data's length, then length and block. */
export async function* hadoopSnappy(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const { dataBytes, compressed } of compressedBlocksOf(body))
    yield withLengths(dataBytes, compressed.length, compressed)
}

async function* compressedBlocksOf(body: AsyncIterable<Uint8Array>) {
  const { compressSync } = await import('snappy')
  for await (const block of blocksOf(body))
    yield { dataBytes: block.length, compressed: compressSync(Buffer.from(block)) }
}

async function* blocksOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0)
  for await (const chunk of body) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk
    let start = 0
    for (; start + BLOCK_BYTES <= bytes.length; start += BLOCK_BYTES)
      yield bytes.subarray(start, start + BLOCK_BYTES)
    rest = bytes.subarray(start)
  }
  if (rest.length > 0) yield rest
}

function withLengths(...parts: [...lengths: number[], bytes: Uint8Array]): Uint8Array {
  const bytes = parts.at(-1) as Uint8Array
  const lengths = parts.slice(0, -1) as number[]
  const framed = Buffer.allocUnsafe(4 * lengths.length + bytes.length)
  for (const [index, length] of lengths.entries()) framed.writeInt32BE(length, 4 * index)
  framed.set(bytes, 4 * lengths.length)
  return framed
}
