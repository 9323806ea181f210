import type { LabStep, Overview } from '../../../src/api/views.ts'
import { hrefOf } from '../../router.ts'

interface StepText {
  readonly title: string
  readonly text: string
}

export const LAB_STEPS: Readonly<Record<LabStep, StepText>> = {
  'stream-created': {
    title: 'Create a stream',
    text: 'A Kinesis data stream holds records in shards, in order, for a day.',
  },
  'record-put': {
    title: 'Put records',
    text: 'Run your producer, or put ten test records from the stream’s page.',
  },
  'record-read': {
    title: 'Read the records',
    text: 'With a consumer, or on the stream’s page: it begins at the trim horizon, so nothing is missed.',
  },
  'bucket-created': {
    title: 'Create a bucket',
    text: 'The delivery stream’s form does it with the next step.',
  },
  'delivery-stream-created': {
    title: 'Create a delivery stream',
    text: 'It reads the stream and collects records until 5 MiB or 300 s.',
  },
  'object-delivered': {
    title: 'See an object delivered',
    text: 'Put records, then wait five minutes, press +5 min, or Deliver now.',
  },
  'object-opened': {
    title: 'Open the object',
    text: 'Are there newlines between the records? Firehose adds none.',
  },
  'cleaned-up': {
    title: 'Clean up',
    text: 'On AWS a shard costs by the hour until its stream is deleted.',
  },
}

/** Where a step is done, with what there is by now; undefined: on the lab's own page. */
export function stepHref(step: LabStep, said: Overview | undefined): string | undefined {
  const stream = said?.streams[0]?.name
  const deliveryStream = said?.deliveryStreams[0]
  switch (step) {
    case 'stream-created':
      return hrefOf([], { new: 'stream' })
    case 'record-put':
    case 'record-read':
      return stream ? hrefOf(['streams', stream]) : hrefOf([])
    case 'bucket-created':
    case 'delivery-stream-created':
      return hrefOf(['new-delivery-stream'], { stream })
    case 'object-delivered':
      return deliveryStream ? hrefOf(['delivery-streams', deliveryStream.name]) : hrefOf([])
    case 'object-opened':
      return hrefOf(['objects'], { bucket: deliveryStream?.bucket })
    case 'cleaned-up':
      return undefined
  }
}
