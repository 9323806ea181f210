import { cbor, type tag } from '@smithy/core/cbor'
import { type BodyFormat, TO_MILLISECONDS } from './body-format.ts'
import { cborEncoderOf } from './cbor-encode.ts'
import { createDecoders, refuse } from './json-decode.ts'

/** Timestamps are tag 1 with integer milliseconds, unlike those of the newer rpc-v2-cbor. */
export const cborFormat: BodyFormat = {
  parse: cbor.deserialize,
  decoderOf: createDecoders({
    blob: (value) => (value instanceof Uint8Array ? value : refuse(value, 'to a Blob')),
    timestamp: (value) => {
      const time = isTagged(value) ? value.value : value
      return typeof time === 'number' ? Math.round(time) : refuse(value, TO_MILLISECONDS)
    },
  }),
  encode: (shape, value) => cbor.serialize(cborEncoderOf(shape)(value)),
  print: cbor.serialize,
}

const isTagged = (value: unknown): value is ReturnType<typeof tag> =>
  typeof value === 'object' && value !== null && 'tag' in value && value.tag === 1
