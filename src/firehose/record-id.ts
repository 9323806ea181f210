import { hash } from 'node:crypto'
import type { Position } from '../engine/engine.ts'

/**
 * A RecordId looks like AWS's, an opaque text, but says where the record lies: the delivery stream's id and the
 * record's position, masked with their own digest, which also tells our ids from other texts.
 */
const ID_BYTES = 16
const PLACE_BYTES = ID_BYTES + 8
const DIGEST_BYTES = 64

export function recordIdOf(deliveryStreamId: string, position: Position): string {
  const bytes = Buffer.allocUnsafe(DIGEST_BYTES + PLACE_BYTES)
  const place = bytes.subarray(DIGEST_BYTES)
  place.write(deliveryStreamId.replaceAll('-', ''), 'hex')
  place.writeBigUInt64BE(BigInt(position), ID_BYTES)
  bytes.set(digestOf(place))
  mask(bytes)
  return bytes.toString('base64')
}

/** Where the record lies, or undefined when the text is no RecordId of ours. */
export function parseRecordId(text: string): { deliveryStreamId: string; position: Position } | undefined {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== DIGEST_BYTES + PLACE_BYTES) return undefined
  mask(bytes)
  const place = bytes.subarray(DIGEST_BYTES)
  if (!digestOf(place).equals(bytes.subarray(0, DIGEST_BYTES))) return undefined
  const hex = place.toString('hex', 0, ID_BYTES)
  return {
    deliveryStreamId: hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
    position: Number(place.readBigUInt64BE(ID_BYTES)),
  }
}

const digestOf = (bytes: Uint8Array): Buffer => hash('sha512', bytes, 'buffer')

/** Its own inverse. */
function mask(bytes: Uint8Array): void {
  for (let index = 0; index < PLACE_BYTES; index++) bytes[DIGEST_BYTES + index]! ^= bytes[index]!
}
