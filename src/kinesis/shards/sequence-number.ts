import type { Position } from '../../engine/ports/engine.ts'
import { integer, long, required, string, structure } from '../../service/shape.ts'
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

/** Where the position of the last number stands that a shard can have: AWS's end of a closed one. No record lies there. */
const END = 2n ** 63n - 1n

/** Formats the sequence numbers of one shard. What they share is made once: it costs more than the rest. */
export function sequenceNumberFormat({ shardCreatedSeconds, shardIndex }: OfShard) {
  const index = BigInt(shardIndex)
  const shared =
    (2n << 184n) | (BigInt(shardCreatedSeconds) << 148n) | ((index & 15n) << 144n) | (index << 4n) | 2n
  // So is what one has in common with those that arrived in the same second.
  let [ofSecond, second] = [shared, 0]
  return (position: Position | typeof END, timeSeconds: number): string => {
    if (timeSeconds !== second) [ofSecond, second] = [shared | (BigInt(timeSeconds) << 36n), timeSeconds]
    return (ofSecond | (BigInt(position) << 80n)).toString()
  }
}

/** The number behind everything in a shard that was closed then. */
export const endingNumberOf = (shard: OfShard, timeSeconds: number): string =>
  sequenceNumberFormat(shard)(END, timeSeconds)

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

/** Undefined when the text is no sequence number of this layout, or no record's. */
export const parseSequenceNumber = (text: string): SequenceNumber | undefined => token.parse(text)

const endToken = tokenOf(
  structure({
    shardCreatedSeconds: required(long(whole)),
    shardIndex: required(integer(whole)),
    timeSeconds: required(long(whole)),
  }),
  {
    write: ({ timeSeconds, ...shard }: Omit<SequenceNumber, 'position'>) =>
      endingNumberOf(shard, timeSeconds),
    read(text) {
      const { position, ...end } = writing.read(text) as SequenceNumber
      return end
    },
  },
)

/** Undefined unless the text is the number of a closed shard's end. */
export const parseEndingNumber = (text: string): Omit<SequenceNumber, 'position'> | undefined =>
  endToken.parse(text)

/** Seconds since 1970 that are too many for AWS. */
const NO_TIME = 16_025_175_000
/** By AWS's three versions; the oldest are below 2 ** 129, the others begin with a 2. What is not shard or time is left out. */
const OLDEST = /^[0-9a-f](?<created>[0-9a-f]{9})[0-9a-f]{18}(?<shard>[0-9a-f]{4})[0-9a-f]?$/
const OLDER = /^2(?<created>[0-9a-f]{9})[0-9a-f]{28}(?<shard>[0-7][0-9a-f]{7})1$/
const NEWEST = /^2(?<created>[0-9a-f]{9})[0-9a-f][0-7][0-9a-f]{26}(?<shard>[0-7][0-9a-f]{7})2$/

const anyToken = tokenOf(structure({ text: required(string()), shardIndex: required(integer(whole)) }), {
  write: ({ text }: { readonly text: string }) => text,
  read(text) {
    const number = BigInt(DIGITS.test(text) ? text : -1)
    const hex = (number < 2n ** 124n ? number + 2n ** 124n : number).toString(16)
    const parts = (number < 2n ** 129n ? OLDEST : hex.endsWith('1') ? OLDER : NEWEST).exec(hex)?.groups
    const isOne = parts && number >= 0n && Number.parseInt(parts.created!, 16) < NO_TIME
    return isOne && { text, shardIndex: Number.parseInt(parts.shard!, 16) }
  },
})

/**
 * The index of the shard that any of AWS's sequence numbers names, be it of another stream or of years ago; undefined when
 * the text is none.
 */
export const shardIndexIn = (text: string): number | undefined => anyToken.parse(text)?.shardIndex
