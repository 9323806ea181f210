/**
 * As much of WebAssembly's binary format as hashing needs: instructions as nested expressions, and a module of
 * functions that share one memory. https://webassembly.github.io/spec/core/binary/
 */

/** Node's own types leave it out. https://webassembly.github.io/spec/js-api/ */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule
  readonly Instance: new (module: WasmModule) => { readonly exports: unknown }
}

export type WasmModule = object

/** Bytes of the binary format, nested as they were put together. */
export type Code = number | readonly Code[]

export const I32 = 0x7f
export const V128 = 0x7b

const unsigned = (value: number): Code =>
  value < 0x80 ? value : [(value & 0x7f) | 0x80, unsigned(value >>> 7)]
const signed = (value: number): Code =>
  value >= -0x40 && value < 0x40 ? value & 0x7f : [(value & 0x7f) | 0x80, signed(value >> 7)]
const list = (items: readonly Code[]): Code => [unsigned(items.length), items]
const sized = (code: Code): Code => list(bytesOf(code))

const bytesOf = (code: Code): number[] => [code as number].flat(Number.POSITIVE_INFINITY)

export const get = (local: number): Code => [0x20, unsigned(local)]
export const set = (local: number, value: Code): Code => [value, 0x21, unsigned(local)]
/** Sets a local and goes on with its value. */
export const tee = (local: number, value: Code): Code => [value, 0x22, unsigned(local)]
/** `body` once, and again as long as `condition` is not 0. */
export const repeatWhile = (body: Code, condition: Code): Code => [0x03, 0x40, body, condition, 0x0d, 0, 0x0b]

const binary =
  (opcode: Code) =>
  (left: Code, right: Code): Code => [left, right, opcode]
const simd = (opcode: number): Code => [0xfd, unsigned(opcode)]

export const i32 = {
  constant: (value: number): Code => [0x41, signed(value)],
  load: (address: Code, offset: number): Code => [address, 0x28, 2, unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [address, value, 0x36, 2, unsigned(offset)],
  lessThan: binary(0x49),
  add: binary(0x6a),
  and: binary(0x71),
  or: binary(0x72),
  xor: binary(0x73),
  not: (value: Code): Code => [value, 0x41, 0x7f, 0x73],
  rotateLeft: (value: Code, bits: number): Code => [value, i32.constant(bits), 0x77],
}

/** Four numbers of 32 bits, side by side. */
export const i32x4 = {
  constant: (value: number): Code => [simd(12), Array(4).fill(littleEndian(value))],
  load: (address: Code, offset: number): Code => [address, simd(0), 4, unsigned(offset)],
  store: (address: Code, offset: number, value: Code): Code => [
    address,
    value,
    simd(11),
    4,
    unsigned(offset),
  ],
  /** The numbers at four of the eight places of `left` and `right`. */
  shuffle: (left: Code, right: Code, places: readonly number[]): Code => [
    [left, right, simd(13)],
    places.map((place) => [0, 1, 2, 3].map((byte) => 4 * place + byte)),
  ],
  add: binary(simd(174)),
  and: binary(simd(78)),
  or: binary(simd(80)),
  xor: binary(simd(81)),
  not: (value: Code): Code => [value, simd(77)],
  shiftLeft: (value: Code, bits: number): Code => [value, i32.constant(bits), simd(171)],
  shiftRight: (value: Code, bits: number): Code => [value, i32.constant(bits), simd(173)],
}

const littleEndian = (value: number): Code => [0, 8, 16, 24].map((shift) => (value >>> shift) & 0xff)

export interface WasmFunction {
  readonly name: string
  /** How many, all of them i32: the first locals. */
  readonly parameters: number
  /** The types of the other locals. */
  readonly locals: readonly (typeof I32 | typeof V128)[]
  readonly body: Code
}

/** What each instance of a module exports: its functions, and as `memory` so many pages of 64 KiB. */
export function moduleOf(pages: number, functions: readonly WasmFunction[]): WasmModule {
  const section = (id: number, items: readonly Code[]): Code => [id, sized(list(items))]
  const exported = (name: string, kind: number, index: number): Code => [
    sized([...Buffer.from(name)]),
    [kind, unsigned(index)],
  ]
  const types = functions.map(({ parameters }) => [0x60, list(Array(parameters).fill(I32)), 0])
  const typeOfEach = functions.map((_, index) => unsigned(index))
  const memory = [1, unsigned(pages), unsigned(pages)]
  const exports = functions.map(({ name }, index) => exported(name, 0, index))
  const bodies = functions.map(({ locals, body }) =>
    sized([list(locals.map((type) => [1, type])), body, 0x0b]),
  )
  const code = [
    [
      [0, ...Buffer.from('asm')],
      [1, 0, 0, 0],
    ],
    section(1, types),
    section(3, typeOfEach),
    section(5, [memory]),
    section(7, [exported('memory', 2, 0), ...exports]),
    section(10, bodies),
  ]
  return new WebAssembly.Module(Uint8Array.from(bytesOf(code)))
}

/** The exports of a new instance, with memory of its own. */
export const instantiate = (module: WasmModule) => new WebAssembly.Instance(module).exports
