import { type BlobContents, type Document, type Engine, isEngineError } from '../../engine/ports/engine.ts'
import type { KnownProblems, Problems } from '../../metrics/problems.ts'
import { wantedDocument } from '../../s3/content/content.ts'
import { wantedPrefix } from '../../s3/documents.ts'
import { kindOf } from '../documents/persisted.ts'
import type { Place } from '../documents/scrubbed.ts'

export const BEGINNING: Place = { segment: -1 }

/** What one step has read. */
export interface Step {
  /** Undefined: that was all. */
  readonly next: Place | undefined
  readonly bytes: number
  readonly documents: number
  readonly blobs: number
  /** Of them, those whose checksums nobody kept: only that they are there was seen. */
  readonly unverifiable: number
}

const DOCUMENTS_PER_STEP = 100
/** A document that is not bytes alone is small. */
const DOCUMENT_BYTES = 1024

type Verified = Pick<Engine, 'metadata' | 'blobs' | 'verifyNext'>

/**
 * Reads a piece of everything that is kept on disk behind `place`. What is damaged is said to the problems, by the engine
 * itself or, for blobs, here; resolves all the same.
 */
export async function verifyStep(engine: Verified, problems: Problems, place: Place): Promise<Step> {
  const none = { documents: 0, blobs: 0, unverifiable: 0 }
  const segment = place.key === undefined ? await engine.verifyNext?.(place.segment) : undefined
  if (segment) return { ...none, next: { segment: segment.number }, bytes: segment.bytes }
  const page = await engine.metadata.list({
    ...{ prefix: '', after: place.key ?? '', limit: DOCUMENTS_PER_STEP, damaged: 'left out' },
  })
  let [bytes, blobs, unverifiable] = [0, 0, 0]
  for (const document of page) {
    const { key, value } = document
    bytes += value instanceof Uint8Array ? value.length : DOCUMENT_BYTES
    if (!isOfItsKind(engine, document) || !key.startsWith(wantedPrefix)) continue
    const contents = wantedDocument.read(engine.metadata, document).value
    blobs++
    if (contents === true) unverifiable++
    else bytes += await verifyBlob(engine, problems, { key, contents })
  }
  const last = page.at(-1)?.key
  const next = last === undefined ? undefined : { segment: place.segment, key: last }
  return { next, bytes, documents: page.length, blobs, unverifiable }
}

/** Whether it is what its key says. One that is not is said. */
function isOfItsKind({ metadata }: Verified, document: Document<unknown>): boolean {
  try {
    kindOf(document.key)?.read(metadata, document)
    return true
  } catch (error) {
    if (isEngineError(error, 'Damaged')) return false
    throw error
  }
}

/** How many bytes were read. */
async function verifyBlob(
  { metadata, blobs }: Verified,
  problems: Problems,
  { key, contents }: { key: string; contents: BlobContents },
): Promise<number> {
  const id = key.slice(wantedPrefix.length)
  try {
    await blobs.verify(id, contents)
  } catch (error) {
    if (!isEngineError(error, 'Damaged') && !isEngineError(error, 'NoSuchBlob')) throw error
    // Deleted meanwhile, it is missed by nobody.
    if (!(await metadata.get(key))) return 0
    problems.report({ code: 'Damaged', where: 'blobs', what: `${error.message}; its object is not served` })
  }
  return contents.sizeBytes
}

interface Verification {
  readonly documents: number
  readonly blobs: number
  /** Blobs of former versions, whose checksums nobody kept. */
  readonly unverifiable: number
  readonly bytes: number
  readonly damaged: readonly { readonly where: string; readonly what: string }[]
}

/** Reads everything that is kept on disk, as fast as it can, until the signal aborts; what is damaged now. */
export async function verifyAll(
  engine: Engine,
  problems: KnownProblems,
  signal: AbortSignal,
): Promise<Verification> {
  const sum = { documents: 0, blobs: 0, unverifiable: 0, bytes: 0 }
  for (let place: Place | undefined = BEGINNING; place; ) {
    signal.throwIfAborted()
    const step = await verifyStep(engine, problems, place)
    sum.documents += step.documents
    sum.blobs += step.blobs
    sum.unverifiable += step.unverifiable
    sum.bytes += step.bytes
    place = step.next
  }
  const damaged = problems.list().filter(({ code }) => code === 'Damaged')
  return { ...sum, damaged: damaged.map(({ where, what }) => ({ where, what })) }
}
