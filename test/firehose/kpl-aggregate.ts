import { createHash } from 'node:crypto'

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(value >>> 7)]
const field = (number: number, value: Uint8Array) =>
  Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(value.length)]), value])

/** One record as the Kinesis Producer Library aggregates several: magic, protobuf, MD5. */
export function aggregate(records: readonly Uint8Array[]): Buffer {
  const message = Buffer.concat([
    field(1, Buffer.from('partition key')),
    ...records.map((data) => field(3, Buffer.concat([Buffer.from([0x08, 0]), field(3, data)]))),
  ])
  return Buffer.concat([Buffer.from('f3899ac2', 'hex'), message, createHash('md5').update(message).digest()])
}
