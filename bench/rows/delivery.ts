import { appendLimit } from '../append-limit.ts'
import { connect, FIREHOSE, repeat } from '../call.ts'
import type { Row } from '../row.ts'
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
const body = JSON.stringify({
  DeliveryStreamName: NAME,
  Records: Array.from({ length: PER_BATCH }, () => ({ Data: record.toString('base64') })),
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

/** From PutRecordBatch to the object in the bucket: append, read, seal, put, checkpoint; every step durable. */
const deliveryRow = (CompressionFormat: 'UNCOMPRESSED' | 'GZIP'): Row => ({
  name: `Direct PUT to delivered object, 40 MiB of 1 KiB records in 5 MiB objects, ${CompressionFormat}`,
  unit: 'records of 1 KiB: 1,024 are 1 MiB',
  targets: ['standpipe'],
  limits: [appendLimit(record, PER_BATCH, BATCHES)],
  async prepare(target) {
    await fetch(`${target.endpoint}/bench`, { method: 'PUT' })
    const connections = connect(target.endpoint, 1)
    const input = {
      DeliveryStreamName: NAME,
      ExtendedS3DestinationConfiguration: { ...destination, CompressionFormat },
    }
    await connections.call(FIREHOSE('CreateDeliveryStream'), JSON.stringify(input))
    const describe = () =>
      connections.call(FIREHOSE('DescribeDeliveryStream'), JSON.stringify({ DeliveryStreamName: NAME }))
    while (!(await describe()).includes('"ACTIVE"')) await new Promise((resolve) => setTimeout(resolve, 50))
    connections.close()
  },
  async run(target) {
    const connections = connect(target.endpoint, 4)
    await repeat(BATCHES, 4, () => connections.call(FIREHOSE('PutRecordBatch'), body))
    while (!(await isDelivered(target))) await new Promise((resolve) => setTimeout(resolve, 10))
    connections.close()
    return BATCHES * PER_BATCH
  },
})

export const delivery = deliveryRow('UNCOMPRESSED')
export const deliveryGzip = deliveryRow('GZIP')
