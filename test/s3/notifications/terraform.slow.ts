/** `npm run test:terraform`. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GetBucketNotificationConfigurationCommand, S3Client } from '@aws-sdk/client-s3'
import { clientOf, startServer } from '../../server.ts'
import { lacksTerraform, provider, terraformIn } from '../../terraform.ts'

const configuration = (endpoint: string, event: string) => `
${provider(endpoint, ['s3', 's3control', 'sts', 'kinesis'], 's3_use_path_style = true')}
resource "aws_kinesis_stream" "landed" {
  name        = "landed"
  shard_count = 1
}
resource "aws_s3_bucket" "lake" {
  bucket = "lake"
}
resource "aws_s3_bucket_notification" "lake" {
  bucket = aws_s3_bucket.lake.id
  queue {
    queue_arn     = aws_kinesis_stream.landed.arn
    events        = ["${event}"]
    filter_prefix = "raw/"
    filter_suffix = ".gz"
  }
  queue {
    id        = "gone"
    queue_arn = "arn:standpipe:webhook:::hook"
    events    = ["s3:ObjectRemoved:*"]
  }
}
`

test('Terraform says whom a bucket tells, finds nothing to change, changes it and takes it back', {
  skip: await lacksTerraform(),
}, async (t) => {
  const { endpoint, clientConfig } = await startServer(t, { webhook: ['hook=http://127.0.0.1:9/'] })
  const s3 = clientOf(t, new S3Client(clientConfig))
  const terraform = terraformIn(t)
  const told = async () => {
    const Bucket = 'lake'
    const read = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))
    return read.QueueConfigurations?.map(({ Events }) => Events?.join())
  }
  for (const event of ['s3:ObjectCreated:*', 's3:ObjectCreated:Put']) {
    terraform.configure(configuration(endpoint, event))
    if (event.endsWith('*')) await terraform.init()
    await terraform.apply()
    assert.deepEqual((await told())?.toSorted(), [event, 's3:ObjectRemoved:*'].toSorted())
    await terraform.seesNoDrift()
  }
  await terraform.destroy()
})
