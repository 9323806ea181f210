import { hash } from 'node:crypto'
import type { Position } from '../../engine/ports/engine.ts'
import { long, required, string, structure } from '../../service/shape.ts'
import { bytesOfBase64, tokenOf, type Writing } from '../../service/token.ts'

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

interface RecordPlace {
  readonly deliveryStreamId: string
  readonly position: Position
}

const writing: Writing = {
  write: ({ deliveryStreamId, position }: RecordPlace) => recordIdOf(deliveryStreamId, position),
  read(text) {
    const bytes = Buffer.from(bytesOfBase64(text))
    if (bytes.length !== DIGEST_BYTES + PLACE_BYTES) return undefined
    mask(bytes)
    const place = bytes.subarray(DIGEST_BYTES)
    return {
      deliveryStreamId: place
        .toString('hex', 0, ID_BYTES)
        .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
      position: Number(place.readBigUInt64BE(ID_BYTES)),
    }
  },
}

const token = tokenOf(
  structure({ deliveryStreamId: required(string()), position: required(long({ min: 0 })) }),
  writing,
)

/** Where the record lies, or undefined when the text is no RecordId of ours. */
export const parseRecordId = (text: string): RecordPlace | undefined => token.parse(text)

const digestOf = (bytes: Uint8Array): Buffer => hash('sha512', bytes, 'buffer')

/** Its own inverse. */
function mask(bytes: Uint8Array): void {
  for (let index = 0; index < PLACE_BYTES; index++) bytes[DIGEST_BYTES + index]! ^= bytes[index]!
}
