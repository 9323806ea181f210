import { deserialize, serialize } from 'node:v8'
import {
  type Change,
  type Document,
  EngineError,
  type ListRange,
  type MetadataStore,
  type Revision,
} from '../ports/engine.ts'
import {
  checkDocumentBytes,
  checkKey,
  compareKeys,
  createWatchers,
  freeze,
  isKey,
  keyOf,
  METADATA_LIMITS,
} from '../shared/document-rules.ts'
import type { Gate } from '../shared/gate.ts'

/** The documents of a store, whoever opened it. */
export function createMemoryDocuments(mostChanges: number) {
  const documents = new Map<string, Document<unknown>>()
  /** In the order of their UTF-8 bytes. */
  const keys: string[] = []
  const watchers = createWatchers()
  let revision = 0

  const indexOf = (key: string) => {
    let low = 0
    let high = keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(keys[middle]!, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
  const check = (change: Change) => {
    checkKey(keyOf(change))
    const found = documents.get(keyOf(change))?.revision ?? 'absent'
    if (change.expect !== undefined && change.expect !== found)
      throw new EngineError('Conflict', `${keyOf(change)} is at ${found}, not at ${change.expect}`)
  }
  const put = (key: string, value: unknown) => {
    if (!documents.has(key)) keys.splice(indexOf(key), 0, key)
    documents.set(key, { key, value, revision })
  }
  const remove = (key: string) => {
    if (documents.delete(key)) keys.splice(indexOf(key), 1)
  }
  return {
    mostChanges,
    watchers,
    get: (key: string) => documents.get(key),
    /** The keys at or behind a place, in their order. */
    *keysFrom(place: string): Generator<string> {
      for (let index = indexOf(place); index < keys.length; index++) yield keys[index]!
    },
    commit(changes: readonly Change[]): Revision {
      if (changes.length > mostChanges)
        throw new EngineError('TooLarge', `a commit of ${changes.length} changes, over ${mostChanges}`)
      for (const change of changes) check(change)
      const values = changes.map((change) => ('put' in change ? copied(change.put, change.value) : undefined))
      revision++
      for (const [index, change] of changes.entries())
        if ('put' in change) put(change.put, values[index])
        else if ('delete' in change) remove(change.delete)
      watchers.tell(changes.filter((change) => !('check' in change)).map(keyOf))
      return revision
    },
  }
}

/** Of its own, and of a size that every engine takes. */
function copied(key: string, value: unknown): unknown {
  const encoded = serialize(value)
  checkDocumentBytes(key, encoded.length)
  return deserialize(encoded)
}

export type MemoryDocuments = ReturnType<typeof createMemoryDocuments>

export function createMemoryMetadata(documents: MemoryDocuments, gate: Gate): MetadataStore {
  /** Neither side may change the other's value behind its back. */
  const copyOf = <T>(document: Document<unknown>) => freeze(structuredClone(document)) as Document<T>
  return {
    limits: { ...METADATA_LIMITS, changes: documents.mostChanges },
    get: <T>(key: string) =>
      gate.run(() => {
        const document = isKey(key) ? documents.get(key) : undefined
        return document && copyOf<T>(document)
      }),
    list: <T>({ prefix, from = '', after, limit = Number.POSITIVE_INFINITY }: ListRange) =>
      gate.run(() => {
        const found: Document<T>[] = []
        for (const key of documents.keysFrom([prefix, from, after ?? ''].sort(compareKeys).at(-1)!)) {
          if (!key.startsWith(prefix) || found.length >= limit) break
          if (key !== after) found.push(copyOf(documents.get(key)!))
        }
        return found
      }),
    commit: (changes) => gate.run(() => documents.commit(changes)),
    /** All see the same at once. */
    barrier: () => gate.run(() => undefined),
    condemn: (key) => new EngineError('Damaged', `metadata: the document ${key} is damaged`),
    watch(prefix, changed, signal) {
      gate.check()
      documents.watchers.add(prefix, changed, signal)
    },
  }
}
