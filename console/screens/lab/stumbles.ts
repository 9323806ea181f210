import type { LabStep, Overview } from '../../../src/api/views.ts'
import { clockText, countText } from '../../texts/quantity.ts'
import type { OpenedObject } from '../objects/opened.ts'

/** Where somebody has just stumbled, and over what. */
export interface Stumble {
  readonly step: LabStep
  readonly title: string
  readonly text: string
  /** Where to see it: as hrefOf takes it. */
  readonly path: readonly string[]
  readonly query?: Readonly<Record<string, string>>
}

type Seen = Pick<Overview, 'streams' | 'deliveryStreams' | 'now'>

/** The lab's classic stumbles, as far as they can be seen in what there is. */
export const stumblesOf = (seen: Seen, withoutNewlines: OpenedObject | undefined): Stumble[] => [
  ...throttled(seen),
  ...failing(seen),
  ...startedLate(seen),
  ...waiting(seen),
  ...(withoutNewlines ? [noNewlines(withoutNewlines)] : []),
]

const throttled = ({ streams }: Seen): Stumble[] =>
  streams
    .filter(({ incoming }) => incoming.throttled > 0)
    .map(({ name, incoming }) => ({
      step: 'record-put',
      title: `${countText(incoming.throttled, 'record')} for ${name} did not get in: ProvisionedThroughputExceededException.`,
      text: 'A shard takes 1,000 records and 1 MiB a second. Put them again, spread the partition keys, or add shards. PutRecords answers 200 even so: look at FailedRecordCount.',
      path: ['streams', name],
      query: { tab: 'shards' },
    }))

const failing = ({ deliveryStreams }: Seen): Stumble[] =>
  deliveryStreams.flatMap(({ name, gauge }) =>
    gauge && gauge.failures > 0
      ? [
          {
            step: 'object-delivered',
            title: `${name} cannot deliver: ${gauge.lastError?.code ?? 'its destination fails'}.`,
            text: `${gauge.lastError ? `${gauge.lastError.message}. ` : ''}It is tried again and again; mend the destination, and its records arrive.`,
            path: ['delivery-streams', name],
          },
        ]
      : [],
  )

/** It reads a stream that has records, and never saw one. */
const startedLate = ({ streams, deliveryStreams }: Seen): Stumble[] =>
  deliveryStreams.flatMap(({ name, sourceStream, gauge }) => {
    const records = streams.find((stream) => stream.name === sourceStream)?.incoming.records ?? 0
    const isIdle = gauge && !gauge.sealed && gauge.buffered.records + gauge.lastDeliveries.length === 0
    if (!isIdle || records === 0) return []
    return [
      {
        step: 'object-delivered',
        title: `${name} has delivered nothing, though ${sourceStream} took ${countText(records, 'record')}.`,
        text: 'A delivery stream starts at LATEST: what was put before it was created is not delivered. Put records now.',
        path: ['delivery-streams', name],
      },
    ]
  })

const waiting = ({ deliveryStreams, now }: Seen): Stumble[] =>
  deliveryStreams.flatMap(({ name, gauge }) =>
    gauge?.dueAt !== undefined && gauge.lastDeliveries.length === 0 && gauge.failures === 0
      ? [
          {
            step: 'object-delivered',
            title: `No object yet? ${countText(gauge.buffered.records, 'record')} of ${name} wait for ${clockText(gauge.dueAt - now)} more.`,
            text: 'Firehose collects until the size or the interval is reached, whichever comes first. Wait, press +5 min, or Deliver now.',
            path: ['delivery-streams', name],
          },
        ]
      : [],
  )

const noNewlines = ({ bucket, key }: OpenedObject): Stumble => ({
  step: 'object-opened',
  title: 'There are no newlines between the records of the object that was opened.',
  text: 'Firehose adds none: end each record with "\\n" in the producer, or let the delivery stream append it (AppendDelimiterToRecord).',
  path: ['objects'],
  query: { bucket, key },
})
