import { type Database, getLastVersion, type RootDatabase } from 'lmdb'
import { number } from '../../ports/checks.ts'
import {
  type Change,
  type Document,
  EngineError,
  type EngineProblems,
  type ListRange,
  type MetadataStore,
  type Revision,
} from '../../ports/engine.ts'
import {
  checkDocumentBytes,
  checkKey,
  compareKeys,
  createWatchers,
  freeze,
  isKey,
  keyOf,
  METADATA_LIMITS,
} from '../../shared/document-rules.ts'
import type { Gate } from '../../shared/gate.ts'
import { openDocuments, transact } from './database.ts'
import {
  decodeDocument,
  encodeDocument,
  isJson,
  isSound,
  payloadCrcOf,
  releaseDocument,
  seal,
} from './document-bytes.ts'
import { REVISION, type Rows } from './rows.ts'

interface EmbeddedMetadataOptions {
  readonly root: RootDatabase
  readonly rows: Rows
  readonly gate: Gate
  readonly problems: EngineProblems
  /** Of bytes that are contents. */
  readonly admit: (bytes: number) => Promise<EngineError | undefined>
}

/** Documents in LMDB under their keys' UTF-8 bytes; a document's version there is its revision. */
export function createEmbeddedMetadata(options: EmbeddedMetadataOptions): MetadataStore {
  const { root, rows, gate, problems, admit } = options
  const documents = openDocuments(root)
  const damaged = createDamagedDocuments(problems)
  const watchers = createWatchers()
  const reading = createReading(documents, damaged)

  const revisionOf = (key: Buffer) => reading.find(key)?.revision ?? 'absent'
  const conflictOf = (steps: readonly Step[]) => {
    for (const { key, change } of steps) {
      const found = change.expect === undefined ? undefined : revisionOf(key)
      if (found !== change.expect)
        return new EngineError('Conflict', `${keyOf(change)} is at ${found}, not at ${change.expect}`)
    }
    return undefined
  }
  /** Inside a transaction; nothing in it may throw once the first document is changed. */
  const apply = (steps: readonly Step[]): Revision => {
    const revision = (rows.get(REVISION, number) ?? 0) + 1
    rows.put(REVISION, revision)
    for (const { key, change, bytes, crc } of steps)
      if (bytes) documents.put(key, seal(bytes, crc, key, revision), revision)
      else if ('delete' in change) documents.remove(key)
    return revision
  }

  return {
    limits: METADATA_LIMITS,
    get: <T>(key: string) => gate.run(() => reading.get<T>(key)),
    list: <T>(range: ListRange) => gate.run(() => reading.list<T>(range)),
    commit: (changes) =>
      gate.run(async () => {
        const steps = changes.map(stepOf)
        const contents = sizeOf(steps.filter(isContent))
        const refusal = contents > 0 ? await admit(contents) : undefined
        if (refusal) throw refusal
        const outcome = await transact(root, () => conflictOf(steps) ?? apply(steps), sizeOf(steps))
        for (const { bytes } of steps) if (bytes) releaseDocument(bytes)
        if (outcome instanceof EngineError) throw outcome
        const changed = changes.filter((change) => !('check' in change)).map(keyOf)
        for (const key of changed) damaged.replaced(key)
        watchers.tell(changed)
        return outcome
      }),
    /** Nobody else has the folder open. */
    barrier: () => gate.run(() => undefined),
    condemn: damaged.found,
    watch(prefix, changed, signal) {
      gate.check()
      watchers.add(prefix, changed, signal)
    },
  }
}

/** What is read is what was written, or is damaged. */
function createReading(documents: Database<Buffer, Buffer>, damaged: DamagedDocuments) {
  const knownDocuments = createKnownDocuments()
  /** What is kept under a key, in a buffer that the next read reuses. */
  const find = (key: Buffer) => {
    const buffer = documents.getBinaryFast(key)
    return buffer && { bytes: buffer.subarray(0, buffer.length), revision: getLastVersion() }
  }
  const documentOf = <T>(keyBytes: Buffer, bytes: Buffer, revision: Revision): Document<T> => {
    const key = keyBytes.toString()
    if (!isSound(bytes, keyBytes, revision)) throw damaged.found(key)
    return { key, value: decodeDocument(bytes) as T, revision }
  }
  return {
    find,
    get<T>(key: string): Document<T> | undefined {
      if (!isKey(key)) return undefined
      const keyBytes = Buffer.from(key)
      const found = find(keyBytes)
      if (!found) return undefined
      const known = knownDocuments.find<T>(key, found.revision)
      if (known) return known
      const document = documentOf<T>(keyBytes, found.bytes, found.revision)
      if (isJson(found.bytes)) knownDocuments.add(document, found.bytes.length)
      return document
    },
    list<T>(range: ListRange): Document<T>[] {
      const { prefix, from = '', after, limit = Number.POSITIVE_INFINITY } = range
      const found: Document<T>[] = []
      const lowest = [prefix, from, after ?? ''].sort(compareKeys).at(-1)!
      const start = Buffer.from(lowest).subarray(0, METADATA_LIMITS.keyBytes)
      if (limit < 1) return found
      for (const { key: bytes, value, version } of documents.getRange({
        ...(start.length > 0 && { start }),
        versions: true,
      })) {
        const key = bytes.toString()
        if (key === after || compareKeys(key, lowest) < 0) continue
        if (!key.startsWith(prefix)) break
        const isLeftOut = range.damaged === 'left out' && !isSound(value, bytes, version!)
        if (isLeftOut) damaged.found(key)
        else found.push(documentOf(bytes, value, version!))
        if (found.length >= limit) break
      }
      return found
    },
  }
}

interface Step {
  readonly change: Change
  readonly key: Buffer
  /** The document's new value, not sealed yet. */
  readonly bytes?: Buffer
  /** Of its payload. */
  readonly crc: number
}

const sizeOf = (steps: readonly Step[]) => steps.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), 0)

/** Somebody's data, not the books that are kept of it: those may still be written when there is little room. */
const isContent = ({ change }: Step) => 'put' in change && change.value instanceof Uint8Array

function stepOf(change: Change): Step {
  checkKey(keyOf(change))
  const key = Buffer.from(keyOf(change))
  if (!('put' in change)) return { change, key, crc: 0 }
  const bytes = encodeDocument(change.value)
  checkDocumentBytes(change.put, bytes.length)
  return { change, key, bytes, crc: payloadCrcOf(bytes) }
}

const MAX_DOCUMENTS = 1_000
const MAX_DOCUMENT_BYTES = 4 * 1024

/**
 * Small documents that were read lately, so that they need not be parsed again. What stands under a key at a revision
 * never changes, so no commit has to be told of here. Their readers share them: they are frozen.
 */
export function createKnownDocuments() {
  const documents = new Map<string, Document<unknown>>()
  return {
    find<T>(key: string, revision: Revision): Document<T> | undefined {
      const document = documents.get(key)
      return document?.revision === revision ? (document as Document<T>) : undefined
    },
    /** Of plain values alone. `sizeBytes` is what it takes to keep them. */
    add(document: Document<unknown>, sizeBytes: number): void {
      if (sizeBytes > MAX_DOCUMENT_BYTES) return
      documents.set(document.key, freeze(document))
      if (documents.size > MAX_DOCUMENTS) documents.delete(documents.keys().next().value!)
    },
  }
}

const MOST_NAMED = 5

/** Keeps saying which documents were found damaged, until they are written anew or deleted. */
function createDamagedDocuments(problems: EngineProblems) {
  const damaged = new Set<string>()
  const say = () => {
    if (damaged.size === 0) return problems.solved('Damaged', 'metadata')
    const named = [...damaged].slice(0, MOST_NAMED).join(', ')
    const more = damaged.size > MOST_NAMED ? ` and ${damaged.size - MOST_NAMED} more` : ''
    problems.report({
      code: 'Damaged',
      where: 'metadata',
      what: `documents are not what was written and are not served: ${named}${more}`,
    })
  }
  return {
    /** The error to answer with. */
    found(key: string): EngineError {
      if (!damaged.has(key)) {
        damaged.add(key)
        say()
      }
      return new EngineError('Damaged', `metadata: the document ${key} is damaged`)
    },
    /** It is no longer what it was. */
    replaced(key: string): void {
      if (damaged.delete(key)) say()
    },
  }
}

type DamagedDocuments = ReturnType<typeof createDamagedDocuments>
