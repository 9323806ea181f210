import { pause } from '../../clock/machine-time.ts'
import { bytesText } from '../terminal-text.ts'
import { BUCKET, DELIVERY_STREAM, DIRECT_PUT, eventsFrom, exists, type LabRun, STREAM } from './lab-run.ts'

/** A Kinesis stream: made, written, read back. */
export async function streamSteps(run: LabRun): Promise<void> {
  const { kinesis } = run.clients
  const describe = () => kinesis.describeStreamSummary({ StreamName: STREAM })

  await run.step(`create stream ${STREAM}`, async () => {
    await kinesis.createStream({ StreamName: STREAM, ShardCount: 1 })
    run.undo(async () => {
      await run.until(`deleting ${STREAM}`, () => attempt(() => kinesis.deleteStream({ StreamName: STREAM })))
      await run.until(`deleting ${STREAM}`, async () => !(await exists(describe)))
    })
    await run.until(
      `creating ${STREAM}`,
      async () => (await describe()).StreamDescriptionSummary?.StreamStatus === 'ACTIVE',
    )
    return { text: `Created the stream ${STREAM} with one shard: CREATING at first, now ACTIVE.` }
  })

  await run.step('put 10 records', async (show) => {
    const sequenceNumber = await produce(run, 0, show)
    return { text: `Put 10 JSON records; Kinesis answered each with a sequence number.`, sequenceNumber }
  })

  await run.step('read them back', async () => {
    const { Shards = [] } = await kinesis.listShards({ StreamName: STREAM })
    const shardId = Shards[0]?.ShardId
    const { ShardIterator } = await kinesis.getShardIterator({
      StreamName: STREAM,
      ShardId: shardId,
      ShardIteratorType: 'TRIM_HORIZON',
    })
    const { Records = [] } = await kinesis.getRecords({ ShardIterator })
    const first = Buffer.from(Records[0]?.Data ?? []).toString()
    return {
      text: `Read ${Records.length} records back from ${shardId}, from its oldest one (TRIM_HORIZON).`,
      details: [first],
      records: Records.length,
    }
  })
}

/** A delivery stream from the Kinesis stream to S3: made, fed, delivered by its interval. */
export async function deliverySteps(run: LabRun): Promise<void> {
  const { kinesis, s3 } = run.clients

  await run.step(`create bucket ${BUCKET}`, async () => {
    await s3.createBucket({ Bucket: BUCKET })
    run.undo(async () => {
      for (const { Key } of await objectsOf(run)) await s3.deleteObject({ Bucket: BUCKET, Key })
      await s3.deleteBucket({ Bucket: BUCKET })
    })
    return { text: `Created the bucket ${BUCKET}.` }
  })

  await run.step(`create delivery stream ${DELIVERY_STREAM}`, async () => {
    const { StreamDescriptionSummary } = await kinesis.describeStreamSummary({ StreamName: STREAM })
    await createDeliveryStream(run, DELIVERY_STREAM, {
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: StreamDescriptionSummary?.StreamARN,
        RoleARN: await run.roleArn(),
      },
    })
    return {
      text: `Created ${DELIVERY_STREAM} from the stream to the bucket, with AWS's default buffering: 5 MiB or 300 s.`,
      details: ['It starts at LATEST: the 10 records from before it existed are not delivered, as on AWS.'],
    }
  })

  const { sequenceNumber } = await run.step('put 10 more records', async (show) => ({
    text: 'Put 10 more records; they wait in the buffer.',
    sequenceNumber: await produce(run, 10, show),
  }))

  await run.step('let 300 s pass', async () => {
    const how = await run.passInterval(DELIVERY_STREAM)
    await run.until('the delivery', async () => (await objectsOf(run)).length > 0)
    const [object] = await objectsOf(run)
    return {
      text: `${how}: one object holds the 10 records, concatenated as AWS does.`,
      details: await objectDetails(run, object?.Key),
      key: object?.Key,
      bytes: object?.Size,
      lastSequenceNumber: sequenceNumber,
    }
  })
}

type Creation = Omit<
  Parameters<LabRun['clients']['firehose']['createDeliveryStream']>[0],
  'DeliveryStreamName'
>

/** Creates a delivery stream to the lab's bucket and waits until it is ACTIVE. */
async function createDeliveryStream(run: LabRun, name: string, source: Creation): Promise<void> {
  const { firehose } = run.clients
  const DeliveryStreamName = name
  const describe = () => firehose.describeDeliveryStream({ DeliveryStreamName })
  await firehose.createDeliveryStream({
    DeliveryStreamName,
    ...source,
    ExtendedS3DestinationConfiguration: {
      BucketARN: `arn:aws:s3:::${BUCKET}`,
      RoleARN: await run.roleArn(),
    },
  })
  run.undo(async () => {
    await run.until(`deleting ${name}`, () =>
      attempt(() => firehose.deleteDeliveryStream({ DeliveryStreamName })),
    )
    await run.until(`deleting ${name}`, async () => !(await exists(describe)))
  })
  await run.until(
    `creating ${name}`,
    async () => (await describe()).DeliveryStreamDescription?.DeliveryStreamStatus === 'ACTIVE',
  )
}

/** The bucket's objects; the lab makes only a handful. */
async function objectsOf(run: LabRun) {
  const { Contents = [] } = await run.clients.s3.listObjectsV2({ Bucket: BUCKET })
  return Contents
}

const SHOWN_CHARACTERS = 96

/** An object's key, and how its content begins. */
async function objectDetails(run: LabRun, Key: string | undefined): Promise<string[]> {
  const { Body } = await run.clients.s3.getObject({ Bucket: BUCKET, Key })
  const content = (await Body?.transformToString()) ?? ''
  const shown = content.length > SHOWN_CHARACTERS ? `${content.slice(0, SHOWN_CHARACTERS)}…` : content
  return [
    `s3://${BUCKET}/${Key}  (${bytesText(content.length)})`,
    ...shown.split('\n').filter((line) => line !== ''),
  ]
}

const BUFFER_BYTES = 5 * 1024 * 1024
const RECORD_BYTES = BUFFER_BYTES / 8
/** A batch of PutRecordBatch takes up to 4 MiB. */
const RECORDS_PER_BATCH = 4
const THROTTLED_PAUSE_MS = 250

/** Without a stream: producers put into Firehose themselves; delivered by interval, then by size. */
export async function directPutSteps(run: LabRun): Promise<void> {
  const { firehose } = run.clients
  const delivered = async () => (await objectsOf(run)).filter(({ Key }) => Key?.includes(DIRECT_PUT))

  await run.step(`create delivery stream ${DIRECT_PUT}`, async () => {
    await createDeliveryStream(run, DIRECT_PUT, { DeliveryStreamType: 'DirectPut' })
    return {
      text: `Created ${DIRECT_PUT}, into which producers put directly, without a stream (Direct PUT).`,
    }
  })

  await run.step('put 10 lines, let 300 s pass', async () => {
    for (const event of eventsFrom(20, 10))
      await firehose.putRecord({
        DeliveryStreamName: DIRECT_PUT,
        Record: { Data: Buffer.from(`${event}\n`) },
      })
    const how = await run.passInterval(DIRECT_PUT)
    await run.until('the delivery', async () => (await delivered()).length > 0)
    const [object] = await delivered()
    return {
      text: `Put 10 lines. ${how}: with a newline in each record, the object has a line for each.`,
      details: await objectDetails(run, object?.Key),
      key: object?.Key,
      bytes: object?.Size,
    }
  })

  await run.step('put 5 MiB', async (show) => {
    const record: Uint8Array = Buffer.alloc(RECORD_BYTES, '.')
    let left = Array.from({ length: BUFFER_BYTES / RECORD_BYTES }, () => record)
    while (left.length > 0) {
      left = [...(await putBatch(run, left.slice(0, RECORDS_PER_BATCH))), ...left.slice(RECORDS_PER_BATCH)]
      show(`${bytesText(BUFFER_BYTES - left.length * RECORD_BYTES)} of ${bytesText(BUFFER_BYTES)}`)
    }
    await run.until('the delivery by size', async () => (await delivered()).length > 1)
    const object = (await delivered()).find(({ Size = 0 }) => Size >= BUFFER_BYTES)
    return {
      text: `Put ${bytesText(BUFFER_BYTES)} more: the size was reached before the 300 s, so it was delivered at once.`,
      details: [`${object?.Key}  (${bytesText(object?.Size ?? 0)})`],
      key: object?.Key,
      bytes: object?.Size,
    }
  })
}

/** Resolves with what was throttled and has to be put again. */
async function putBatch(run: LabRun, batch: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const { RequestResponses = [], FailedPutCount = 0 } = await run.clients.firehose.putRecordBatch({
    DeliveryStreamName: DIRECT_PUT,
    Records: batch.map((Data) => ({ Data })),
  })
  if (FailedPutCount > 0) await pause(THROTTLED_PAUSE_MS)
  return batch.filter((_, index) => RequestResponses[index]?.ErrorCode !== undefined)
}

/** Puts ten events, one request each, as the lab's producer does; resolves with the last sequence number. */
async function produce(run: LabRun, first: number, show: (progress: string) => void) {
  let last: string | undefined
  for (const [index, event] of eventsFrom(first, 10).entries()) {
    const Data = Buffer.from(event)
    const answer = await run.clients.kinesis.putRecord({
      StreamName: STREAM,
      Data,
      PartitionKey: 'partitionKey',
    })
    last = answer.SequenceNumber
    show(`${index + 1} of 10`)
  }
  return last
}

/** Whether it was done; not while the resource is still on its way to another state. */
async function attempt(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act()
    return true
  } catch (error) {
    if ((error as Error).name === 'ResourceInUseException') return false
    throw error
  }
}
