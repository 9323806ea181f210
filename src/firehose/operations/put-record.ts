import { boolean, required, string, structure } from '../../service/shape.ts'
import { directPutStream, ingest } from '../direct-put/ingest.ts'
import { isThrottle, slowDown } from '../exceptions.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName, record } from '../shapes.ts'
import { isEncrypted } from '../streams/encryption.ts'
import { putMetrics } from '../streams/metering.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html */
export const putRecord = operation({
  name: 'PutRecord',
  input: structure({ DeliveryStreamName: required(deliveryStreamName), Record: required(record) }),
  output: structure({ RecordId: required(string()), Encrypted: boolean() }),
  metrics({ input, output, failure }) {
    if (output) return putMetrics('PutRecord', [input.Record], 0)
    return isThrottle(failure) ? putMetrics('PutRecord', [], 1) : undefined
  },
  async handle(firehose, { DeliveryStreamName, Record }, caller) {
    const stream = await directPutStream(firehose, caller, DeliveryStreamName)
    const [RecordId] = await ingest(firehose, stream, [Record.Data])
    if (RecordId === undefined) throw slowDown()
    return { RecordId, Encrypted: isEncrypted(stream, firehose.clock.now()) }
  },
})
