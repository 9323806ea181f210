import type { Database, RootDatabase } from 'lmdb'
import type { Check } from '../../ports/checks.ts'
import { EngineError } from '../../ports/engine.ts'
import { decodeDocument, encodeDocument, isSound, payloadCrcOf, seal } from './document-bytes.ts'

/** What the engine keeps for itself beside the documents: counters, groups, seals and trims, and the log's manifest. */
export interface Rows {
  /** Throws Damaged, also for what does not pass the check; so does `list`. */
  get<T>(key: string, check: Check<T>): T | undefined
  /** Those whose keys start with `prefix`, in the order of their keys. */
  list<T>(prefix: string, check: Check<T>): [key: string, value: T][]
  /** The keys that start with `prefix`, whatever lies there. */
  keys(prefix: string): string[]
  /** Only inside a transaction. */
  put(key: string, value: unknown): void
  /** Only inside a transaction. */
  remove(key: string): void
}

/** The row that counts the revisions. */
export const REVISION = 'counter/revision'
/** The row that counts the groups there have ever been. */
export const GROUP_COUNT = 'counter/group'

export const openRowsDatabase = (root: RootDatabase): Database<Buffer, Buffer> =>
  root.openDB({ name: 'rows', encoding: 'binary', keyEncoding: 'binary' })

export function openRows(root: RootDatabase): Rows {
  const rows = openRowsDatabase(root)
  function* below(prefix: string) {
    for (const { key, value } of rows.getRange({ start: Buffer.from(prefix) })) {
      const name = key.toString()
      if (!name.startsWith(prefix)) return
      yield { name, key, value }
    }
  }
  return {
    get<T>(key: string, check: Check<T>) {
      const keyBytes = Buffer.from(key)
      const found = rows.get(keyBytes)
      return found && decode(keyBytes, found, check)
    },
    list<T>(prefix: string, check: Check<T>) {
      const found: [string, T][] = []
      for (const { name, key, value } of below(prefix)) found.push([name, decode(key, value, check)])
      return found
    },
    keys: (prefix) => Array.from(below(prefix), ({ name }) => name),
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

function decode<T>(key: Buffer, bytes: Buffer, check: Check<T>): T {
  const value = isSound(bytes, key) ? decodeDocument(bytes) : undefined
  if (!check(value)) throw new EngineError('Damaged', `metadata: the row ${key} is damaged`)
  return value
}

/** Numbers in keys sort as numbers do. */
export const numberKey = (number: number): string => String(number).padStart(10, '0')
