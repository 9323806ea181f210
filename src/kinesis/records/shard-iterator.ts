import { hash } from 'node:crypto'
import type { Position } from '../../engine/engine.ts'
import { expiredIterator, invalidShardIterator } from '../exceptions/records.ts'
import type { StreamRef } from '../stream-ref.ts'

/** Where a reader is. Everything is in the iterator itself: it survives a restart and works on every gateway. */
export interface ShardIterator extends StreamRef {
  readonly creationId: string
  readonly shardId: string
  readonly position: Position
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const LIFETIME_MS = 300_000

/** AWS's iterators begin so; what follows is 144 bytes or, in steps of 16, more. Ours: MD5 of the text, the text. */
const PREFIX = Buffer.from('0000000000000001', 'hex')
const TEXT_AT = PREFIX.length + 16
const MIN_TEXT_BYTES = 128

export function formatShardIterator(iterator: ShardIterator, now: number): string {
  const { account, region, streamName, creationId, shardId, position } = iterator
  const text = [now, account, region, streamName, creationId, shardId, position].join('/')
  const length = Math.max(MIN_TEXT_BYTES, Math.ceil(Buffer.byteLength(text) / 16) * 16)
  const padded = text.padEnd(length, ' ')
  return Buffer.concat([PREFIX, hash('md5', padded, 'buffer'), Buffer.from(padded)]).toString('base64')
}

/**
 * Reads an iterator, also one in double quotes, as AWS does (a shell script's `jq` leaves them on).
 * Throws InvalidArgumentException, or ExpiredIteratorException when it is older than five minutes.
 */
export function parseShardIterator(given: string, now: number): ShardIterator {
  const base64 = /^"(.*)"$/s.exec(given)?.[1] ?? given
  const bytes = Buffer.from(base64, 'base64')
  const text = bytes.toString('utf8', TEXT_AT)
  const isOurs =
    bytes.toString('base64') === base64 &&
    bytes.subarray(0, PREFIX.length).equals(PREFIX) &&
    bytes.subarray(PREFIX.length, TEXT_AT).equals(hash('md5', text, 'buffer'))
  if (!isOurs) throw invalidShardIterator()
  const [created, account = '', region = '', streamName = '', creationId = '', shardId = '', position] = text
    .trimEnd()
    .split('/')
  if (now - Number(created) > LIFETIME_MS) throw expiredIterator(Number(created), now, LIFETIME_MS)
  return { account, region, streamName, creationId, shardId, position: Number(position) }
}
