import { boolean, required, string, structure } from '../../service/shape.ts'
import { directPutStream, ingest } from '../direct-put/ingest.ts'
import { slowDown } from '../exceptions.ts'
import { operation } from '../firehose.ts'
import { deliveryStreamName, record } from '../shapes.ts'
import { isEncrypted } from '../streams/encryption.ts'

/** https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecord.html */
export const putRecord = operation({
  name: 'PutRecord',
  input: structure({ DeliveryStreamName: required(deliveryStreamName), Record: required(record) }),
  output: structure({ RecordId: required(string()), Encrypted: boolean() }),
  async handle(firehose, { DeliveryStreamName, Record }, caller) {
    const stream = await directPutStream(firehose, caller, DeliveryStreamName)
    const [RecordId] = await ingest(firehose, stream, 'PutRecord', [Record.Data])
    if (RecordId === undefined) throw slowDown()
    return { RecordId, Encrypted: isEncrypted(stream, firehose.clock.now()) }
  },
})
