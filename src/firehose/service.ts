import { service } from '../service/operation.ts'
import type { Firehose } from './firehose.ts'
import { createDeliveryStream } from './operations/create-delivery-stream.ts'
import { deleteDeliveryStream } from './operations/delete-delivery-stream.ts'
import { describeDeliveryStream } from './operations/describe-delivery-stream.ts'
import { listDeliveryStreams } from './operations/list-delivery-streams.ts'
import { putRecord } from './operations/put-record.ts'
import { putRecordBatch } from './operations/put-record-batch.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_Operations.html */
export const firehoseService = service<Firehose>({
  id: 'Firehose',
  signingName: 'firehose',
  targetPrefix: 'Firehose_20150804',
  validation: 'coral',
  operations: [
    createDeliveryStream,
    deleteDeliveryStream,
    describeDeliveryStream,
    listDeliveryStreams,
    putRecord,
    putRecordBatch,
  ],
  unsupported: [
    'ListTagsForDeliveryStream',
    'StartDeliveryStreamEncryption',
    'StopDeliveryStreamEncryption',
    'TagDeliveryStream',
    'UntagDeliveryStream',
    'UpdateDestination',
  ],
})
