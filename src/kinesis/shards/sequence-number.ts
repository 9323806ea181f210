import type { Position } from '../../engine/ports/engine.ts'
import { integer, long, required, structure } from '../../service/shape.ts'
import { tokenOf, type Writing } from '../../service/token.ts'

/**
 * What a sequence number says. On the wire it is one decimal number of 186 bits in AWS's layout, here as hexadecimal
 * digits: 2 · shard creation 9 (seconds) · shard index 1 (lowest digit) · position 16 · 00 · time 9 (seconds) ·
 * shard index 8 · 2. Within a shard only position and time change, so numbers rise as positions do.
 */
export interface SequenceNumber {
  /** When the shard was created, seconds since 1970. */
  readonly shardCreatedSeconds: number
  readonly shardIndex: number
  /** The engine's position; 0 lies before every record. */
  readonly position: Position
  /** When the record arrived, seconds since 1970. */
  readonly timeSeconds: number
}

/** As many as AWS takes. */
const DIGITS = /^\d{1,129}$/
const LAYOUT =
  /^2(?<created>[0-9a-f]{9})[0-9a-f](?<position>[0-7][0-9a-f]{15})00(?<time>[0-9a-f]{9})(?<shard>[0-7][0-9a-f]{7})2$/

type OfShard = Pick<SequenceNumber, 'shardCreatedSeconds' | 'shardIndex'>

/** Formats the sequence numbers of one shard. What they share is made once: it costs more than the rest. */
export function sequenceNumberFormat({ shardCreatedSeconds, shardIndex }: OfShard) {
  const index = BigInt(shardIndex)
  const shared =
    (2n << 184n) | (BigInt(shardCreatedSeconds) << 148n) | ((index & 15n) << 144n) | (index << 4n) | 2n
  return (position: Position, timeSeconds: number): string =>
    (shared | (BigInt(position) << 80n) | (BigInt(timeSeconds) << 36n)).toString()
}

const writing: Writing = {
  write: ({ position, timeSeconds, ...shard }: SequenceNumber) =>
    sequenceNumberFormat(shard)(position, timeSeconds),
  read(text) {
    const parts = DIGITS.test(text) ? LAYOUT.exec(BigInt(text).toString(16))?.groups : undefined
    return (
      parts && {
        shardCreatedSeconds: Number.parseInt(parts.created!, 16),
        shardIndex: Number.parseInt(parts.shard!, 16),
        position: Number.parseInt(parts.position!, 16),
        timeSeconds: Number.parseInt(parts.time!, 16),
      }
    )
  },
}

const whole = { min: 0 }
const token = tokenOf(
  structure({
    shardCreatedSeconds: required(long(whole)),
    shardIndex: required(integer(whole)),
    position: required(long(whole)),
    timeSeconds: required(long(whole)),
  }),
  writing,
)

/** Undefined when the text is no sequence number of this layout. */
export const parseSequenceNumber = (text: string): SequenceNumber | undefined => token.parse(text)
