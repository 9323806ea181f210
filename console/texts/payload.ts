/** What a payload is, for showing it: bytes, text, JSON. It is never markup. */

export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const characters = atob(base64)
  const bytes = new Uint8Array(characters.length)
  for (let at = 0; at < characters.length; at++) bytes[at] = characters.charCodeAt(at)
  return bytes
}

export function base64Of(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}

export const base64OfText = (text: string): string => base64Of(new TextEncoder().encode(text))

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b

/** As far as it can be decompressed, for a preview may hold the beginning alone; about `maxBytes` at most. */
export async function gunzip(
  bytes: Uint8Array<ArrayBuffer>,
  maxBytes = Number.POSITIVE_INFINITY,
): Promise<Uint8Array<ArrayBuffer>> {
  let sizeBytes = 0
  const pieces: Uint8Array<ArrayBuffer>[] = []
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip')).getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      pieces.push(value)
      sizeBytes += value.byteLength
      if (sizeBytes < maxBytes) continue
      await reader.cancel()
      break
    }
  } catch (failure) {
    if (pieces.length === 0) throw failure
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer())
}

const decoder = new TextDecoder()
export const utf8 = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Undefined when the bytes are no text that a shell could hold. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

/** Undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Offset, sixteen bytes, and what of them can be printed. */
export function hexDump(bytes: Uint8Array, limit = 4_096): string {
  const lines: string[] = []
  for (let at = 0; at < Math.min(bytes.length, limit); at += 16) {
    const row = [...bytes.subarray(at, at + 16)]
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const print = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '·')).join('')
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${print}`)
  }
  if (bytes.length > limit) lines.push(`… the first ${limit} of ${bytes.length} bytes`)
  return lines.join('\n')
}

/** A document over several lines, if it is JSON. */
export function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}
