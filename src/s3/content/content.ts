import { type Check, either, list, maybe, number, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import {
  type BlobContents,
  type BlobStore,
  type Change,
  EngineError,
  type FinishedBlob,
  isEngineError,
} from '../../engine/ports/engine.ts'
import type { StreamBody } from '../../service/shape.ts'
import { type Documents, piecesKey, piecesPrefix, wantedKey, wantedPrefix } from '../documents.ts'
import type { ByteRange } from './range.ts'
import type { Readers } from './readers.ts'
import type { SmallContents } from './small-contents.ts'

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

export const contentCheck: Check<Content> = either(
  shape<{ readonly in: 'inline' | 'blob' | 'pieces'; readonly id: string }>({
    in: oneOf('inline', 'blob', 'pieces'),
    id: text,
  }),
  shape<Extract<Content, { readonly in: 'nothing' }>>({ in: oneOf('nothing') }),
)

export const piecesDocument = document<readonly Piece[]>({
  keys: piecesPrefix,
  version: 1,
  check: list(shape<Piece>({ sizeBytes: number, content: contentCheck, checksum: maybe(text) })),
})

export const piecesOf = async ({ metadata }: Documents, id: string): Promise<readonly Piece[] | undefined> =>
  (await piecesDocument.get(metadata, piecesKey(id)))?.value

/** Where contents are read. */
export interface ContentStores extends Documents {
  readonly blobs: BlobStore
  readonly smallContents: SmallContents
  readonly readers: Readers
}

/** A content, and how many bytes it has: an object, or a piece of one. */
type Sized = Pick<Piece, 'content' | 'sizeBytes'>

/**
 * The bytes of `range`, read as they are taken, and verified: the first of them before this resolves. Undefined when
 * the content is no longer there: it was replaced since its document was read. Rejects with Damaged, which can also
 * break off the reading.
 */
export async function openContent(
  stores: ContentStores,
  { content, sizeBytes }: Sized,
  range: ByteRange,
): Promise<StreamBody | undefined> {
  if (content.in === 'nothing' || range.start === range.end) return nothing()
  if (content.in === 'inline') {
    const bytes = await stores.smallContents.read(content.id)
    if (bytes && bytes.length !== sizeBytes) throw notAllThere(content.id, bytes.length, sizeBytes)
    return bytes && once(bytes.subarray(range.start, range.end))
  }
  if (content.in === 'blob') return openBlob(stores, { id: content.id, sizeBytes }, range)
  return openPieces(stores, { id: content.id, sizeBytes }, range)
}

async function openBlob(
  stores: ContentStores,
  { id, sizeBytes }: Pick<FinishedBlob, 'id' | 'sizeBytes'>,
  range: ByteRange,
): Promise<StreamBody | undefined> {
  const contents = await contentsOf(stores, id, sizeBytes)
  try {
    return contents && ownPieces(stores, await stores.blobs.read(id, range, contents))
  } catch (error) {
    if (isEngineError(error, 'NoSuchBlob')) return undefined
    throw error
  }
}

/** What a wanted blob must hold; undefined when nobody wants it any more. */
export async function contentsOf(
  { metadata }: Documents,
  id: string,
  sizeBytes: number,
): Promise<BlobContents | undefined> {
  const wanted = (await wantedDocument.get(metadata, wantedKey(id)))?.value
  if (wanted === undefined) return undefined
  if (wanted === true) return { sizeBytes }
  if (wanted.sizeBytes !== sizeBytes) throw notAllThere(id, wanted.sizeBytes, sizeBytes)
  return wanted
}

const notAllThere = (id: string, foundBytes: number, sizeBytes: number) =>
  new EngineError('Damaged', `${id} has ${foundBytes} bytes of ${sizeBytes}`, Math.min(foundBytes, sizeBytes))

async function openPieces(
  stores: ContentStores,
  { id, sizeBytes }: Pick<FinishedBlob, 'id' | 'sizeBytes'>,
  range: ByteRange,
): Promise<StreamBody | undefined> {
  const { readers } = stores
  if (!readers.enter(id)) return undefined
  let parts: readonly CutPiece[] | undefined
  try {
    const pieces = await piecesOf(stores, id)
    const foundBytes = pieces?.reduce((sum, piece) => sum + piece.sizeBytes, 0) ?? sizeBytes
    if (foundBytes !== sizeBytes) throw notAllThere(id, foundBytes, sizeBytes)
    parts = pieces && cut(pieces, range)
  } finally {
    if (!parts) readers.leave(id)
  }
  if (!parts) return undefined
  const reading = readInTurn(
    parts.map((part) => () => openPiece(stores, part)),
    () => readers.leave(id),
    (error, index) => damageIn(error, parts[index]!.offset),
  )
  return ownPieces(stores, await begun(reading))
}

/** What a range wants of a piece. */
interface CutPiece {
  readonly piece: Piece
  readonly range: ByteRange
  /** Where the piece begins in its object. */
  readonly offset: number
}

async function openPiece(stores: ContentStores, { piece, range }: CutPiece): Promise<StreamBody> {
  const bytes = await openContent(stores, piece, range)
  // Nobody gives it back while it is read, but another process may.
  if (!bytes) throw new EngineError('Damaged', 'a piece of the object is not there', range.start)
  return bytes.release ? bytes : copies(bytes)
}

/** As seen from the object: a piece knows only where in itself it is damaged. */
const damageIn = (error: unknown, offset: number): unknown =>
  isEngineError(error, 'Damaged')
    ? new EngineError('Damaged', error.message, offset + (error.at ?? 0))
    : error

/** The pieces that a range touches. */
function cut(pieces: readonly Piece[], { start, end }: ByteRange): CutPiece[] {
  const wanted: CutPiece[] = []
  let offset = 0
  for (const piece of pieces) {
    const range = { start: Math.max(start - offset, 0), end: Math.min(end - offset, piece.sizeBytes) }
    if (range.start < range.end) wanted.push({ piece, range, offset })
    offset += piece.sizeBytes
  }
  return wanted
}

/** The blob store gives each reader memory of its own. */
const ownPieces = ({ blobs }: ContentStores, source: AsyncIterable<Uint8Array>): StreamBody =>
  Object.assign(source, { release: blobs.release })

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** In memory that can be given back. */
async function* copies(source: StreamBody): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) yield Uint8Array.from(bytes)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** What is kept of a wanted blob; `true` if it was written before there were checksums. */
export type WantedBlob = BlobContents | true

export const wantedDocument = document<WantedBlob>({
  keys: wantedPrefix,
  version: 1,
  check: either(shape<BlobContents>({ sizeBytes: number, checksums: maybe(list(number)) }), oneOf(true)),
})

/** A blob that a commit makes wanted. */
export const wanted = (id: string, { sizeBytes, checksums }: BlobContents): Change[] => [
  {
    put: wantedKey(id),
    value: (checksums ? { sizeBytes, checksums } : true) satisfies WantedBlob,
  },
]

/**
 * Sources of bytes one after the other, each opened when the one before has ended. `ended` is called once: at the end,
 * when one fails, and when the reading is given up, even before it began. `told` makes of an error of the source at
 * an index what the reader is told.
 */
export function readInTurn(
  sources: readonly (() => Promise<AsyncIterable<Uint8Array>>)[],
  ended: () => void,
  told: (error: unknown, index: number) => unknown = (error) => error,
): AsyncIterableIterator<Uint8Array> {
  let index = 0
  let current: AsyncIterator<Uint8Array> | undefined
  let isOpen = true
  const end = () => {
    if (isOpen) ended()
    isOpen = false
    return { done: true, value: undefined } as const
  }
  return {
    async next() {
      try {
        while (isOpen) {
          const open = sources[index]
          if (!current && !open) break
          current ??= (await open!())[Symbol.asyncIterator]()
          const piece = await current.next()
          if (!piece.done) return piece
          current = undefined
          index++
        }
        return end()
      } catch (error) {
        end()
        throw told(error, index)
      }
    },
    async return() {
      await current?.return?.()
      return end()
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** Resolves when the first piece is there, so that what fails at once fails before anything is answered. */
async function begun(source: AsyncIterableIterator<Uint8Array>): Promise<AsyncIterableIterator<Uint8Array>> {
  let first: IteratorResult<Uint8Array> | undefined = await source.next()
  const rest: AsyncIterableIterator<Uint8Array> = {
    async next() {
      const piece = first ?? (await source.next())
      first = undefined
      return piece
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]() {
      return this
    },
  }
  return rest
}
