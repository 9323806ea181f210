import { EngineError } from '../ports/engine.ts'

const MiB = 2 ** 20

/** Room for Kinesis's largest record (10 MiB), also in base64 in its error record, and for a request, each with its frame. */
export const LOG_LIMITS = { entryBytes: 15 * MiB, appendBytes: 16 * MiB }

/** LMDB's longest key with its usual pages. */
export const METADATA_LIMITS = { keyBytes: 1978 }

/** The bytes of an append; throws TooLarge. */
export function appendBytesOf(entries: readonly Uint8Array[]): number {
  let sum = 0
  for (const { length } of entries) {
    if (length > LOG_LIMITS.entryBytes)
      throw new EngineError('TooLarge', `an entry of ${length} bytes is over ${LOG_LIMITS.entryBytes}`)
    sum += length
  }
  if (sum > LOG_LIMITS.appendBytes)
    throw new EngineError('TooLarge', `an append of ${sum} bytes is over ${LOG_LIMITS.appendBytes}`)
  return sum
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

/** A group's or a log's name, if it fits every engine; throws TooLarge. */
export function checkLogName(name: string): string {
  if (Buffer.byteLength(name) > 1024) throw new EngineError('TooLarge', 'a name of more than 1024 bytes')
  return name
}
