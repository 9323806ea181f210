import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
} from '@aws-sdk/client-s3'
import { fetchSigned } from '../client-access.ts'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

const Bucket = 'lake'

test('that nobody is notified may be written, as it is read', async (t) => {
  const { client, errors } = await serveS3(t)
  const s3 = client()
  const read = async () => {
    const { $metadata: _, ...configuration } = await s3.send(
      new GetBucketNotificationConfigurationCommand({ Bucket }),
    )
    return configuration
  }
  for (const NotificationConfiguration of [await read(), { QueueConfigurations: [] }]) {
    const input = { Bucket, NotificationConfiguration, SkipDestinationValidation: true }
    const { $metadata } = await s3.send(new PutBucketNotificationConfigurationCommand(input))
    assert.equal($metadata.httpStatusCode, 200)
  }
  assert.deepEqual(await read(), {})
  assert.deepEqual(errors, [])
})

const Events = ['s3:ObjectCreated:*' as const]
const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'raw/' }] } }
const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:landed'
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:landed'
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:landed'
const STREAM = 'arn:aws:kinesis:us-east-1:123456789012:stream/landed'

const REFUSED: [configuration: NotificationConfiguration, element: string, arn?: string][] = [
  [{ QueueConfigurations: [{ QueueArn: QUEUE, Events, Filter }] }, 'QueueConfiguration', QUEUE],
  [{ QueueConfigurations: [{ QueueArn: STREAM, Events }] }, 'QueueConfiguration', STREAM],
  [{ TopicConfigurations: [{ Id: 'one', TopicArn: TOPIC, Events }] }, 'TopicConfiguration', TOPIC],
  [
    { LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events }] },
    'CloudFunctionConfiguration',
    FUNCTION,
  ],
  [{ EventBridgeConfiguration: {} }, 'EventBridgeConfiguration'],
]

test('whoever is to be notified is refused by name, also where that is not to be validated', async (t) => {
  const { client } = await serveS3(t)
  const s3 = client()
  for (const [NotificationConfiguration, element, arn] of REFUSED)
    for (const more of [{}, { SkipDestinationValidation: true }]) {
      const input = { Bucket, NotificationConfiguration, ...more }
      await assert.rejects(s3.send(new PutBucketNotificationConfigurationCommand(input)), {
        ...{ name: 'InvalidArgument', ArgumentName: element },
        ...(arn !== undefined && { ArgumentValue: arn }),
        message: `Standpipe does not support event notifications by ${element}${arn === undefined ? '' : ` (${arn})`}. See COMPATIBILITY.md.`,
      })
    }
  const { $metadata: _, ...left } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))
  assert.deepEqual(left, {})
})

test('what is no configuration is told from an empty one', async (t) => {
  const { endpoint } = await serveS3(t)
  const put = async (body: string) => {
    const answer = await fetchSigned(`${endpoint}/lake?notification`, { method: 'PUT', body })
    return [answer.status, /<Code>(\w+)</.exec(await answer.text())?.[1]]
  }
  const within = (xml: string) => put(`<NotificationConfiguration>${xml}</NotificationConfiguration>`)
  assert.deepEqual(await within(''), [200, undefined])
  assert.deepEqual(await put('<Notifications/>'), [400, 'MalformedXML'])
  assert.deepEqual(await within('<PagerConfiguration/>'), [400, 'MalformedXML'])
  assert.deepEqual(await put(''), [400, 'MissingRequestBodyError'])
  assert.deepEqual(await within('<QueueConfiguration/>'), [400, 'InvalidArgument'])
})

test('PutBucketNotificationConfiguration wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketNotificationConfiguration', { NotificationConfiguration: {} })
})
