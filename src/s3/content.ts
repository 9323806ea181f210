import { type Change, isEngineError } from '../engine/engine.ts'
import { free } from '../service/free.ts'
import type { StreamBody } from '../service/shape.ts'
import { piecesKey, wantedKey } from './document-key.ts'
import type { ByteRange } from './range.ts'
import { readInTurn } from './read-in-turn.ts'
import type { S3 } from './s3.ts'

/** Objects up to this size lie in the metadata store: one flush to disk instead of two, and no file to open. */
export const INLINE_BYTES = 64 * 1024

/** Where the bytes of an object or a part are. Ids are random and never used twice; what they name never changes. */
export type Content =
  | { readonly in: 'nothing' }
  | { readonly in: 'inline'; readonly id: string }
  | { readonly in: 'blob'; readonly id: string }
  | { readonly in: 'pieces'; readonly id: string }

/** One part of an object that was uploaded in parts. */
export interface Piece {
  readonly sizeBytes: number
  readonly content: Content
  /** Base64, of the object's algorithm. */
  readonly checksum?: string
}

export const piecesOf = async (
  { metadata }: Pick<S3, 'metadata'>,
  id: string,
): Promise<readonly Piece[] | undefined> => (await metadata.get<readonly Piece[]>(piecesKey(id)))?.value

type Stores = Pick<S3, 'metadata' | 'blobs' | 'smallContents' | 'readers'>

/**
 * The bytes of `range`, read as they are taken. Undefined when the content is no longer there: it was replaced
 * since its document was read.
 */
export async function openContent(
  stores: Stores,
  content: Content,
  range: ByteRange,
): Promise<StreamBody | undefined> {
  if (content.in === 'nothing' || range.start === range.end) return nothing()
  if (content.in === 'inline') {
    const bytes = await stores.smallContents.read(content.id)
    return bytes && once(bytes.subarray(range.start, range.end))
  }
  if (content.in === 'blob')
    try {
      return ownPieces(await stores.blobs.read(content.id, range))
    } catch (error) {
      if (isEngineError(error, 'NoSuchBlob')) return undefined
      throw error
    }
  return openPieces(stores, content.id, range)
}

async function openPieces(stores: Stores, id: string, range: ByteRange): Promise<StreamBody | undefined> {
  const { readers } = stores
  if (!readers.enter(id)) return undefined
  try {
    const pieces = await piecesOf(stores, id)
    if (!pieces) {
      readers.leave(id)
      return undefined
    }
    const sources = cut(pieces, range).map(({ piece, range }) => async () => {
      const bytes = await openContent(stores, piece.content, range)
      if (!bytes) throw new Error('an object was replaced while it was read')
      return bytes.release ? bytes : copies(bytes)
    })
    return ownPieces(readInTurn(sources, () => readers.leave(id)))
  } catch (error) {
    readers.leave(id)
    throw error
  }
}

/** The pieces that a range touches, each with the range within it. */
function cut(pieces: readonly Piece[], { start, end }: ByteRange): { piece: Piece; range: ByteRange }[] {
  const wanted: { piece: Piece; range: ByteRange }[] = []
  let offset = 0
  for (const piece of pieces) {
    const range = { start: Math.max(start - offset, 0), end: Math.min(end - offset, piece.sizeBytes) }
    if (range.start < range.end) wanted.push({ piece, range })
    offset += piece.sizeBytes
  }
  return wanted
}

/** The blob store gives each reader memory of its own. */
const ownPieces = (source: AsyncIterable<Uint8Array>): StreamBody => Object.assign(source, { release: free })

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** In memory that can be given back. */
async function* copies(source: StreamBody): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) yield Uint8Array.from(bytes)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** A blob that a commit makes wanted. */
export const wanted = (content: Content): Change[] =>
  content.in === 'blob' ? [{ put: wantedKey(content.id), value: true }] : []
