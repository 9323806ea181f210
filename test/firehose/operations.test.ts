import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ACCOUNT,
  createActive,
  createLab,
  destination,
  fromStream,
  type Lab,
  NAME,
  REGION,
  ROLE,
  textOf,
} from './firehose-lab.ts'

const name = { DeliveryStreamName: NAME }
interface Description {
  readonly VersionId: string
  readonly LastUpdateTimestamp?: number
  readonly DeliveryStreamEncryptionConfiguration?: object
  readonly Destinations: { readonly ExtendedS3DestinationDescription: Record<string, unknown> }[]
}
const describe = async (lab: Lab) =>
  (
    await lab.call<{ DeliveryStreamDescription: Description }>('DescribeDeliveryStream', {
      DeliveryStreamName: NAME,
    })
  ).DeliveryStreamDescription
const extendedOf = async (lab: Lab) => (await describe(lab)).Destinations[0]!.ExtendedS3DestinationDescription
const update = (lab: Lab, version: number, settings: object, form = 'ExtendedS3DestinationUpdate') =>
  lab.call('UpdateDestination', {
    ...name,
    CurrentDeliveryStreamVersionId: String(version),
    DestinationId: 'destinationId-000000000001',
    [form]: settings,
  })

test('an update raises the version, changes what it names and keeps the rest', async () => {
  const lab = await createLab()
  await createActive(lab, destination({ Prefix: 'raw/', CompressionFormat: 'GZIP' }))
  await lab.clock.advance(1000)
  await update(lab, 1, { Prefix: 'new/', BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 } })
  const { VersionId, LastUpdateTimestamp } = await describe(lab)
  assert.equal(VersionId, '2')
  assert.equal(LastUpdateTimestamp, lab.clock.now())
  const { Prefix, CompressionFormat, BufferingHints } = await extendedOf(lab)
  assert.deepEqual(
    { Prefix, CompressionFormat, BufferingHints },
    {
      Prefix: 'new/',
      CompressionFormat: 'GZIP',
      BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    },
  )
  await update(lab, 2, { Prefix: 'plain/' }, 'S3DestinationUpdate')
  assert.equal((await extendedOf(lab)).Prefix, 'plain/')
})

test('an update flushes nothing: the interval stays, the version and compression are those at delivery', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab, destination({ BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 120 } }))
  await lab.put('buffered')
  await lab.clock.advance(10_000)
  await update(lab, 1, {
    CompressionFormat: 'GZIP',
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 900 },
  })
  await lab.clock.advance(109_999)
  assert.deepEqual(lab.bucket.list(), [])
  await lab.clock.advance(1)
  const [object] = lab.bucket.list()
  assert.match(object!.key, new RegExp(`/${NAME}-2-.*\\.gz$`))
  assert.equal(textOf(object!), 'buffered')
  await lab.put('later')
  await lab.clock.advance(899_999)
  assert.equal(lab.bucket.list().length, 1)
  await lab.clock.advance(1)
  assert.equal(lab.bucket.list().length, 2)
})

test('the interval of what is buffered survives an update and a restart', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, destination({ BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 120 } }))
  await lab.put('buffered')
  await lab.clock.advance(1000)
  await update(lab, 1, { BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 900 } })
  await delivery.close()
  const again = await lab.boot()
  await lab.clock.advance(0)
  const { dueAt, hints } = await again.status(ACCOUNT, REGION, NAME)
  assert.equal(hints.intervalMs, 120_000)
  assert.equal(dueAt, lab.clock.now() + 119_000)
})

test('an update has AWS texts for a wrong version, id or destination', async () => {
  const lab = await createLab()
  await createActive(lab)
  await update(lab, 1, { Prefix: 'a/' })
  await assert.rejects(update(lab, 1, {}), {
    code: 'ConcurrentModificationException',
    message: `Cannot update firehose: ${NAME} since the current version id: 2 and specified version id: 1 do not match`,
  })
  await assert.rejects(
    lab.call('UpdateDestination', {
      ...name,
      CurrentDeliveryStreamVersionId: '2',
      DestinationId: 'other',
      ExtendedS3DestinationUpdate: {},
    }),
    { code: 'InvalidArgumentException', message: 'Destination Id other not found' },
  )
  await assert.rejects(update(lab, 2, {}, 'RedshiftDestinationUpdate'), {
    message: 'Changing the destination type to or from Redshift is not supported at this time.',
  })
  await assert.rejects(update(lab, 2, { BufferingHints: { SizeInMBs: 0, IntervalInSeconds: 901 } }), {
    code: 'ValidationException',
    message: /'extendedS3DestinationUpdate.bufferingHints.sizeInMBs' .*; .*'extendedS3DestinationUpdate/,
  })
  await assert.rejects(update(lab, 2, { Prefix: '!{nope:x}' }), {
    message: /Namespace to the left of colon \(nope\) is an invalid keyword!/,
  })
})

test('a misnamed bucket is repaired by an update: what was sealed goes to the new one', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  await createActive(lab, destination({ BucketARN: 'arn:aws:s3:::misnamed' }))
  await lab.put('abc')
  lab.bucket.refuse(1)
  await assert.rejects(delivery.deliverNow(ACCOUNT, REGION, NAME), { code: 'DeliveryFailed' })
  await update(lab, 1, { BucketARN: 'arn:aws:s3:::bucket' })
  await lab.clock.advance(0)
  assert.deepEqual(lab.bucket.list().map(textOf), ['abc'])
  const { lastDeliveries } = await delivery.status(ACCOUNT, REGION, NAME)
  assert.equal(lastDeliveries[0]?.bucket, 'bucket')
  assert.equal(lastDeliveries[0]?.version, 2)
})

test('tags are added, replaced, listed by pages and removed', async () => {
  const lab = await createLab()
  await createActive(lab, { ...destination(), Tags: [{ Key: 'b', Value: '1' }] })
  await lab.call('TagDeliveryStream', {
    ...name,
    Tags: [{ Key: 'a' }, { Key: 'b', Value: '2' }, { Key: 'c' }],
  })
  assert.deepEqual(await lab.call('ListTagsForDeliveryStream', { ...name, Limit: 2 }), {
    Tags: [
      { Key: 'a', Value: '' },
      { Key: 'b', Value: '2' },
    ],
    HasMoreTags: true,
  })
  await lab.call('UntagDeliveryStream', { ...name, TagKeys: ['a', 'never there'] })
  assert.deepEqual(await lab.call('ListTagsForDeliveryStream', { ...name, ExclusiveStartTagKey: 'b' }), {
    Tags: [{ Key: 'c', Value: '' }],
    HasMoreTags: false,
  })
  const many = Array.from({ length: 49 }, (_, index) => ({ Key: `many-${index}` }))
  await assert.rejects(lab.call('TagDeliveryStream', { ...name, Tags: many }), {
    code: 'LimitExceededException',
  })
  await assert.rejects(lab.call('TagDeliveryStream', { ...name, Tags: [{ Key: 'aws:mine' }] }), {
    code: 'ValidationException',
    message: /tags\.1\.member\.key/,
  })
})

test('encryption is ENABLING, then ENABLED, and answers to puts say so', async () => {
  const lab = await createLab()
  await createActive(lab)
  const statusOf = async () => (await describe(lab)).DeliveryStreamEncryptionConfiguration
  const put = () => lab.call('PutRecord', { ...name, Record: { Data: new Uint8Array(1) } })
  await lab.call('StartDeliveryStreamEncryption', name)
  assert.deepEqual(await statusOf(), { KeyType: 'AWS_OWNED_CMK', Status: 'ENABLING' })
  assert.equal((await put()).Encrypted, false)
  await lab.clock.advance(500)
  assert.deepEqual(await statusOf(), { KeyType: 'AWS_OWNED_CMK', Status: 'ENABLED' })
  assert.equal((await put()).Encrypted, true)
  await lab.call('StopDeliveryStreamEncryption', name)
  assert.deepEqual(await statusOf(), { KeyType: 'AWS_OWNED_CMK', Status: 'DISABLING' })
  await lab.clock.advance(500)
  assert.deepEqual(await statusOf(), { Status: 'DISABLED' })
})

test('encryption is refused without its key, with a key of elsewhere, and for a Kinesis source', async () => {
  const lab = await createLab()
  lab.stream.open('shard-0')
  await createActive(lab)
  const key = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1`
  for (const [given, message] of [
    [{ KeyType: 'CUSTOMER_MANAGED_CMK' }, 'KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK'],
    [{ KeyType: 'AWS_OWNED_CMK', KeyARN: key }, 'KeyARN cannot be specified when KeyType is AWS_OWNED_CMK'],
    [{ KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: key }, /^Cross-region keys are not allowed for SSE/],
  ] as const)
    await assert.rejects(
      lab.call('StartDeliveryStreamEncryption', {
        ...name,
        DeliveryStreamEncryptionConfigurationInput: given,
      }),
      { code: 'InvalidArgumentException', message },
    )
  await assert.rejects(
    lab.call('CreateDeliveryStream', {
      DeliveryStreamName: 'other',
      ...fromStream,
      ...destination(),
      DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' },
    }),
    { message: /^Server side encryption from firehose is only allowed for direct put/ },
  )
})

test('a backup keeps every record of the source as it came, in its own rhythm', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  const backup = {
    RoleARN: ROLE,
    BucketARN: 'arn:aws:s3:::bucket',
    Prefix: 'backup/',
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    CompressionFormat: 'GZIP',
  }
  await createActive(
    lab,
    destination({
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: backup,
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
    }),
  )
  await lab.put('a')
  await lab.put('b')
  await lab.clock.advance(60_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['ab'])
  assert.match(lab.bucket.list()[0]!.key, /^backup\/2026.*\.gz$/)
  assert.equal((await delivery.status(ACCOUNT, REGION, NAME)).backup?.buffered.records, 0)
  await lab.clock.advance(240_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['ab', 'a\nb\n'])
  const described = await extendedOf(lab)
  assert.equal(described.S3BackupMode, 'Enabled')
  assert.equal((described.S3BackupDescription as { Prefix: string }).Prefix, 'backup/')
  await assert.rejects(update(lab, 1, { S3BackupMode: 'Disabled' }), { code: 'InvalidArgumentException' })
})

test('a backup that an update switches on begins then, and both go on', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  await lab.put('before ')
  await lab.clock.advance(1)
  await update(lab, 1, {
    S3BackupMode: 'Enabled',
    S3BackupUpdate: { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::bucket', Prefix: 'backup/' },
  })
  await lab.put('after')
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf).sort(), ['after', 'before after'])
})
