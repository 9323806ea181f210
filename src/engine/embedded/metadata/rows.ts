import type { Database, RootDatabase } from 'lmdb'
import { EngineError } from '../../ports/engine.ts'
import { decodeDocument, encodeDocument, isSound, payloadCrcOf, seal } from './document-bytes.ts'

/** What the engine keeps for itself beside the documents: counters, groups, seals and trims, and the log's manifest. */
export interface Rows {
  /** Throws Damaged, as `list` does. */
  get<T>(key: string): T | undefined
  /** Those whose keys start with `prefix`, in the order of their keys. */
  list<T>(prefix: string): [key: string, value: T][]
  /** Only inside a transaction. */
  put(key: string, value: unknown): void
  /** Only inside a transaction. */
  remove(key: string): void
}

/** The row that counts the revisions. */
export const REVISION = 'counter/revision'
/** The row that counts the groups there have ever been. */
export const GROUP_COUNT = 'counter/group'

export function openRows(root: RootDatabase): Rows {
  const rows: Database<Buffer, Buffer> = root.openDB({
    name: 'rows',
    encoding: 'binary',
    keyEncoding: 'binary',
  })
  return {
    get<T>(key: string) {
      const keyBytes = Buffer.from(key)
      const found = rows.get(keyBytes)
      return found && decode<T>(keyBytes, found)
    },
    list<T>(prefix: string) {
      const found: [string, T][] = []
      for (const { key, value } of rows.getRange({ start: Buffer.from(prefix) })) {
        const name = key.toString()
        if (!name.startsWith(prefix)) break
        found.push([name, decode<T>(key, value)])
      }
      return found
    },
    put(key, value) {
      const keyBytes = Buffer.from(key)
      rows.put(keyBytes, encode(keyBytes, value))
    },
    remove(key) {
      rows.remove(Buffer.from(key))
    },
  }
}

function encode(key: Buffer, value: unknown): Buffer {
  const bytes = encodeDocument(value)
  return seal(bytes, payloadCrcOf(bytes), key)
}

function decode<T>(key: Buffer, bytes: Buffer): T {
  if (!isSound(bytes, key)) throw new EngineError('Damaged', `metadata: the row ${key} is damaged`)
  return decodeDocument(bytes) as T
}

/** Numbers in keys sort as numbers do. */
export const numberKey = (number: number): string => String(number).padStart(10, '0')
