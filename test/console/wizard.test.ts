import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDeliveryStreamInput } from '../../console/texts/snippets.ts'
import { startServer } from '../server.ts'

test("the wizard's newline ends each record in the object", async (t) => {
  const standpipe = await startServer(t)
  const aws = async (operation: string, input: object) => {
    const init = { method: 'POST', body: JSON.stringify(input) }
    const answer = await fetch(`${standpipe.endpoint}/_standpipe/api/aws/${operation}`, init)
    assert.equal(answer.status, 200, operation)
  }
  const input = createDeliveryStreamInput({
    name: 'clicks',
    streamArn: undefined,
    bucket: 'archive',
    prefix: '',
    errorOutputPrefix: '',
    newline: true,
    sizeInMBs: 5,
    intervalInSeconds: 300,
    compressionFormat: 'UNCOMPRESSED',
    account: '000000000000',
    region: 'us-east-1',
  })
  await aws('s3/CreateBucket', { Bucket: 'archive' })
  await aws('firehose/CreateDeliveryStream', input)
  for (const text of ['{"id":1}', '{"id":2}'])
    await aws('firehose/PutRecord', { DeliveryStreamName: 'clicks', Record: { Data: btoa(text) } })
  const { objects } = await standpipe.deliver('clicks')
  const object = await fetch(`${standpipe.endpoint}/archive/${objects[0]!.key}`)
  assert.equal(await object.text(), '{"id":1}\n{"id":2}\n')
})
