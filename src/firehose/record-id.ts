import { hash } from 'node:crypto'
import type { Position } from '../engine/engine.ts'

/**
 * A RecordId looks like AWS's, an opaque text, but says where the record lies: the delivery stream's id and the
 * record's position, masked with a digest that also tells our ids from other texts.
 */
const SEED_BYTES = 8
const ID_BYTES = 16
const PLACE_BYTES = ID_BYTES + 8

export function recordIdOf(deliveryStreamId: string, position: Position): string {
  const place = Buffer.alloc(PLACE_BYTES)
  place.write(deliveryStreamId.replaceAll('-', ''), 'hex')
  place.writeBigUInt64BE(BigInt(position), ID_BYTES)
  const seed = digestOf(place).subarray(0, SEED_BYTES)
  const mask = digestOf(seed)
  return Buffer.concat([seed, masked(place, mask), mask.subarray(PLACE_BYTES), digestOf(mask)]).toString(
    'base64',
  )
}

/** Where the record lies, or undefined when the text is no RecordId of ours. */
export function parseRecordId(text: string): { deliveryStreamId: string; position: Position } | undefined {
  const bytes = Buffer.from(text, 'base64')
  const seed = bytes.subarray(0, SEED_BYTES)
  const place = masked(bytes.subarray(SEED_BYTES, SEED_BYTES + PLACE_BYTES), digestOf(seed))
  if (place.length < PLACE_BYTES || !digestOf(place).subarray(0, SEED_BYTES).equals(seed)) return undefined
  const hex = place.toString('hex', 0, ID_BYTES)
  return {
    deliveryStreamId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    position: Number(place.readBigUInt64BE(ID_BYTES)),
  }
}

const digestOf = (bytes: Uint8Array): Buffer => hash('sha512', bytes, 'buffer')
const masked = (bytes: Uint8Array, mask: Uint8Array): Buffer =>
  Buffer.from(bytes.map((byte, index) => byte ^ mask[index]!))
