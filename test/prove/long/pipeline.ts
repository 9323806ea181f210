import { type Calls, until } from './calls.ts'

export const LAKE = 'lake'
export const RECORD_BYTES = 1_024
const ACCOUNT = '000000000000'
const RoleARN = `arn:aws:iam::${ACCOUNT}:role/firehose`
const SHARDS = 4
/** Thousands of objects are listed each time. */
const LISTED_EVERY_MS = 250

const destination = (Prefix: string) => ({
  ExtendedS3DestinationConfiguration: {
    RoleARN,
    BucketARN: `arn:aws:s3:::${LAKE}`,
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 60 },
    Prefix,
  },
})

/** A delivery stream that takes records itself. */
export async function makeDirect(calls: Calls, name: string): Promise<void> {
  await calls.call('firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: name,
    ...destination(`${name}/`),
  })
  await isDelivering(calls, name)
}

/** A stream, and the delivery stream of the same name that delivers it. */
export async function makeStream(calls: Calls, name: string): Promise<void> {
  await calls.call('kinesis', 'CreateStream', { StreamName: name, ShardCount: SHARDS })
  await isActive(calls, name)
  await calls.call('firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: name,
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: `arn:aws:kinesis:us-east-1:${ACCOUNT}:stream/${name}`,
      RoleARN,
    },
    ...destination(`${name}/`),
  })
  await isDelivering(calls, name)
}

export async function reshard(calls: Calls, name: string, isMore: boolean): Promise<void> {
  await calls.call('kinesis', 'UpdateShardCount', {
    StreamName: name,
    TargetShardCount: isMore ? 2 * SHARDS : SHARDS,
    ScalingType: 'UNIFORM_SCALING',
  })
  await isActive(calls, name)
}

const isActive = (calls: Calls, name: string) =>
  until(`${name} is ACTIVE`, async () => {
    const { StreamDescriptionSummary } = await calls.call<{
      StreamDescriptionSummary: { StreamStatus: string }
    }>('kinesis', 'DescribeStreamSummary', { StreamName: name })
    return StreamDescriptionSummary.StreamStatus === 'ACTIVE'
  })

const isDelivering = (calls: Calls, name: string) =>
  until(`the delivery stream ${name} is ACTIVE`, async () => {
    const { DeliveryStreamDescription } = await calls.call<{
      DeliveryStreamDescription: { DeliveryStreamStatus: string }
    }>('firehose', 'DescribeDeliveryStream', { DeliveryStreamName: name })
    return DeliveryStreamDescription.DeliveryStreamStatus === 'ACTIVE'
  })

/**
 * Waits until as many records are delivered as were acknowledged, then takes their objects away; in words, what was
 * lost or doubled.
 */
export async function settle(
  calls: Calls,
  name: string,
  records: number,
  withinMs = 60_000,
): Promise<string[]> {
  let delivered = 0
  const isAll = async () => {
    await calls.send('POST', `/_standpipe/api/delivery-streams/${name}/deliver`)
    delivered = 0
    for await (const { sizeBytes } of objectsOf(calls, name)) delivered += sizeBytes / RECORD_BYTES
    return delivered >= records
  }
  const what = `${records} records of ${name} are delivered`
  const failure = await until(what, isAll, withinMs, LISTED_EVERY_MS).catch((error: Error) => error.message)
  for await (const { key } of objectsOf(calls, name)) await calls.send('DELETE', `/${LAKE}/${key}`)
  return delivered === records
    ? []
    : [
        `${name}: ${records} records were acknowledged, ${delivered} delivered${failure ? ` (${failure})` : ''}`,
      ]
}

async function* objectsOf(
  calls: Calls,
  name: string,
): AsyncGenerator<{ readonly key: string; readonly sizeBytes: number }> {
  let after = ''
  for (;;) {
    const query = `list-type=2&prefix=${name}/&start-after=${encodeURIComponent(after)}`
    const listing = (await calls.send('GET', `/${LAKE}?${query}`)).toString()
    for (const [, key = '', size] of listing.matchAll(/<Key>([^<]+)<.*?<Size>(\d+)</gs)) {
      yield { key, sizeBytes: Number(size) }
      after = key
    }
    if (!listing.includes('<IsTruncated>true<')) return
  }
}
