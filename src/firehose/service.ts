import { service } from '../service/operation.ts'
import { accessesOf } from './accesses.ts'
import { DESTINATIONS, type DestinationTable } from './destinations/destination-table.ts'
import { throttled, toldOf, unavailable } from './exceptions.ts'
import type { Firehose } from './firehose.ts'
import { createDeliveryStream } from './operations/create-delivery-stream.ts'
import { deleteDeliveryStream } from './operations/delete-delivery-stream.ts'
import { describeDeliveryStream } from './operations/describe-delivery-stream.ts'
import { listDeliveryStreams } from './operations/list-delivery-streams.ts'
import { listTagsForDeliveryStream } from './operations/list-tags-for-delivery-stream.ts'
import { putRecord } from './operations/put-record.ts'
import { putRecordBatch } from './operations/put-record-batch.ts'
import { startDeliveryStreamEncryption } from './operations/start-delivery-stream-encryption.ts'
import { stopDeliveryStreamEncryption } from './operations/stop-delivery-stream-encryption.ts'
import { tagDeliveryStream } from './operations/tag-delivery-stream.ts'
import { untagDeliveryStream } from './operations/untag-delivery-stream.ts'
import { updateDestination } from './operations/update-destination.ts'
import { callMetering } from './streams/metering.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_Operations.html */
export const firehoseServiceTo = (destinations: DestinationTable) =>
  service<Firehose>({
    id: 'Firehose',
    signingName: 'firehose',
    targetPrefix: 'Firehose_20150804',
    validation: 'coral',
    accesses: accessesOf,
    metering: callMetering,
    toldOf,
    unavailable,
    throttled,
    operations: [
      createDeliveryStream(destinations),
      deleteDeliveryStream,
      describeDeliveryStream(destinations),
      listDeliveryStreams,
      listTagsForDeliveryStream,
      putRecord,
      putRecordBatch,
      startDeliveryStreamEncryption,
      stopDeliveryStreamEncryption,
      tagDeliveryStream,
      untagDeliveryStream,
      updateDestination(destinations),
    ],
    unsupported: [],
  })

export const firehoseService = firehoseServiceTo(DESTINATIONS)
