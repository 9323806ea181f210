import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { S3 } from '@aws-sdk/client-s3'
import { keyFile } from '../../access/closed-server.ts'
import { allow, policyOf } from '../../auth/users.ts'
import { startReceiver } from '../../remote/webhook-receiver.ts'
import { clientOf, startServer } from '../../server.ts'
import { Bucket, recordsOf, StreamName } from './landed-events.ts'

const ARN = `arn:aws:kinesis:us-east-1:000000000000:stream/${StreamName}`
const HOOK = 'arn:standpipe:webhook:::hook'
const keyOf = (name: string, ...statements: object[]) => ({
  accessKeyId: `AKID${name}`,
  secretAccessKey: `the long enough secret of ${name}`,
  policies: [JSON.parse(policyOf(...statements))],
})
const ADMIN = keyOf('TOLDADMIN', allow('*'))
const WRITER = keyOf('WRITER', allow('s3:*', '*'))
const TELLER = keyOf('TELLER', allow('s3:*', '*'), allow('kinesis:PutRecord', ARN))
const NOBODY = keyOf('NOBODY', allow('s3:PutObject', '*'), allow('kinesis:*', '*'))

test('a bucket tells a stream only what whoever wants it could put there, and calls no private address', async (t) => {
  const receiver = await startReceiver(t, [])
  const keys = [ADMIN, WRITER, TELLER, NOBODY]
  const standpipe = await startServer(t, {
    auth: keyFile(t, keys),
    webhook: [`hook=${receiver.origin}/`],
  })
  const { clientConfig, clock } = standpipe
  // The SDK writes into what it is given.
  const configOf = (key: typeof ADMIN) => ({ ...clientConfig, credentials: { ...key } })
  const s3Of = (key: typeof ADMIN) => clientOf(t, new S3(configOf(key)))
  const kinesis = clientOf(t, new Kinesis(configOf(ADMIN)))
  await s3Of(ADMIN).createBucket({ Bucket })
  await kinesis.createStream({ StreamName, ShardCount: 1 })
  const put = (key: typeof WRITER, QueueArn: string, SkipDestinationValidation = false) =>
    s3Of(key).putBucketNotificationConfiguration({
      ...{ Bucket, SkipDestinationValidation },
      NotificationConfiguration: {
        QueueConfigurations: [{ QueueArn, Events: ['s3:ObjectCreated:*'] }],
      },
    })
  for (const isSkipped of [false, true])
    await assert.rejects(put(WRITER, ARN, isSkipped), {
      name: 'InvalidArgument',
      ArgumentName1: ARN,
      ArgumentValue1: /^Permissions on the destination queue do not allow S3 .* kinesis:PutRecord/,
    })
  await assert.rejects(put(NOBODY, ARN), { name: 'AccessDenied' })
  await assert.rejects(put(TELLER, HOOK), { ArgumentName1: HOOK, ArgumentValue1: /no public address/ })
  await put(TELLER, ARN)
  await s3Of(NOBODY).putObject({ Bucket, Key: 'k', Body: 'hello' })
  await clock.advance(1_000)
  const [, told] = await recordsOf(kinesis)
  assert.equal(told?.body.Records[0].s3.object.key, 'k')

  // Who skips the validation does not get past the rule either.
  await put(TELLER, HOOK, true)
  await s3Of(NOBODY).putObject({ Bucket, Key: 'k', Body: 'hello' })
  await clock.advance(1_000)
  assert.deepEqual(receiver.requests, [])
  const looked = await fetch(`${standpipe.endpoint}/_standpipe/api/buckets/${Bucket}/notifications`)
  assert.equal(looked.status, 403)
})
