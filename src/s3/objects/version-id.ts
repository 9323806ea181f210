import { createHash } from 'node:crypto'
import { number, shape, text } from '../../engine/ports/checks.ts'
import { string } from '../../service/shape.ts'
import { asItIs, bytesOfBase64, tokenOf } from '../../service/token.ts'

/** Which of a key's versions it is. */
export interface Version {
  /** `null` for what was put while the bucket made no versions. */
  readonly id: string
  /** Grows with each version of a key; of the first of them it is the time, ms since 1970. */
  readonly order: number
}

export const versionCheck = shape<Version>({ id: text, order: number })

export const NULL_VERSION = 'null'

/** What a version is that was put before its bucket had any: no other is older. */
export const FIRST_VERSION: Version = { id: NULL_VERSION, order: 0 }

/** Orders are less than this. */
export const ORDERS = 2 ** 48

const ORDER_BYTES = 6
const CHANCE_BYTES = 12
const SEAL_BYTES = 6

/** 32 letters, as AWS's: they tell the order, so that a version is found by its id, and nobody has made them up. */
export function newVersionId(order: number, chance: string): string {
  const sealed = Buffer.alloc(ORDER_BYTES + CHANCE_BYTES)
  sealed.writeUIntBE(order, 0, ORDER_BYTES)
  digest(chance).copy(sealed, ORDER_BYTES, 0, CHANCE_BYTES)
  return written(Buffer.concat([sealed, sealOf(sealed)]))
}

const written = (bytes: Buffer): string => bytes.toString('base64url').replaceAll('-', '.')

const idText = tokenOf(string({ pattern: '[A-Za-z0-9._]{32}' }), asItIs)

/** Undefined for what was never the id of a version, but for `null`. */
export function orderOf(versionId: string): number | undefined {
  const text = idText.parse(versionId)
  if (text === undefined) return undefined
  const bytes = Buffer.from(bytesOfBase64(text.replaceAll('.', '-')))
  const sealed = bytes.subarray(0, ORDER_BYTES + CHANCE_BYTES)
  return sealOf(sealed).equals(bytes.subarray(sealed.length)) ? bytes.readUIntBE(0, ORDER_BYTES) : undefined
}

export const isVersionId = (versionId: string): boolean =>
  versionId === NULL_VERSION || orderOf(versionId) !== undefined

/** Whether there may be such a version in the bucket, or has been; where none is named, there may. */
export const mayBeVersion = (
  { versioning }: { readonly versioning?: unknown },
  versionId: string = NULL_VERSION,
): boolean => versionId === NULL_VERSION || (versioning !== undefined && isVersionId(versionId))

const digest = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()
const sealOf = (sealed: Uint8Array) => digest(sealed).subarray(0, SEAL_BYTES)
