import { createHash } from 'node:crypto'

/** The Kinesis Producer Library's aggregated records begin so, and end with an MD5 of what is between. */
const MAGIC = Buffer.from('f3899ac2', 'hex')
const DIGEST_BYTES = 16
const [PARTITION_KEYS_FIELD, HASH_KEYS_FIELD, RECORDS_FIELD] = [1, 2, 3]
const [PARTITION_KEY_FIELD, HASH_KEY_FIELD, DATA_FIELD] = [1, 2, 3]
const LENGTH_DELIMITED = 2
/** Of one aggregated record, and keys. The KPL makes them of a few thousand; each takes memory, however short it is. */
const MAX_RECORDS = 100_000

/** Cheap: whether it may be worth de-aggregating. */
export const looksAggregated = (data: Uint8Array): boolean =>
  data.length > MAGIC.length + DIGEST_BYTES &&
  data[0] === MAGIC[0] &&
  data[1] === MAGIC[1] &&
  data[2] === MAGIC[2] &&
  data[3] === MAGIC[3]

/**
 * The user records' data inside an aggregated record, or the record itself when it is none or holds too many.
 * https://github.com/awslabs/amazon-kinesis-producer/blob/master/aggregation-format.md
 */
export function deAggregate(data: Uint8Array): readonly Uint8Array[] {
  const message = messageOf(data)
  if (!message) return [data]
  const records: Uint8Array[] = []
  for (const { field, bytes } of fieldsOf(message)) {
    if (field !== RECORDS_FIELD || !bytes) continue
    if (records.length === MAX_RECORDS) return [data]
    records.push(recordOf(bytes).data)
  }
  return records
}

/** What a producer put, before the KPL put it together with others. Its place among them is its sub-sequence number. */
export interface UserRecord {
  readonly partitionKey: string
  /** Decimal. */
  readonly explicitHashKey?: string
  readonly data: Uint8Array
}

/** What is inside an aggregated record, with its keys; undefined for any other, and for one that names keys it does not have. */
export function userRecordsOf(data: Uint8Array): readonly UserRecord[] | undefined {
  const message = messageOf(data)
  if (!message) return undefined
  const [partitionKeys, hashKeys]: [string[], string[]] = [[], []]
  const found: Found[] = []
  for (const { field, bytes } of fieldsOf(message)) {
    if (!bytes) continue
    if (field === PARTITION_KEYS_FIELD) partitionKeys.push(Buffer.from(bytes).toString())
    else if (field === HASH_KEYS_FIELD) hashKeys.push(Buffer.from(bytes).toString())
    else if (field === RECORDS_FIELD) found.push(recordOf(bytes))
    if (Math.max(found.length, partitionKeys.length, hashKeys.length) > MAX_RECORDS) return undefined
  }
  const records = found.flatMap(({ partitionKey, hashKey, data }) => {
    const [key, explicitHashKey] = [partitionKeys[partitionKey], hashKeys[hashKey ?? -1]]
    if (key === undefined || (hashKey !== undefined && !isHashKey(explicitHashKey))) return []
    return [{ partitionKey: key, data, ...(explicitHashKey !== undefined && { explicitHashKey }) }]
  })
  return records.length === 0 || records.length < found.length ? undefined : records
}

const isHashKey = (text: string | undefined): boolean => text !== undefined && /^\d{1,39}$/.test(text)

/** The protobuf message in it; undefined when it is none of the KPL's, or not as the KPL wrote it. */
function messageOf(data: Uint8Array): Uint8Array | undefined {
  if (!looksAggregated(data)) return undefined
  const message = data.subarray(MAGIC.length, -DIGEST_BYTES)
  const digest = createHash('md5').update(message).digest()
  return digest.equals(data.subarray(-DIGEST_BYTES)) ? message : undefined
}

interface Found {
  /** Places in the tables of keys. */
  readonly partitionKey: number
  readonly hashKey: number | undefined
  readonly data: Uint8Array
}

function recordOf(record: Uint8Array): Found {
  let [partitionKey, hashKey, data]: [number, number | undefined, Uint8Array | undefined] = [
    0,
    undefined,
    undefined,
  ]
  for (const { field, value, bytes } of fieldsOf(record)) {
    if (field === PARTITION_KEY_FIELD && !bytes) partitionKey = value
    else if (field === HASH_KEY_FIELD && !bytes) hashKey = value
    else if (field === DATA_FIELD && bytes) data ??= bytes
  }
  return { partitionKey, hashKey, data: data ?? new Uint8Array(0) }
}

interface Field {
  readonly field: number
  /** A number, or how many bytes follow. */
  readonly value: number
  /** Only of what is of some length. */
  readonly bytes?: Uint8Array
}

/** The numbers and the length-delimited fields of a protobuf message; the KPL writes no others. */
function* fieldsOf(message: Uint8Array): Generator<Field> {
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
    const value = varint()
    const field = Math.floor(tag / 8)
    if (tag % 8 !== LENGTH_DELIMITED) {
      yield { field, value }
      continue
    }
    yield { field, value, bytes: message.subarray(at, at + value) }
    at += value
  }
}
