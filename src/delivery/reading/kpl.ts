import { createHash } from 'node:crypto'

/** The Kinesis Producer Library's aggregated records begin so, and end with an MD5 of what is between. */
const MAGIC = Buffer.from('f3899ac2', 'hex')
const DIGEST_BYTES = 16
const RECORDS_FIELD = 3
const DATA_FIELD = 3
const LENGTH_DELIMITED = 2
/** Of one aggregated record. The KPL makes them of a few thousand; each takes memory, however short it is. */
const MAX_RECORDS = 100_000

/** Cheap: whether it may be worth de-aggregating. */
export const looksAggregated = (data: Uint8Array): boolean =>
  data.length > MAGIC.length + DIGEST_BYTES &&
  data[0] === MAGIC[0] &&
  data[1] === MAGIC[1] &&
  data[2] === MAGIC[2] &&
  data[3] === MAGIC[3]

/**
 * The user records inside an aggregated record, or the record itself when it is none or holds too many.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
export function deAggregate(data: Uint8Array): readonly Uint8Array[] {
  if (!looksAggregated(data)) return [data]
  const message = data.subarray(MAGIC.length, -DIGEST_BYTES)
  const digest = createHash('md5').update(message).digest()
  if (!digest.equals(data.subarray(-DIGEST_BYTES))) return [data]
  const records: Uint8Array[] = []
  for (const [field, record] of fieldsOf(message)) {
    if (field !== RECORDS_FIELD) continue
    if (records.length === MAX_RECORDS) return [data]
    records.push(dataOf(record))
  }
  return records
}

function dataOf(record: Uint8Array): Uint8Array {
  for (const [field, bytes] of fieldsOf(record)) if (field === DATA_FIELD) return bytes
  return new Uint8Array(0)
}

/** The length-delimited fields of a protobuf message; varints between them are passed over. */
function* fieldsOf(message: Uint8Array): Generator<[field: number, bytes: Uint8Array]> {
  let at = 0
  const varint = (): number => {
    let value = 0
    for (let scale = 1; at < message.length; scale *= 128) {
      const byte = message[at++]!
      value += (byte & 127) * scale
      if (byte < 128) break
    }
    return value
  }
  while (at < message.length) {
    const tag = varint()
    const length = varint()
    if (tag % 8 !== LENGTH_DELIMITED) continue
    yield [Math.floor(tag / 8), message.subarray(at, at + length)]
    at += length
  }
}
