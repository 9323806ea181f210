import type { CompressionFormat } from '../../delivery/compressions.ts'
import type { Job, JobMeters, Jobs, Plan } from '../../delivery/job.ts'
import type { Delivered } from '../../delivery/lineage/manifest.ts'
import { firstCheckpointsOf } from '../../delivery/progress/outlet.ts'
import { leaveRemains } from '../../delivery/remains.ts'
import { PROCESSING_FAILED, type StepOfOne } from '../../delivery/step.ts'
import { documentAs } from '../../engine/ports/document.ts'
import type { Meters } from '../../metrics/meters.ts'
import { whereText } from '../../service/arn.ts'
import { parseStreamArn } from '../stream-ref.ts'
import {
  type Channel,
  type ChannelRef,
  channelArnOf,
  channelDocument,
  channelKeyOf,
  channelRefOf,
  flawCheckOf,
} from './channel.ts'
import { outputKeyOf } from './output-key-template.ts'
import { bucketOfArn } from './settings.ts'
import type { ChannelDelivery } from './transitions.ts'

/** AWS does not say how large an object gets before its time: here as large as Firehose's largest. */
const OBJECT_MBS = 128

const COMPRESSIONS = {
  NONE: { compressionFormat: 'UNCOMPRESSED', extension: '' },
  GZIP: { compressionFormat: 'GZIP', extension: '.gz' },
  ZSTD: { compressionFormat: 'ZSTD', extension: '.zst' },
} as const

/** How long a delivery is tried before its records are dead letters, where AWS says nothing. */
const RETRY_MS = 24 * 3_600_000

/** AWS does not say how dead letters are named below their prefix. */
const DEAD_LETTER_NAME = '!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}'

/** Every channel, for delivery. */
export const channelJobs = (meters: Meters): Jobs =>
  documentAs(channelDocument, ({ key, value }) => jobOf(channelRefOf(key), value, meters))

/** Where a channel's delivery begins, and what is left of one that had its name before. */
export const beginDelivery =
  (meters: Meters): ChannelDelivery['begin'] =>
  ({ ref, channel }, starts, replaced) => [
    ...(channel.failure === undefined ? firstCheckpointsOf(jobOf(ref, channel, meters), starts) : []),
    ...(replaced ? [leaveRemains({ id: replaced.channelId })] : []),
  ]

/** What delivery knows of a channel. */
function jobOf(ref: ChannelRef, channel: Channel, meters: Meters): Job {
  const { account, region, channelName: name } = ref
  const { channelId: id, version, passing, recordFormat } = channel
  const { streamName } = parseStreamArn(channel.streamArn)!
  const flawOf = flawCheckOf(recordFormat)
  const hints = { sizeBytes: OBJECT_MBS * 2 ** 20, intervalMs: channel.dataFreshnessInSeconds * 1000 }
  return {
    ...{ account, region, name, id, version, type: 'Channel', alias: id },
    arn: channelArnOf(ref, channel),
    where: whereText('channel', { account, region, name }),
    documentKey: channelKeyOf(ref),
    ...(passing?.status === 'DELETING' && { goneAt: passing.endsAt }),
    source: { streamArn: channel.streamArn, isDeAggregated: false },
    ...(flawOf && {
      stage: {
        // What batches of channels have always been kept with.
        processing: { decompression: false, messageExtraction: false },
        stepsOf: () => [checkedBy(flawOf)],
        isPartitioned: false,
        namesSource: true,
      },
    }),
    hasBackup: false,
    planOf: ({ kind }) => planOf(kind === 'errors', ref, channel),
    hintsOf: () => hints,
    meters: channelMeters(meters, { id, name, streamName }),
  }
}

const checkedBy = (flawOf: (data: Uint8Array) => string | undefined): StepOfOne => ({
  takes: 'one',
  async run({ data }) {
    const failure = flawOf(data)
    if (failure === undefined) return { data: [data] }
    return { errorOutputType: PROCESSING_FAILED, errorCode: 'InvalidRecordFormat', failure }
  },
})

function planOf(isErrors: boolean, ref: ChannelRef, channel: Channel): Plan {
  const { storage, deadLetterQueue } = channel
  const { extension, compressionFormat } = COMPRESSIONS[storage.compressionType]
  if (isErrors)
    return objectPlanOf(ref, channel, {
      ...{ bucketArn: deadLetterQueue.bucketArn, expectedBucketOwner: deadLetterQueue.expectedBucketOwner },
      template: deadLetterQueue.errorOutputPrefix + DEAD_LETTER_NAME,
      ...{ storageClass: 'STANDARD', compressionFormat: 'UNCOMPRESSED', extension },
    })
  const plan = objectPlanOf(ref, channel, {
    ...{ bucketArn: storage.bucketArn, expectedBucketOwner: storage.expectedBucketOwner },
    template: storage.outputKeyTemplate,
    ...{ storageClass: storage.storageClass, compressionFormat, extension },
  })
  return { ...plan, retryMs: RETRY_MS }
}

interface Objects {
  readonly bucketArn: string
  readonly expectedBucketOwner: string
  readonly template: string
  readonly storageClass: string
  readonly compressionFormat: CompressionFormat
  readonly extension: string
}

function objectPlanOf(
  { channelName }: ChannelRef,
  { channelId, streamArn, serviceExecutionRoleArn }: Channel,
  objects: Objects,
): Plan {
  const { bucketArn, expectedBucketOwner, template, storageClass, compressionFormat, extension } = objects
  const { streamName } = parseStreamArn(streamArn)!
  return {
    destination: 's3',
    roleArn: serviceExecutionRoleArn,
    placeOf: ({ id, oldestArrival: time }) => ({
      bucket: bucketOfArn(bucketArn),
      key: outputKeyOf(template, { channelName, channelId, streamName, time, extension }, id),
      ...{ storageClass, expectedBucketOwner },
    }),
    compressionFormat,
  }
}

interface Metered {
  readonly id: string
  readonly name: string
  readonly streamName: string
}

/** Counts what a channel delivers. https://docs.aws.amazon.com/streams/latest/dev/data-delivery-monitoring.html */
function channelMeters(meters: Meters, { id, name, streamName }: Metered): JobMeters {
  const dimensions = { ChannelId: id, ChannelName: name, StreamName: streamName }
  const count = (metric: string, value: number): void =>
    meters.count('AWS/Kinesis', `DeliveryToS3.${metric}`, dimensions, value)
  return {
    read({ records, bytes }) {
      count('RecordCount', records)
      count('BytesIn', bytes)
      count('BytesProcessed', bytes)
    },
    lag: () => undefined,
    partitions: () => undefined,
    delivered: (_kind, delivered) => meterDelivered(count, delivered),
    unprocessed: () => undefined,
  }
}

/** `delivered` undefined: the attempt failed. */
function meterDelivered(
  count: (metric: string, value: number) => void,
  delivered: Delivered | undefined,
): void {
  if (delivered?.outcome.status !== 'delivered') {
    count('DeliverySuccess', 0)
    return
  }
  const { kind, givenUp, records, outcome, deliveredAt, oldestArrival } = delivered
  if (kind === 'errors' || givenUp) {
    count('FailedRecordCount', records)
    count('DLQDeliverySuccess', records)
    return
  }
  count('DeliverySuccess', 1)
  count('SuccessfulRecordCount', records)
  count('BytesOut', outcome.sizeBytes)
  count('DataFreshness', (deliveredAt - oldestArrival) / 1000)
}
