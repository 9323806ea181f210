import { serializationException } from '../../service/exception.ts'
import type { Shape, StructureShape } from '../../service/shape.ts'
import type { Answer } from '../exchange.ts'

/** A way to write a body of the AWS JSON protocol. */
export interface BodyFormat {
  /** Throws when the bytes are not well-formed. */
  parse(bytes: Uint8Array): unknown
  decoderOf(shape: Shape): Decode
  encode(shape: Shape, value: unknown): NonNullable<Answer['body']>
  /** Of an error, as plain strings. */
  print(value: Readonly<Record<string, string>>): string | Uint8Array
}

export type Decode = (value: unknown) => unknown

/** What JSON and CBOR spell differently. */
export interface Format {
  readonly blob: Decode
  /** → ms since 1970 */
  readonly timestamp: Decode
}

/** Java's; AWS does not refuse what is beyond. */
const MIN_INTEGER = -(2 ** 31)
const MAX_INTEGER = 2 ** 31 - 1
const MIN_LONG = -(2 ** 63)
const MAX_LONG = 2 ** 63

/**
 * Decoders by shape, each built once. Members that the shape does not know are left out, nulls too; a wrong type is
 * AWS's SerializationException in AWS's words.
 */
export function createDecoders(format: Format): (shape: Shape) => Decode {
  const built = new WeakMap<Shape, Decode>()
  const decoderOf = (shape: Shape): Decode => {
    let decode = built.get(shape)
    if (!decode) {
      decode = build(shape)
      built.set(shape, decode)
    }
    return decode
  }

  const build = (shape: Shape): Decode => {
    switch (shape.kind) {
      case 'structure':
        return structureDecoder(shape)
      case 'list': {
        const item = decoderOf(shape.member)
        return (value) => {
          if (!Array.isArray(value)) throw notA('list', value)
          return value.map((entry) => (entry === null ? entry : item(entry)))
        }
      }
      case 'map': {
        const item = decoderOf(shape.value)
        return (value) =>
          Object.fromEntries(
            Object.entries(objectOf('map', value)).flatMap(([key, entry]) =>
              entry === null ? [] : [[key, item(entry)]],
            ),
          )
      }
      case 'integer':
        return (value) => whole(numberOf('Integer', value), MIN_INTEGER, MAX_INTEGER)
      case 'long':
        return (value) => whole(numberOf('Long', value), MIN_LONG, MAX_LONG)
      case 'double':
        return (value) => numberOf('Double', value)
      case 'string':
        return (value) => (typeof value === 'string' ? value : refuse(value, 'to an String'))
      case 'boolean':
        return (value) => (typeof value === 'boolean' ? value : refuse(value, 'to an Boolean'))
      case 'blob':
        return format.blob
      case 'timestamp':
        return format.timestamp
      default:
        throw new Error(`a ${shape.kind} cannot be a member of a request in JSON`)
    }
  }

  const structureDecoder = ({ members }: StructureShape): Decode => {
    const decoders = Object.entries(members).map(([name, shape]) => [name, decoderOf(shape)] as const)
    return (value) => {
      const input = objectOf('structure', value)
      const output: Record<string, unknown> = {}
      for (const [name, decode] of decoders) {
        const member = input[name]
        if (member !== undefined && member !== null) output[name] = decode(member)
      }
      return output
    }
  }
  return decoderOf
}

function objectOf(wanted: 'structure' | 'map', value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array))
    return value as Record<string, unknown>
  throw notA(wanted, value)
}

function numberOf(wanted: 'Integer' | 'Long' | 'Double', value: unknown): number {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) return refuse(value, `to an ${wanted}`)
  return number
}

const whole = (number: number, least: number, most: number) =>
  Math.trunc(Math.min(Math.max(number, least), most))

const notA = (wanted: 'structure' | 'map' | 'list', value: unknown) =>
  serializationException(
    typeof value !== 'object'
      ? `Expected ${wanted === 'structure' ? '' : `${wanted} or `}null`
      : Array.isArray(value)
        ? 'Start of list found where not expected'
        : 'Start of structure or map found where not expected.',
  )

/** Throws what AWS answers to a value that is not of a scalar's type. */
export function refuse(value: unknown, target: string): never {
  if (Array.isArray(value)) throw serializationException('Start of list found where not expected')
  if (typeof value === 'object' && !(value instanceof Uint8Array))
    throw serializationException('Start of structure or map found where not expected.')
  if (typeof value === 'string' && target === 'to an Boolean')
    throw serializationException(`'${value.toUpperCase()}' can not be converted ${target}`)
  throw serializationException(`class ${javaClassOf(value)} can not be converted ${target}`)
}

const javaClassOf = (value: unknown) =>
  typeof value === 'boolean'
    ? 'java.lang.Boolean'
    : typeof value === 'string'
      ? 'java.lang.String'
      : value instanceof Uint8Array
        ? 'java.nio.HeapByteBuffer'
        : 'com.amazon.coral.value.json.numbers.TruncatingBigNumber'

/** What a value that is no timestamp cannot be converted to, in AWS's words. */
const TO_MILLISECONDS = 'to milliseconds since epoch'
/** What there is at most of a time; of what lies beyond, this is taken. */
const MAX_TIME = 8.64e15

/** A moment in units of so many ms each → ms since 1970. */
export function millisecondsOf(value: unknown, unitMs: number): number {
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number)) return refuse(value, TO_MILLISECONDS)
  return Math.min(Math.max(Math.round(number * unitMs), -MAX_TIME), MAX_TIME)
}
