import { cbor, tag } from '@smithy/core/cbor'
import type { Shape } from '../../service/shape.ts'
import { type BodyFormat, millisecondsOf } from './body-format.ts'
import { decodeCbor, EpochTime } from './cbor-decode.ts'
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

type Encode = (value: unknown) => unknown

const built = new WeakMap<Shape, Encode>()

/** A value as CBOR's encoder takes it, by its shape alone: what the shape does not know is left out. */
function cborEncoderOf(shape: Shape): Encode {
  let encode = built.get(shape)
  if (!encode) {
    encode = build(shape)
    built.set(shape, encode)
  }
  return encode
}

function build(shape: Shape): Encode {
  switch (shape.kind) {
    case 'structure': {
      const rows = Object.entries(shape.members).map(
        ([name, member]) => [name, cborEncoderOf(member)] as const,
      )
      return (value) => {
        const output: Record<string, unknown> = {}
        for (const [name, encode] of rows) {
          const member = (value as Record<string, unknown>)[name]
          if (member !== undefined && member !== null) output[name] = encode(member)
        }
        return output
      }
    }
    case 'list': {
      const encode = cborEncoderOf(shape.member)
      return (value) => (value as unknown[]).map(encode)
    }
    case 'map': {
      const encode = cborEncoderOf(shape.value)
      return (value) =>
        Object.fromEntries(
          Object.entries(value as object).flatMap(([key, item]) =>
            item == null ? [] : [[key, encode(item)]],
          ),
        )
    }
    case 'timestamp':
      return (value) => tag({ tag: 1, value: Math.round(value as number) })
    case 'eventStream':
    case 'stream':
      throw new Error(`a ${shape.kind} cannot be a member of an answer in CBOR`)
    default:
      return (value) => value
  }
}
