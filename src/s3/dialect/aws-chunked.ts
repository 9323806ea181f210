/**
 * `aws-chunked`: a body in chunks of its own, inside whatever HTTP does, so that a client can sign as it goes or put
 * a checksum behind the data.
 *
 *     SIZE-IN-HEX[;chunk-signature=…]\r\n DATA \r\n … 0[;chunk-signature=…]\r\n [TRAILER:VALUE\r\n …] \r\n
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
 */

import type { Framing } from '../../service/dialect.ts'
import type { StreamBody } from '../../service/shape.ts'
import type { ChunkSignatures } from '../../service/signing/authentication.ts'
import { incompleteBody, invalidArgument, invalidRequest, malformedTrailer } from '../exceptions.ts'

/** Of a chunk's first line, and of all trailers together. */
const TEXT_LIMIT_BYTES = 8 * 1024
const NEWLINE = 0x0a

export function framingOf(
  headers: ReadonlyMap<string, string>,
  signatures?: ChunkSignatures,
): Framing | undefined {
  if (isAwsChunked(headers))
    return {
      headers: withoutFraming(headers),
      decode: (source) => decodeAwsChunked(source, decodedLengthOf(headers), signatures),
    }
  return isNamed(headers) ? { headers: withoutName(headers), decode: (source) => source } : undefined
}

/** Some clients name it beside another encoding and then send a body that is plain: its SHA-256 tells. */
export function isAwsChunked(headers: ReadonlyMap<string, string>): boolean {
  const sha256 = headers.get('x-amz-content-sha256')
  if (sha256 !== undefined) return sha256.startsWith('STREAMING-')
  return isNamed(headers) && headers.has('x-amz-decoded-content-length')
}

const isNamed = (headers: ReadonlyMap<string, string>): boolean =>
  /(^|[,\s])aws-chunked([,\s]|$)/.test(headers.get('content-encoding') ?? '')

/** How long the data is without its framing. */
function decodedLengthOf(headers: ReadonlyMap<string, string>): number | undefined {
  const text = headers.get('x-amz-decoded-content-length')
  if (text !== undefined && !/^\d+$/.test(text))
    throw invalidArgument(
      'Provided x-amz-decoded-content-length is not valid',
      'x-amz-decoded-content-length',
      text,
    )
  return text === undefined ? undefined : Number(text)
}

/** The headers as they would be without aws-chunked: the object's own length and encoding. */
function withoutFraming(headers: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const own = withoutName(headers)
  const length = headers.get('x-amz-decoded-content-length')
  if (length === undefined) own.delete('content-length')
  else own.set('content-length', length)
  return own
}

function withoutName(headers: ReadonlyMap<string, string>): Map<string, string> {
  const own = new Map(headers)
  const encodings = (headers.get('content-encoding') ?? '').split(',').map((word) => word.trim())
  const kept = encodings.filter((word) => word !== '' && word !== 'aws-chunked')
  if (kept.length > 0) own.set('content-encoding', kept.join(','))
  else own.delete('content-encoding')
  return own
}

/**
 * The data without its framing, as views into what came. Throws InvalidRequest for bad framing, IncompleteBody when the
 * data ends early or is not `lengthBytes` long, and what `signatures` throws where they are not those of the chunks.
 */
export function decodeAwsChunked(
  source: StreamBody,
  lengthBytes?: number,
  signatures?: ChunkSignatures,
): StreamBody {
  const trailers = new Map<string, string>()
  const views = createViews(source)
  async function* data() {
    const decoder = createDecoder(trailers, signatures)
    for await (const bytes of source) {
      views.add(bytes)
      for (const piece of decoder.push(bytes)) {
        views.add(piece)
        yield piece
      }
      views.release(bytes)
    }
    if (decoder.end() !== (lengthBytes ?? decoder.end())) throw incompleteBody()
  }
  return { trailers, release: views.release, [Symbol.asyncIterator]: data }
}

const malformedChunk = () => invalidRequest('The aws-chunked encoding of the body is not well-formed.')

/** Gives back what came, `whole`, when the last view into it was given back. */
function createViews({ release }: StreamBody) {
  const looks = new Map<ArrayBufferLike, { whole: Uint8Array; count: number }>()
  return {
    add(view: Uint8Array) {
      const look = looks.get(view.buffer)
      if (look) look.count++
      else looks.set(view.buffer, { whole: view, count: 1 })
    },
    release({ buffer }: Uint8Array) {
      const look = looks.get(buffer)!
      look.count--
      if (look.count > 0) return
      looks.delete(buffer)
      release?.(look.whole)
    },
  }
}

/** Takes bytes at any split. */
function createDecoder(trailers: Map<string, string>, signatures?: ChunkSignatures) {
  let state: 'size' | 'data' | 'data-end' | 'trailers' = 'size'
  let line = ''
  let signature: string | undefined
  let leftBytes = 0
  let totalBytes = 0

  /** Adds up to and with the next newline to `line`; returns how many bytes that took. */
  const readLine = (bytes: Uint8Array, from: number): number => {
    const newline = bytes.indexOf(NEWLINE, from)
    const end = newline < 0 ? bytes.length : newline + 1
    line += Buffer.from(bytes.buffer, bytes.byteOffset + from, end - from).toString('latin1')
    if (line.length > TEXT_LIMIT_BYTES) throw malformedChunk()
    return end - from
  }
  const takeLine = (): string => {
    const text = line.replace(/\r?\n$/, '')
    line = ''
    return text
  }
  const start = (text: string) => {
    const [, size, extensions] = /^([0-9a-fA-F]{1,13})(?:;(.*))?$/.exec(text) ?? []
    if (size === undefined) throw malformedChunk()
    signature = /^chunk-signature=(.*)$/.exec(extensions ?? '')?.[1]
    leftBytes = Number.parseInt(size, 16)
    totalBytes += leftBytes
    state = leftBytes === 0 ? 'trailers' : 'data'
    if (leftBytes === 0) signatures?.endChunk(signature)
  }

  function* push(bytes: Uint8Array): Generator<Uint8Array> {
    let at = 0
    while (at < bytes.length) {
      if (state === 'data') {
        const piece = bytes.subarray(at, at + leftBytes)
        at += piece.length
        leftBytes -= piece.length
        signatures?.update(piece)
        if (leftBytes === 0) {
          state = 'data-end'
          signatures?.endChunk(signature)
        }
        yield piece
        continue
      }
      at += readLine(bytes, at)
      if (!line.endsWith('\n') || state === 'trailers') continue
      const text = takeLine()
      if (state === 'size') start(text)
      else if (text === '') state = 'size'
      else throw malformedChunk()
    }
  }

  return {
    push,
    /** How many bytes the data had. */
    end(): number {
      if (state !== 'trailers') throw incompleteBody()
      for (const text of line.split('\n').filter((text) => text.trim() !== '')) {
        const colon = text.indexOf(':')
        if (colon < 0) throw malformedChunk()
        trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim())
      }
      if (signatures) checkTrailers(trailers, signatures)
      return totalBytes
    },
  }
}

const TRAILER_SIGNATURE = 'x-amz-trailer-signature'

/** Throws for what follows the data and is not signed, or not as it should be. */
function checkTrailers(trailers: ReadonlyMap<string, string>, signatures: ChunkSignatures): void {
  const signed = [...trailers].filter(([name]) => name !== TRAILER_SIGNATURE)
  if (!signatures.hasTrailer && trailers.size > 0) throw malformedTrailer()
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join('')
  if (signatures.hasTrailer) signatures.endTrailers(lines, trailers.get(TRAILER_SIGNATURE))
}
