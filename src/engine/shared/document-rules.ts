import { type Change, EngineError } from '../ports/engine.ts'

/** LMDB's longest key with its usual pages; a document as LMDB takes it with ease; a commit of any size. */
export const METADATA_LIMITS = {
  keyBytes: 1978,
  documentBytes: 64 * 2 ** 20,
  changes: Number.POSITIVE_INFINITY,
}

/** Whether the key fits every engine. */
export const isKey = (key: string): boolean =>
  key !== '' &&
  (key.length * 3 <= METADATA_LIMITS.keyBytes || Buffer.byteLength(key) <= METADATA_LIMITS.keyBytes)

/** Throws TooLarge unless the key fits every engine. */
export function checkKey(key: string): void {
  const bytes = Buffer.byteLength(key)
  if (!isKey(key))
    throw new EngineError('TooLarge', `a key has 1 to ${METADATA_LIMITS.keyBytes} bytes, this one ${bytes}`)
}

/** Throws TooLarge for a document that no engine takes. */
export function checkDocumentBytes(key: string, bytes: number): void {
  if (bytes > METADATA_LIMITS.documentBytes)
    throw new EngineError(
      'TooLarge',
      `the document ${key} has ${bytes} bytes, over ${METADATA_LIMITS.documentBytes}`,
    )
}

/** The key that a change is about. */
export const keyOf = (change: Change): string =>
  'put' in change ? change.put : 'delete' in change ? change.delete : change.check

/** Orders strings as their UTF-8 bytes would be, without encoding them; JavaScript's own order is UTF-16's. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const difference = rankOf(a.charCodeAt(index)) - rankOf(b.charCodeAt(index))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all others, though units above them exist. */
const rankOf = (unit: number): number =>
  unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x0800

/** Freezes a document's value all through, but for bytes, which cannot be. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  for (const item of Object.values(value)) freeze(item)
  return Object.freeze(value)
}

/** Who is told about which keys. */
export function createWatchers() {
  const watching = new Set<{ readonly prefix: string; readonly changed: (key: string) => void }>()
  return {
    add(prefix: string, changed: (key: string) => void, signal: AbortSignal): void {
      if (signal.aborted) return
      const watcher = { prefix, changed }
      watching.add(watcher)
      signal.addEventListener('abort', () => watching.delete(watcher), { once: true })
    },
    /** Tells them soon: a watcher that throws cannot fail the commit. */
    tell(keys: Iterable<string>): void {
      for (const key of keys)
        for (const watcher of watching)
          if (key.startsWith(watcher.prefix))
            queueMicrotask(() => {
              if (watching.has(watcher)) watcher.changed(key)
            })
    },
  }
}
