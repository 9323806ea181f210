import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Event,
  GetBucketNotificationConfigurationCommand,
  type NotificationConfiguration,
  PutBucketNotificationConfigurationCommand,
  type QueueConfiguration,
} from '@aws-sdk/client-s3'
import { fetchSigned } from '../client-access.ts'
import { assertWantsBucket } from './resource-refusals.ts'
import { serveS3 } from './serve-s3.ts'

const Bucket = 'lake'
const Events = ['s3:ObjectCreated:*' as const]
const STREAM = 'arn:aws:kinesis:us-east-1:123456789012:stream/landed'
const HOOK = 'arn:standpipe:webhook:::hook'

/** An S3 whose destinations are all there, but for those that are called `gone`. */
const serve = (t: Parameters<typeof serveS3>[0]) =>
  serveS3(t, {
    targets: {
      obstacleOf: async ({ arn }) =>
        arn.endsWith('gone') ? 'The destination queue does not exist' : undefined,
      accessesTo: async () => [],
      send: async (_, messages) => messages.map(() => undefined),
    },
  })

const rules = (...named: [string, string][]) => ({
  Key: { FilterRules: named.map(([Name, Value]) => ({ Name: Name as 'prefix', Value })) },
})

test('what was put is given back, with ids and AWS names of rules', async (t) => {
  const { client, errors } = await serve(t)
  const s3 = client()
  const read = async () => {
    const { $metadata: _, ...configuration } = await s3.send(
      new GetBucketNotificationConfigurationCommand({ Bucket }),
    )
    return configuration
  }
  const put = async (NotificationConfiguration: NotificationConfiguration) => {
    const input = { Bucket, NotificationConfiguration }
    const { $metadata } = await s3.send(new PutBucketNotificationConfigurationCommand(input))
    assert.equal($metadata.httpStatusCode, 200)
  }
  for (const NotificationConfiguration of [await read(), { QueueConfigurations: [] }]) {
    await put(NotificationConfiguration)
    assert.deepEqual(await read(), {})
  }
  const all: QueueConfiguration[] = [
    { Id: 'one', QueueArn: STREAM, Events, Filter: rules(['Prefix', 'raw/'], ['Suffix', '.gz']) },
    { QueueArn: HOOK, Events: ['s3:ObjectRemoved:Delete', 's3:ObjectTagging:*'] },
    { Id: 'empty', QueueArn: HOOK, Events: ['s3:ObjectAcl:Put'], Filter: rules(['Prefix', '']) },
  ]
  await put({ QueueConfigurations: all })
  const { QueueConfigurations: [one, two, three] = [] } = await read()
  assert.deepEqual([one, three], [all[0], all[2]])
  assert.match(two?.Id ?? '', /^\w{8,}$/)
  assert.deepEqual({ ...two, Id: undefined }, { ...all[1], Id: undefined })
  // What is read can be put, and is the same then.
  const again = await read()
  await put(again)
  assert.deepEqual(await read(), again)
  await put({
    QueueConfigurations: [{ QueueArn: HOOK, Events, Filter: rules(['suffix', 'x'], ['PREFIX', 'y']) }],
  })
  assert.deepEqual((await read()).QueueConfigurations?.[0]?.Filter, rules(['Prefix', 'y'], ['Suffix', 'x']))
  await put({})
  assert.deepEqual(await read(), {})
  assert.deepEqual(errors, [])
})

const QUEUE = 'arn:aws:sqs:us-east-1:123456789012:landed'
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:landed'
const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:landed'

const refusal = (what: string) =>
  `Standpipe does not support event notifications ${what}. See COMPATIBILITY.md.`
const queues = (...QueueConfigurations: Partial<QueueConfiguration>[]) =>
  ({ QueueConfigurations }) as NotificationConfiguration

const REFUSED: [configuration: NotificationConfiguration, message: string, name?: string, value?: string][] =
  [
    [queues({ QueueArn: QUEUE, Events }), refusal('to SQS'), 'QueueConfiguration', QUEUE],
    [queues({ QueueArn: TOPIC, Events }), refusal('to SNS'), 'QueueConfiguration', TOPIC],
    [
      { TopicConfigurations: [{ Id: 'one', TopicArn: TOPIC, Events }] },
      refusal('by SNS topics'),
      ...(['TopicConfiguration', TOPIC] as const),
    ],
    [
      { LambdaFunctionConfigurations: [{ LambdaFunctionArn: FUNCTION, Events }] },
      refusal('by Lambda functions'),
      ...(['CloudFunctionConfiguration', FUNCTION] as const),
    ],
    [{ EventBridgeConfiguration: {} }, refusal('by EventBridge'), 'EventBridgeConfiguration'],
    ...(['s3:ReducedRedundancyLostObject', 's3:ObjectRestore:*', 's3:Replication:*'] as const).map(
      (event): [NotificationConfiguration, string, string, string] => [
        queues({ QueueArn: HOOK, Events: [event] }),
        ...([refusal(`of ${event}`), 'Event', event] as const),
      ],
    ),
    [
      queues({ QueueArn: HOOK, Events: ['s3:ObjectEaten:*' as Event] }),
      'The event is not supported for notifications',
      ...(['Event', 's3:ObjectEaten:*'] as const),
    ],
    ...[
      'landed',
      'arn:aws:kinesis:us-east-1:123456789012:stream/a/consumer/b:1',
      'arn:standpipe:webhook:::',
    ].map((arn): [NotificationConfiguration, string, string, string] => [
      queues({ QueueArn: arn, Events }),
      ...(['The ARN could not be parsed', 'Queue', arn] as const),
    ]),
    [
      queues({ QueueArn: STREAM.replace('us-east-1', 'eu-west-1'), Events }),
      'The notification destination service region is not valid for the bucket location constraint',
    ],
    [
      queues({ QueueArn: HOOK, Events, Filter: rules(['middle', 'x']) }),
      'filter rule name must be either prefix or suffix',
      ...(['FilterRule.Name', 'middle'] as const),
    ],
    [
      queues({ QueueArn: HOOK, Events, Filter: rules(['prefix', 'x'], ['Prefix', 'y']) }),
      'Cannot specify more than one prefix rule in a filter.',
    ],
    [
      queues({ QueueArn: HOOK, Events, Filter: rules(['prefix', 'é'.repeat(513)]) }),
      'Size of filter rule value cannot exceed 1024 bytes in UTF-8 representation',
    ],
    [
      queues({ QueueArn: HOOK, Events }, { QueueArn: STREAM, Events: ['s3:ObjectCreated:Put'] }),
      'Configurations overlap. Configurations on the same bucket cannot share a common event type.',
    ],
    [
      queues(
        { QueueArn: HOOK, Events, Filter: rules(['prefix', 'raw/']) },
        { QueueArn: STREAM, Events, Filter: rules(['prefix', 'raw/a'], ['suffix', '.gz']) },
      ),
      'Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type.',
    ],
    [
      queues(
        { Id: 'a', QueueArn: HOOK, Events },
        { Id: 'a', QueueArn: HOOK, Events: ['s3:ObjectRemoved:*'] },
      ),
      'Same ID used for multiple configurations. IDs must be unique.',
    ],
  ]

test('what cannot be told, or contradicts itself, is refused by name, also where nobody is looked for', async (t) => {
  const { client } = await serve(t)
  const s3 = client()
  for (const [NotificationConfiguration, message, name, value] of REFUSED)
    for (const more of [{}, { SkipDestinationValidation: true }]) {
      const input = { Bucket, NotificationConfiguration, ...more }
      await assert.rejects(s3.send(new PutBucketNotificationConfigurationCommand(input)), {
        ...{ name: 'InvalidArgument', message },
        ...(name !== undefined && { ArgumentName: name }),
        ...(value !== undefined && { ArgumentValue: value }),
      })
    }
  const { $metadata: _, ...left } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }))
  assert.deepEqual(left, {})
})

test('configurations that no event falls under both of are taken', async (t) => {
  const { client } = await serve(t)
  const NotificationConfiguration = queues(
    { QueueArn: HOOK, Events, Filter: rules(['prefix', 'raw/'], ['suffix', '.gz']) },
    { QueueArn: HOOK, Events, Filter: rules(['prefix', 'raw/'], ['suffix', '.txt']) },
    { QueueArn: STREAM, Events, Filter: rules(['prefix', 'cooked/']) },
    { QueueArn: STREAM, Events: ['s3:ObjectRemoved:*', 's3:LifecycleExpiration:Delete'] },
  )
  await client().send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }))
})

test('all destinations that are not there are named, unless nobody is looked for', async (t) => {
  const { client } = await serve(t)
  const [one, two] = [`${STREAM}-gone`, `${HOOK}-gone`]
  const input = {
    Bucket,
    NotificationConfiguration: queues(
      { QueueArn: one, Events },
      { QueueArn: two, Events: ['s3:ObjectRemoved:*'] },
      { QueueArn: HOOK, Events: ['s3:ObjectTagging:*'] },
    ),
  }
  const missing = 'The destination queue does not exist'
  await assert.rejects(client().send(new PutBucketNotificationConfigurationCommand(input)), {
    ...{ name: 'InvalidArgument', ArgumentName1: one, ArgumentValue1: missing },
    ...{ ArgumentName2: two, ArgumentValue2: missing },
    message: 'Unable to validate the following destination configurations',
  })
  const skipping = { ...input, SkipDestinationValidation: true }
  await client().send(new PutBucketNotificationConfigurationCommand(skipping))
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
  assert.deepEqual(await within('<QueueConfiguration/>'), [400, 'MalformedXML'])
  assert.deepEqual(await within(`<QueueConfiguration><Queue>${HOOK}</Queue></QueueConfiguration>`), [
    ...[400, 'MalformedXML'],
  ])
})

test('PutBucketNotificationConfiguration wants a bucket of the caller', async () => {
  await assertWantsBucket('PutBucketNotificationConfiguration', { NotificationConfiguration: {} })
})
