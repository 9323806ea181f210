import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CreateDeliveryStreamCommand, FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose'
import { IncreaseStreamRetentionPeriodCommand } from '@aws-sdk/client-kinesis'
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  RestoreObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { CLIENT_KEY } from '../../client-access.ts'
import { clientOf } from '../../server.ts'
import { postForm, signedFields } from '../forms/signed-fields.ts'
import { Bucket, StreamName, tellingServer } from './landed-events.ts'

const HELLO_MD5 = '5d41402abc4b2a76b9719d911017c592'

test('an event has the form of AWS, and its object the key as its partition key', async (t) => {
  const { s3, landed, server } = await tellingServer(t, ['s3:ObjectCreated:*'])
  const put = await s3.send(new PutObjectCommand({ Bucket, Key: 'a dir/é@.txt', Body: 'hello' }))
  const at = server.clock.now().toISOString()
  const [tested, { partitionKey, body }] = (await landed()) as [
    never,
    Awaited<ReturnType<typeof landed>>[number],
  ]
  assert.equal(partitionKey, 'a dir/é@.txt')
  const [{ eventTime, userIdentity, s3: of, responseElements, ...record }] = body.Records
  assert.deepEqual(record, {
    ...{ eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: 'us-east-1' },
    ...{ eventName: 'ObjectCreated:Put', requestParameters: { sourceIPAddress: '127.0.0.1' } },
  })
  assert.equal(eventTime.slice(0, 16), at.slice(0, 16))
  assert.match(userIdentity.principalId, /^AWS:\w+/)
  const { requestId, extendedRequestId } = put.$metadata
  assert.deepEqual(responseElements, {
    'x-amz-request-id': requestId,
    'x-amz-id-2': extendedRequestId,
  })
  const { configurationId, object, ...rest } = of
  assert.match(configurationId, /^\w+$/)
  assert.equal(rest.s3SchemaVersion, '1.0')
  assert.deepEqual([rest.bucket.name, rest.bucket.arn], [Bucket, `arn:aws:s3:::${Bucket}`])
  assert.match(rest.bucket.ownerIdentity.principalId, /^\w+$/)
  const { sequencer, ...told } = object
  assert.deepEqual(told, { key: 'a+dir/%C3%A9%40.txt', size: 5, eTag: HELLO_MD5 })
  assert.match(sequencer, /^[0-9A-F]{18}$/)
  const { Time, RequestId, HostId, ...test } = (tested as { body: Record<string, string> }).body
  assert.deepEqual(test, { Service: 'Amazon S3', Event: 's3:TestEvent', Bucket })
  assert.ok(Time && RequestId && HostId)
})

test('whatever makes an object is told by its name', async (t) => {
  const { s3, landed, server } = await tellingServer(t, ['s3:ObjectCreated:*'])
  const k = { Bucket, Key: 'k' }
  await s3.send(new PutObjectCommand({ ...k, Body: 'hello' }))
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k` }))
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }))
  const part = { Bucket, Key: 'parts', UploadId }
  const { ETag } = await s3.send(new UploadPartCommand({ ...part, PartNumber: 1, Body: 'hello' }))
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] }
  for (let time = 0; time < 2; time++)
    await s3.send(new CompleteMultipartUploadCommand({ ...part, MultipartUpload }))
  const fields = signedFields(CLIENT_KEY, { key: 'posted' })
  const posted = await postForm(`${server.endpoint}/${Bucket}`, fields)
  assert.equal(posted.status, 204)
  await assert.rejects(s3.send(new PutObjectCommand({ ...k, Body: 'x', IfNoneMatch: '*' })))
  const told = (await landed()).slice(1).map(({ body: { Records } }) => {
    const [{ eventName, s3: of }] = Records
    return [eventName, of.object.key, of.object.size]
  })
  assert.deepEqual(told, [
    ['ObjectCreated:Put', 'k', 5],
    ['ObjectCreated:Copy', 'copy', 5],
    ['ObjectCreated:CompleteMultipartUpload', 'parts', 5],
    ['ObjectCreated:Post', 'posted', 'content'.length],
  ])
})

test('versions and delete markers are told with their ids, and their ends', async (t) => {
  const { s3, landed } = await tellingServer(t, ['s3:ObjectCreated:*', 's3:ObjectRemoved:*'])
  const k = { Bucket, Key: 'k' }
  await s3.send(new PutObjectCommand({ ...k, Body: 'null' }))
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
  const { VersionId } = await s3.send(new PutObjectCommand({ ...k, Body: 'hello' }))
  const marker = await s3.send(new DeleteObjectCommand(k))
  await s3.send(new DeleteObjectCommand({ ...k, VersionId: marker.VersionId }))
  await s3.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: {
        Objects: [
          { Key: 'k', VersionId },
          { Key: 'k', VersionId: 'null' },
        ],
      },
    }),
  )
  const events = (await landed()).slice(1).map(({ body }) => body.Records[0])
  const sequencers = events.map(({ s3: of }) => of.object.sequencer)
  assert.deepEqual(sequencers, sequencers.toSorted())
  assert.equal(new Set(sequencers).size, 6)
  const told = events.map(({ eventName, s3: { object } }) => {
    const { key, sequencer: _, ...rest } = object
    assert.equal(key, 'k')
    return [eventName, rest]
  })
  assert.deepEqual(told, [
    ['ObjectCreated:Put', { size: 4, eTag: '37a6259cc0c1dae299a7866489dff0bd' }],
    ['ObjectCreated:Put', { size: 5, eTag: HELLO_MD5, versionId: VersionId }],
    [
      'ObjectRemoved:DeleteMarkerCreated',
      { eTag: 'd41d8cd98f00b204e9800998ecf8427e', versionId: marker.VersionId },
    ],
    ['ObjectRemoved:Delete', { versionId: marker.VersionId }],
    ['ObjectRemoved:Delete', { versionId: VersionId }],
    ['ObjectRemoved:Delete', { versionId: 'null' }],
  ])
})

test('what is delivered is told once for each batch', async (t) => {
  const { s3: _, landed, server } = await tellingServer(t, ['s3:ObjectCreated:Put'])
  const firehose = clientOf(t, new FirehoseClient(server.clientConfig))
  await firehose.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName: 'in',
      ExtendedS3DestinationConfiguration: {
        RoleARN: 'arn:aws:iam::000000000000:role/firehose',
        BucketARN: `arn:aws:s3:::${Bucket}`,
        Prefix: 'in/',
        BufferingHints: { IntervalInSeconds: 60, SizeInMBs: 1 },
      },
    }),
  )
  for (let batch = 0; batch < 3; batch++) {
    const Records = [{ Data: Buffer.from('hello') }]
    await firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: 'in', Records }))
    await server.clock.advance('61s')
  }
  const told = (await landed()).slice(1).map(({ body }) => body.Records[0])
  assert.equal(told.length, 3)
  for (const { s3: of, userIdentity, requestParameters } of told) {
    assert.match(of.object.key, /^in\/.*in-1-/)
    assert.equal(of.object.size, 5)
    assert.equal(userIdentity.principalId, 'firehose.amazonaws.com')
    assert.equal(requestParameters.sourceIPAddress, 'firehose.amazonaws.com')
  }
})

test('what a lifecycle rule lets go is told as its doing, and only as that', async (t) => {
  const { s3, kinesis, landed, server } = await tellingServer(t, [
    's3:ObjectRemoved:*',
    's3:LifecycleExpiration:*',
  ])
  // At which hour the rule's day ends depends on when this runs: the stream keeps what it was told for longer.
  await kinesis.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 72 }))
  await s3.send(new PutObjectCommand({ Bucket, Key: 'old', Body: 'hello' }))
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({
      Bucket,
      LifecycleConfiguration: {
        Rules: [{ ID: 'all', Status: 'Enabled', Filter: {}, Expiration: { Days: 1 } }],
      },
    }),
  )
  await server.clock.advance('20h')
  await server.clock.advance('30h')
  const told = (await landed()).slice(1).map(({ body }) => body.Records[0])
  assert.deepEqual(
    told.map(({ eventName, eventVersion, userIdentity, s3: { object } }) => [
      ...[eventName, eventVersion, userIdentity.principalId, object.key],
    ]),
    [['LifecycleExpiration:Delete', '2.3', 's3.amazonaws.com', 'old']],
  )
})

test('tags, access control lists and restores are told to who wants to know of them', async (t) => {
  const { s3, landed } = await tellingServer(t, [
    ...(['s3:ObjectTagging:*', 's3:ObjectAcl:Put', 's3:ObjectRestore:Post'] as const),
    's3:ObjectRestore:Completed',
  ])
  const k = { Bucket, Key: 'k' }
  await s3.send(new PutObjectCommand({ ...k, Body: 'hello', StorageClass: 'GLACIER' }))
  await s3.send(new PutObjectTaggingCommand({ ...k, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }))
  await s3.send(new DeleteObjectTaggingCommand(k))
  await s3.send(new RestoreObjectCommand({ ...k, RestoreRequest: { Days: 1 } }))
  const acl = await s3.send(new PutObjectAclCommand({ ...k, ACL: 'private' })).then(
    () => ['ObjectAcl:Put'],
    // Where buckets have no access control lists.
    () => [],
  )
  const told = (await landed()).slice(1).map(({ body }) => body.Records[0])
  assert.deepEqual(
    told.map(({ eventName }) => eventName),
    ['ObjectTagging:Put', 'ObjectTagging:Delete', 'ObjectRestore:Post', 'ObjectRestore:Completed', ...acl],
  )
  assert.deepEqual(told[0].s3.object, { key: 'k', eTag: HELLO_MD5 })
  assert.equal(told[0].eventVersion, '2.3')
  assert.equal(told[2].glacierEventData, undefined)
  const { lifecycleRestorationExpiryTime: until, lifecycleRestoreStorageClass: of } =
    told[3].glacierEventData.restoreEventData
  assert.ok(Date.parse(until) > 0)
  assert.equal(of, 'GLACIER')
})
