import { cbor } from '@smithy/core/cbor'
import { type BodyFormat, millisecondsOf } from './body-format.ts'
import { decodeCbor, EpochTime } from './cbor-decode.ts'
import { cborEncoderOf } from './cbor-encode.ts'
import { createDecoders, refuse } from './json-decode.ts'

/** Timestamps are tag 1 with integer milliseconds, unlike those of the newer rpc-v2-cbor. */
export const cborFormat: BodyFormat = {
  parse: decodeCbor,
  decoderOf: createDecoders({
    blob: (value) => (value instanceof Uint8Array ? value : refuse(value, 'to a Blob')),
    timestamp: (value) => millisecondsOf(value instanceof EpochTime ? value.value : value, 1),
  }),
  encode: (shape, value) => cbor.serialize(cborEncoderOf(shape)(value)),
  print: cbor.serialize,
}
