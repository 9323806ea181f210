import { boolean, integer, list, required, string, structure } from '../../service/shape.ts'
import { directPutStream, ingest } from '../direct-put/ingest.ts'
import { invalidArgument, SLOW_DOWN } from '../exceptions.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName, record } from '../shapes.ts'
import { isEncrypted } from '../streams/encryption.ts'
import { putMetrics } from '../streams/metering.ts'

const MAX_BATCH_BYTES = 4 * 2 ** 20

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
export const putRecordBatch = operation({
  name: 'PutRecordBatch',
  input: structure({
    DeliveryStreamName: required(deliveryStreamName),
    Records: required(list(record, { min: 1, max: 500 })),
  }),
  output: structure({
    FailedPutCount: required(integer()),
    Encrypted: boolean(),
    RequestResponses: required(
      list(structure({ RecordId: string(), ErrorCode: string(), ErrorMessage: string() })),
    ),
  }),
  metrics({ input: { Records }, output }) {
    if (!output) return undefined
    const taken = Records.filter((_, index) => output.RequestResponses[index]?.RecordId !== undefined)
    return putMetrics('PutRecordBatch', taken, Records.length - taken.length)
  },
  async handle(firehose, { DeliveryStreamName, Records }, caller) {
    const data = Records.map(({ Data }) => Data)
    if (data.reduce((sum, { length }) => sum + length, 0) > MAX_BATCH_BYTES)
      throw invalidArgument('Records size exceeds 4 MB limit')
    const stream = await directPutStream(firehose, caller, DeliveryStreamName)
    const recordIds = await ingest(firehose, stream, data)
    return {
      FailedPutCount: recordIds.filter((recordId) => recordId === undefined).length,
      Encrypted: isEncrypted(stream, firehose.clock.now()),
      RequestResponses: recordIds.map((RecordId) =>
        RecordId === undefined
          ? { ErrorCode: SLOW_DOWN.code, ErrorMessage: SLOW_DOWN.message }
          : { RecordId },
      ),
    }
  },
})
