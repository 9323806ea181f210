import type { Position } from '../engine/engine.ts'

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

const LAYOUT =
  /^2(?<created>[0-9a-f]{9})[0-9a-f](?<position>[0-7][0-9a-f]{15})00(?<time>[0-9a-f]{9})(?<shard>[0-7][0-9a-f]{7})2$/

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0')

export function formatSequenceNumber(number: SequenceNumber): string {
  const shard = hex(number.shardIndex, 8)
  return BigInt(
    `0x2${hex(number.shardCreatedSeconds, 9)}${shard[7]}${hex(number.position, 16)}00${hex(number.timeSeconds, 9)}${shard}2`,
  ).toString()
}

/** Undefined when the decimal text is no sequence number of this layout. */
export function parseSequenceNumber(text: string): SequenceNumber | undefined {
  const parts = LAYOUT.exec(BigInt(text).toString(16))?.groups
  if (!parts) return undefined
  const position = Number.parseInt(parts.position!, 16)
  if (!Number.isSafeInteger(position)) return undefined
  return {
    shardCreatedSeconds: Number.parseInt(parts.created!, 16),
    shardIndex: Number.parseInt(parts.shard!, 16),
    position,
    timeSeconds: Number.parseInt(parts.time!, 16),
  }
}
