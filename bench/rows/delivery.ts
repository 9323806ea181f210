import { randomBytes } from 'node:crypto'
import { connect, FIREHOSE, repeat } from '../call.ts'
import type { Row } from '../row.ts'
import type { Target } from '../target.ts'

const NAME = 'bench'
const MEBIBYTES = 40
const body = JSON.stringify({
  DeliveryStreamName: NAME,
  Records: Array.from({ length: 256 }, () => ({ Data: randomBytes(4_096).toString('base64') })),
})
const destination = {
  BucketARN: 'arn:aws:s3:::bench',
  RoleARN: 'arn:aws:iam::000000000000:role/firehose',
  BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 900 },
}

const deliveredBytes = async (target: Target): Promise<number> => {
  const listing = await (await fetch(`${target.endpoint}/bench?list-type=2`)).text()
  return [...listing.matchAll(/<Size>(\d+)</g)].reduce((sum, [, size]) => sum + Number(size), 0)
}

/** From PutRecordBatch to the object in the bucket: append, read, seal, put, checkpoint; every step durable. */
export const delivery: Row = {
  name: `Direct PUT to delivered object, ${MEBIBYTES} MiB in 5 MiB objects`,
  unit: 'MiB',
  targets: ['standpipe'],
  async prepare(target) {
    await fetch(`${target.endpoint}/bench`, { method: 'PUT' })
    const connections = connect(target.endpoint, 1)
    const input = { DeliveryStreamName: NAME, ExtendedS3DestinationConfiguration: destination }
    await connections.call(FIREHOSE('CreateDeliveryStream'), JSON.stringify(input))
    const describe = () =>
      connections.call(FIREHOSE('DescribeDeliveryStream'), JSON.stringify({ DeliveryStreamName: NAME }))
    while (!(await describe()).includes('"ACTIVE"')) await new Promise((resolve) => setTimeout(resolve, 50))
    connections.close()
  },
  async run(target) {
    const before = await deliveredBytes(target)
    const connections = connect(target.endpoint, 4)
    await repeat(MEBIBYTES, 4, () => connections.call(FIREHOSE('PutRecordBatch'), body))
    while ((await deliveredBytes(target)) - before < MEBIBYTES * 2 ** 20)
      await new Promise((resolve) => setTimeout(resolve, 10))
    connections.close()
    return MEBIBYTES
  },
}
