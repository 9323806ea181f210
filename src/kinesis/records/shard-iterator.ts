import { hash } from 'node:crypto'
import type { Position } from '../../engine/ports/engine.ts'
import { long, required, string, structure, timestamp } from '../../service/shape.ts'
import { bytesOfBase64, tokenOf, type Writing } from '../../service/token.ts'
import { expiredIterator, invalidShardIterator } from '../exceptions/records.ts'
import { shardId, streamRefMembers } from '../shapes.ts'
import type { StreamRef } from '../stream-ref.ts'

/** Where a reader is. Everything is in the iterator itself: it survives a restart and works on every gateway. */
export interface ShardIterator extends StreamRef {
  readonly creationId: string
  readonly shardId: string
  readonly position: Position
}

/** With the moment when it was made. */
interface Said extends ShardIterator {
  readonly at: number
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const LIFETIME_MS = 300_000

/** AWS's iterators begin so; what follows is 144 bytes or, in steps of 16, more. Ours: MD5 of the text, the text. */
const PREFIX = Buffer.from('0000000000000001', 'hex')
const TEXT_AT = PREFIX.length + 16
const MIN_TEXT_BYTES = 128

const writing: Writing = {
  write({ at, account, region, streamName, creationId, shardId, position }: Said) {
    const text = [at, account, region, streamName, creationId, shardId, position].join('/')
    const length = Math.max(MIN_TEXT_BYTES, Math.ceil(Buffer.byteLength(text) / 16) * 16)
    const padded = text.padEnd(length, ' ')
    return Buffer.concat([PREFIX, hash('md5', padded, 'buffer'), Buffer.from(padded)]).toString('base64')
  },
  read(text) {
    const said = Buffer.from(bytesOfBase64(text)).toString('utf8', TEXT_AT)
    const [at, account, region, streamName, creationId, shardId, position] = said.trimEnd().split('/')
    return { at: Number(at), account, region, streamName, creationId, shardId, position: Number(position) }
  },
}

const token = tokenOf(
  structure({
    at: required(timestamp()),
    ...streamRefMembers,
    creationId: required(string({ min: 1, max: 64 })),
    shardId: required(shardId),
    position: required(long({ min: 0 })),
  }),
  writing,
)

export const formatShardIterator = (iterator: ShardIterator, now: number): string =>
  token.format({ ...iterator, at: now })

/**
 * Reads an iterator, also one in double quotes, as AWS does (a shell script's `jq` leaves them on).
 * Throws InvalidArgumentException, or ExpiredIteratorException when it is older than five minutes.
 */
export function parseShardIterator(given: string, now: number): ShardIterator {
  const said = token.parse(/^"(.*)"$/s.exec(given)?.[1] ?? given)
  if (!said) throw invalidShardIterator()
  const { at, ...iterator } = said
  if (now - at > LIFETIME_MS) throw expiredIterator(at, now, LIFETIME_MS)
  return iterator
}
