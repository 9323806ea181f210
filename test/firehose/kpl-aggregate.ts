import { createHash } from 'node:crypto'

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(value >>> 7)]
const field = (number: number, value: Uint8Array) =>
  Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(value.length)]), value])
const numbered = (number: number, value: number) => Buffer.from([number << 3, ...varint(value)])

/** One record as the Kinesis Producer Library aggregates several: magic, protobuf, MD5. */
export const aggregate = (records: readonly Uint8Array[]): Buffer =>
  aggregateOf(records.map((data) => ({ partitionKey: 'partition key', data })))

interface Put {
  readonly partitionKey: string
  readonly explicitHashKey?: string
  readonly data: Uint8Array
}

/** The same of records with keys: each key stands once in a table. */
export function aggregateOf(records: readonly Put[]): Buffer {
  const keys = [...new Set(records.map(({ partitionKey }) => partitionKey))]
  const hashKeys = [...new Set(records.flatMap(({ explicitHashKey = [] }) => explicitHashKey))]
  return sealed(
    ...keys.map((key) => field(1, Buffer.from(key))),
    ...hashKeys.map((key) => field(2, Buffer.from(key))),
    ...records.map(({ partitionKey, explicitHashKey, data }) =>
      field(
        3,
        Buffer.concat([
          numbered(1, keys.indexOf(partitionKey)),
          ...(explicitHashKey === undefined ? [] : [numbered(2, hashKeys.indexOf(explicitHashKey))]),
          field(3, data),
        ]),
      ),
    ),
  )
}

/** An aggregate whose records name a key that is in no table. */
export const keyless = (data: Uint8Array): Buffer =>
  sealed(field(3, Buffer.concat([numbered(1, 7), field(3, data)])))

/** An aggregate of one record and so many keys, of no length each. */
export const manyKeys = (count: number): Buffer =>
  sealed(
    Buffer.alloc(2 * count, '0a00', 'hex'),
    field(3, Buffer.concat([numbered(1, 0), field(3, Buffer.from('a'))])),
  )

function sealed(...fields: readonly Uint8Array[]): Buffer {
  const message = Buffer.concat(fields)
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()])
}
