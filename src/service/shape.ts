/**
 * Shapes: what an operation takes and gives, as data. Types, validation and the protocols' codecs are all
 * walks over one declaration, written in AWS's member order beside the behaviour it describes.
 */

export declare const type: unique symbol
export interface Typed<T> {
  /** Carries the TypeScript type only; never set. */
  readonly [type]?: T
}

/**
 * Where a REST protocol carries a member; the JSON protocols ignore it. `order` is carried nowhere: elements of
 * flattened lists that have it stand in that order, whichever list they are of.
 */
export interface Location {
  readonly in: 'uri' | 'query' | 'header' | 'headerPrefix' | 'payload' | 'status' | 'attribute' | 'order'
  readonly name: string
}

export interface Common {
  readonly required?: true
  /** What it is required for the operation alone knows: that it is missing is named beside what else is broken. */
  readonly waivable?: true
  readonly location?: Location
  /** The element's name in XML, where it is not the member's. */
  readonly xmlName?: string
}

export interface StringShape extends Common {
  readonly kind: 'string'
  readonly min?: number
  readonly max?: number
  /** AWS's pattern as AWS prints it; `accepts` where JavaScript must read it otherwise. */
  readonly pattern?: string
  readonly accepts?: RegExp
  /** What AWS says of a value that does not fit the pattern, where it has words of its own: of the first such member alone. */
  readonly patternWords?: string
  /** In the order in which AWS prints it. */
  readonly values?: readonly string[]
}
export interface NumberShape extends Common {
  readonly kind: 'integer' | 'long' | 'double'
  readonly min?: number
  readonly max?: number
  /** One that AWS holds to, and tells of in no model. */
  readonly privateMax?: number
}
export interface BlobShape extends Common {
  readonly kind: 'blob'
  readonly min?: number
  readonly max?: number
}
export interface BooleanShape extends Common {
  readonly kind: 'boolean'
}
/** A moment, as milliseconds since 1970 everywhere inside Standpipe. */
export interface TimestampShape extends Common {
  readonly kind: 'timestamp'
  readonly format?: 'http-date' | 'date-time'
}
export interface ListShape extends Common {
  readonly kind: 'list'
  readonly member: Shape
  readonly min?: number
  readonly max?: number
  /** XML only: members repeat without a wrapping element. */
  readonly flattened?: true
}
export interface MapShape extends Common {
  readonly kind: 'map'
  readonly key: StringShape
  readonly value: Shape
  readonly min?: number
  readonly max?: number
}
export interface StructureShape<M extends Members = Members> extends Common {
  readonly kind: 'structure'
  readonly members: M
}
/** Events that follow one another in one answer; each event is one member of the union. */
export interface EventStreamShape extends Common {
  readonly kind: 'eventStream'
  readonly members: Members
}
/** A body while it is being read; whoever gave a piece of it away does not write to it again. */
export interface StreamBody extends AsyncIterable<Uint8Array> {
  /**
   * What the client sent after the data (a checksum, for example), by lower-case header name. A request's body has
   * them all once the iteration has ended; an answer's body needs none.
   */
  readonly trailers?: ReadonlyMap<string, string>
  /** Takes back a piece that its reader will not look at again; see free.ts. */
  readonly release?: (piece: Uint8Array) => void
}
/** A body that is read or written piece by piece and never held whole. */
export interface StreamShape extends Common {
  readonly kind: 'stream'
}

type AnyShape =
  | StringShape
  | NumberShape
  | BlobShape
  | BooleanShape
  | TimestampShape
  | ListShape
  | MapShape
  | StructureShape
  | EventStreamShape
  | StreamShape

export type Shape<T = unknown> = AnyShape & Typed<T>
export type Members = Readonly<Record<string, Shape>>
type Required = { readonly required: true }

export type TypeOf<S> = S extends Typed<infer T> ? T : never
type RequiredKeys<M> = { [K in keyof M]: M[K] extends Required ? K : never }[keyof M]
type OptionalKeys<M> = Exclude<keyof M, RequiredKeys<M>>
export type StructureOf<M> = { [K in RequiredKeys<M>]: TypeOf<M[K]> } & {
  [K in OptionalKeys<M>]?: TypeOf<M[K]> | undefined
}

type Rules<S> = Omit<S, 'kind' | 'required' | 'location' | 'member' | 'members' | 'key' | 'value'>

export const string = (rules: Rules<StringShape> = {}): StringShape & Typed<string> => ({
  kind: 'string',
  ...rules,
})
/** A string of a closed set, listed in the order in which AWS prints it. */
export const oneOf = <const V extends readonly string[]>(...values: V): StringShape & Typed<V[number]> => ({
  kind: 'string',
  values,
})
export const integer = (rules: Rules<NumberShape> = {}): NumberShape & Typed<number> => ({
  kind: 'integer',
  ...rules,
})
export const long = (rules: Rules<NumberShape> = {}): NumberShape & Typed<number> => ({
  kind: 'long',
  ...rules,
})
export const double = (rules: Rules<NumberShape> = {}): NumberShape & Typed<number> => ({
  kind: 'double',
  ...rules,
})
export const boolean = (): BooleanShape & Typed<boolean> => ({ kind: 'boolean' })
export const blob = (rules: Rules<BlobShape> = {}): BlobShape & Typed<Uint8Array> => ({
  kind: 'blob',
  ...rules,
})
export const timestamp = (rules: Rules<TimestampShape> = {}): TimestampShape & Typed<number> => ({
  kind: 'timestamp',
  ...rules,
})
export const stream = (): StreamShape & Typed<StreamBody> => ({ kind: 'stream' })

export const list = <S extends Shape>(
  member: S,
  rules: Rules<ListShape> = {},
): ListShape & Typed<TypeOf<S>[]> => ({
  kind: 'list',
  member,
  ...rules,
})
export const map = <S extends Shape>(
  key: StringShape,
  value: S,
  rules: Rules<MapShape> = {},
): MapShape & Typed<Record<string, TypeOf<S>>> => ({ kind: 'map', key, value, ...rules })
export const structure = <const M extends Members>(
  members: M,
): StructureShape<M> & Typed<StructureOf<M>> => ({ kind: 'structure', members })
/** The output of an operation that answers nothing: an empty body, where an output without members is an empty object. */
export const nothing = structure({})
export const eventStream = <const M extends Members>(
  members: M,
): EventStreamShape & Typed<AsyncIterable<Partial<StructureOf<M>>>> => ({ kind: 'eventStream', members })

export const waivable = <S extends Shape>(shape: S): S => ({ ...shape, waivable: true })
export const required = <S extends Shape>(shape: S): S & Required => ({ ...shape, required: true })
const located =
  (place: Location['in']) =>
  <S extends Shape>(name: string, shape: S): S => ({ ...shape, location: { in: place, name } })
export const inUri = located('uri')
export const inQuery = located('query')
export const inHeader = located('header')
export const inHeaderPrefix = located('headerPrefix')
/** The member is an attribute of its structure's element. */
export const inAttribute = located('attribute')
/** Where its structure stands among those of its list and of the lists beside it. */
export const asOrder = <S extends NumberShape>(shape: S): S => located('order')('', shape)
/** The member is the whole body. */
export const asPayload = <S extends Shape>(shape: S): S => located('payload')('', shape)
export const asStatus = <S extends Shape>(shape: S): S => located('status')('', shape)
export const named = <S extends Shape>(xmlName: string, shape: S): S => ({ ...shape, xmlName })
