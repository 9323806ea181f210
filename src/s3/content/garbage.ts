import { inBackground } from '../../engine/ports/background.ts'
import { either, maybe, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import {
  type BlobStore,
  type Change,
  type Document,
  type EngineProblems,
  isEngineError,
  type MetadataStore,
} from '../../engine/ports/engine.ts'
import { inPortions } from '../../engine/ports/update.ts'
import { garbageKey, garbagePrefix, inlineKey, partsPrefix, piecesKey, wantedKey } from '../documents.ts'
import { type Content, contentCheck, piecesDocument } from './content.ts'
import { partDocument } from './part.ts'
import type { Readers } from './readers.ts'

/** What is no longer reachable and is to be given back; written in the commit that made it so. */
export type Garbage =
  | { readonly content: Content }
  /** A finished upload's parts, but for those that the pieces `keeps` took over. */
  | { readonly upload: string; readonly keeps?: string }

export const garbageDocument = document<Garbage>({
  keys: garbagePrefix,
  version: 1,
  check: either(
    shape<Extract<Garbage, { readonly content: Content }>>({ content: contentCheck }),
    shape<Extract<Garbage, { readonly upload: string }>>({ upload: text, keeps: maybe(text) }),
  ),
})

/** The changes that drop a content, to join the commit that stops naming it. */
export function discarded(content: Content | undefined, id: () => string): Change[] {
  if (!content || content.in === 'nothing') return []
  if (content.in === 'inline') return [{ delete: inlineKey(content.id) }]
  return [{ put: garbageKey(id()), value: { content } satisfies Garbage }]
}

interface Stores {
  readonly metadata: MetadataStore
  readonly blobs: BlobStore
}

export interface CollectorOptions extends Stores {
  /** Where it is said that garbage stays; nowhere if absent. */
  readonly problems?: EngineProblems
}

export interface Collector {
  /** There may be garbage: collects until there is none. What could not be done now is said, and tried again. */
  wake(): void
  /** Resolves when what was there is collected. */
  idle(): Promise<void>
}

const BATCH = 100

/** Gives back the bytes of what was overwritten, deleted or aborted, behind the answers' back. */
export function createCollector(stores: CollectorOptions, readers: Readers): Collector {
  const collecting = inBackground(stores.problems, {
    where: "the collector of S3's garbage",
    meanwhile: 'what was deleted from buckets, or overwritten, still takes room',
    work: () => collectAll(stores, readers),
  })
  return {
    wake: () => void collecting.run(),
    idle: collecting.run,
  }
}

/** All but what is being read, which is asked for again when its readers have left. */
async function collectAll(stores: Stores, readers: Readers): Promise<void> {
  let after = garbagePrefix
  for (;;) {
    const batch = await garbageDocument.list(stores.metadata, {
      prefix: garbagePrefix,
      after,
      limit: BATCH,
      damaged: 'left out',
    })
    for (const garbage of batch) {
      const { value } = garbage
      const collected = () => collect(stores, garbage).catch(unlessDamaged)
      if ('content' in value && value.content.in === 'pieces')
        await readers.whenUnread(value.content.id, collected)
      else await collected()
    }
    if (batch.length < BATCH) return
    after = batch.at(-1)!.key
  }
}

/** What a damaged document is to tell is not given back: it may still be wanted. It must not keep the rest from it. */
function unlessDamaged(error: unknown): void {
  if (!isEngineError(error, 'Damaged')) throw error
}

/** Blobs first, then the documents that name them: whatever a crash leaves is collected again. */
async function collect(stores: Stores, { key, value }: Document<Garbage>): Promise<void> {
  const { contents, documents } =
    'content' in value ? await reachedFrom(stores, value.content) : await leftOf(stores, value)
  const deletions: Change[] = []
  for (const content of contents)
    if (content.in === 'blob') {
      await stores.blobs.delete(content.id)
      deletions.push({ delete: wantedKey(content.id) })
    } else if (content.in === 'inline') deletions.push({ delete: inlineKey(content.id) })
  // What names the others goes last: whatever a crash leaves of several commits is collected again.
  deletions.push(...[...documents, key].map((document) => ({ delete: document })))
  for (const portion of inPortions(deletions, stores.metadata.limits.changes))
    await stores.metadata.commit(portion)
}

interface Reached {
  readonly contents: readonly Content[]
  readonly documents: readonly string[]
}

async function reachedFrom({ metadata }: Stores, content: Content): Promise<Reached> {
  if (content.in !== 'pieces') return { contents: [content], documents: [] }
  const key = piecesKey(content.id)
  const pieces = (await piecesDocument.get(metadata, key))?.value ?? []
  return { contents: pieces.map((piece) => piece.content), documents: [key] }
}

async function leftOf(
  { metadata }: Stores,
  { upload, keeps }: { readonly upload: string; readonly keeps?: string },
): Promise<Reached> {
  const parts = await partDocument.list(metadata, { prefix: partsPrefix(upload) })
  const kept = new Set<string>()
  if (keeps !== undefined)
    for (const { content } of (await piecesDocument.get(metadata, piecesKey(keeps)))?.value ?? [])
      if (content.in !== 'nothing') kept.add(content.id)
  const contents = parts
    .map((part) => part.value.content)
    .filter((content) => content.in !== 'nothing' && !kept.has(content.id))
  return { contents, documents: parts.map((part) => part.key) }
}

/** Deletes the blobs that no commit took. One of which a damaged document may say that it is wanted stays. */
export async function sweepOrphans(stores: Stores): Promise<void> {
  for await (const blob of stores.blobs.list())
    if (await isOrphan(stores, blob)) await stores.blobs.delete(blob)
}

async function isOrphan({ metadata }: Stores, blob: string): Promise<boolean> {
  try {
    return (await metadata.get(wantedKey(blob))) === undefined
  } catch (error) {
    if (isEngineError(error, 'Damaged')) return false
    throw error
  }
}
