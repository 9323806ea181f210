import { connect, FIREHOSE } from '../calls/call.ts'
import { pour } from '../calls/pour.ts'
import { preparedRequest } from '../calls/prepared.ts'
import { appendLimit } from '../limits/append-limit.ts'
import type { Round, Row } from '../row.ts'
import type { Target } from '../target.ts'

const NAME = 'bench'
const RECORD_BYTES = 1024
const PER_BATCH = 256
/** 256 KiB each: 40 MiB, eight objects of 5 MiB. */
const BATCHES = 160
/** Lines of a log, which gzip makes a fifth of. */
const record = Buffer.from(
  Array.from({ length: 8 }, (_, line) =>
    JSON.stringify({ time: 1_782_000_000_000 + line * 977, path: `/orders/${line * 7919}`, status: 200 }),
  )
    .join('\n')
    .padEnd(RECORD_BYTES, 'abcdefghijklmnopqrstuvwxyz0123456789')
    .slice(0, RECORD_BYTES),
)
const bodyOf = (recordAt: (index: number) => Buffer) =>
  JSON.stringify({
    DeliveryStreamName: NAME,
    Records: Array.from({ length: PER_BATCH }, (_, index) => ({ Data: recordAt(index).toString('base64') })),
  })
const body = bodyOf(() => record)
/** Each a JSON document of one of 16 customers. */
const partitionedBody = bodyOf((index) => {
  const text = JSON.stringify({ customer: `c${index % 16}`, time: 1_782_000_000_000 + index * 977, pad: '' })
  const pad = record
    .toString('latin1')
    .replaceAll(/[^\w]/g, '.')
    .slice(0, RECORD_BYTES - text.length)
  return Buffer.from(text.replace('"pad":""', `"pad":"${pad}"`))
})
const destination = {
  BucketARN: 'arn:aws:s3:::bench',
  RoleARN: 'arn:aws:iam::000000000000:role/firehose',
  BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 900 },
}

/** Everything that was put is in an object. */
async function isDelivered({ endpoint }: Target): Promise<boolean> {
  const answer = await fetch(`${endpoint}/_standpipe/api/delivery-streams/${NAME}`)
  const { buffered, freshnessMs } = (await answer.json()) as {
    buffered: { records: number }
    freshnessMs: number
  }
  return buffered.records === 0 && freshnessMs === 0
}

const EXTRACTION = {
  Type: 'MetadataExtraction',
  Parameters: [
    { ParameterName: 'MetadataExtractionQuery', ParameterValue: '{customer: .customer}' },
    { ParameterName: 'JsonParsingEngine', ParameterValue: 'JQ-1.6' },
  ],
}

async function create({ endpoint }: Target, settings: object): Promise<void> {
  await fetch(`${endpoint}/bench`, { method: 'PUT' })
  const connections = connect(endpoint, 1)
  const input = {
    DeliveryStreamName: NAME,
    ExtendedS3DestinationConfiguration: { ...destination, ...settings },
  }
  await connections.call(FIREHOSE('CreateDeliveryStream'), JSON.stringify(input))
  const describe = () =>
    connections.call(FIREHOSE('DescribeDeliveryStream'), JSON.stringify({ DeliveryStreamName: NAME }))
  while (!(await describe()).includes('"ACTIVE"')) await new Promise((resolve) => setTimeout(resolve, 50))
  connections.close()
}

/** From PutRecordBatch to the object in the bucket: append, read, seal, put, checkpoint; every step durable. */
const deliveryRow = (CompressionFormat: 'UNCOMPRESSED' | 'GZIP'): Row => ({
  name: `Direct PUT to delivered object, 40 MiB of 1 KiB records in 5 MiB objects, ${CompressionFormat}`,
  unit: 'records of 1 KiB: 1,024 are 1 MiB',
  targets: ['standpipe'],
  limits: [appendLimit(record, PER_BATCH, BATCHES)],
  async prepare(target) {
    await create(target, { CompressionFormat })
    return delivering(target, body)
  },
})

/** Puts all of it and waits until it is in objects. */
const delivering =
  (target: Target, batch: string, afterwards: () => Promise<unknown> = async () => undefined): Round =>
  async () => {
    const request = preparedRequest(target.endpoint, FIREHOSE('PutRecordBatch'), batch)
    await pour(target.endpoint, [request], { total: BATCHES, connections: 4 })
    await afterwards()
    while (!(await isDelivered(target))) await new Promise((resolve) => setTimeout(resolve, 10))
    return BATCHES * PER_BATCH
  }

export const delivery = deliveryRow('UNCOMPRESSED')
export const deliveryGzip = deliveryRow('GZIP')

/** From PutRecordBatch to the objects of 16 partitions, their keys read by jq. */
export const deliveryPartitioned: Row = {
  name: 'Direct PUT to delivered objects, 40 MiB of 1 KiB records, dynamic partitioning by jq into 16 partitions',
  unit: 'records of 1 KiB: 1,024 are 1 MiB',
  targets: ['standpipe'],
  limits: [appendLimit(record, PER_BATCH, BATCHES)],
  async prepare(target) {
    await create(target, {
      BufferingHints: { SizeInMBs: 64, IntervalInSeconds: 900 },
      Prefix: 'by/!{partitionKeyFromQuery:customer}/',
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
      DynamicPartitioningConfiguration: { Enabled: true },
      ProcessingConfiguration: { Enabled: true, Processors: [EXTRACTION] },
    })
    return delivering(target, partitionedBody, () =>
      fetch(`${target.endpoint}/_standpipe/api/delivery-streams/${NAME}/deliver`, { method: 'POST' }),
    )
  },
}
