import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { Firehose } from '@aws-sdk/client-firehose'
import { IAM } from '@aws-sdk/client-iam'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { S3 } from '@aws-sdk/client-s3'
import { defaultSettings } from '../../src/server/config.ts'
import { clientOf, startServer } from '../server.ts'
import { callMain } from './call-main.ts'

/** A server whose clock stands still, and the commands that talk to it. */
async function serverAndCli(t: TestContext) {
  const standpipe = await startServer(t)
  const cli = (...argv: string[]) => callMain([...argv, '--port', String(standpipe.port)])
  const json = async (...argv: string[]) => {
    const { code, out, err } = await cli(...argv, '--json')
    assert.equal(code, 0, err.join('\n'))
    return out.map((line) => JSON.parse(line))
  }
  const stream = async (StreamName: string, ShardCount: number) => {
    await clientOf(t, new Kinesis(standpipe.clientConfig)).createStream({ StreamName, ShardCount })
    await standpipe.clock.advance('1m')
  }
  const deliveryStream = async (DeliveryStreamName: string) => {
    await clientOf(t, new S3(standpipe.clientConfig)).createBucket({ Bucket: 'bucket' })
    const firehose = clientOf(t, new Firehose(standpipe.clientConfig))
    await firehose.createDeliveryStream({
      DeliveryStreamName,
      ExtendedS3DestinationConfiguration: {
        BucketARN: 'arn:aws:s3:::bucket',
        RoleARN: 'arn:aws:iam::000000000000:role/firehose',
      },
    })
    await standpipe.clock.advance('1m')
    return firehose
  }
  return { standpipe, cli, json, stream, deliveryStream }
}

test('put and tail: every record once, a line each, over all shards', async (t) => {
  const { cli, json, stream } = await serverAndCli(t)
  await stream('events', 2)
  const put = await cli('put', 'events', 'a', 'b\nc', '{"d":1}')
  assert.equal(put.out.length, 4)
  assert.equal(put.out[3], '3 records')
  const { out } = await cli('tail', 'events', '--no-follow')
  assert.deepEqual([...out].sort(), ['a', 'b\\nc', '{"d":1}'])
  const records = await json('tail', 'events', '--no-follow')
  assert.deepEqual(records.map(({ partitionKey }) => partitionKey).sort(), ['0', '1', '2'])
  assert.equal((await cli('tail', 'events', '--limit', '2')).out.length, 2)
  assert.deepEqual((await cli('tail', 'events', '--latest', '--no-follow')).out, [])
})

test('what AWS refuses is one line with AWS’s own words', async (t) => {
  const { cli } = await serverAndCli(t)
  for (const argv of [
    ['put', 'nowhere', 'a'],
    ['tail', 'nowhere'],
    ['deliver', 'nowhere'],
  ]) {
    const { code, err } = await cli(...argv)
    assert.equal(code, 1)
    assert.match(err.join(), /^standpipe \w+: .*nowhere/)
    assert.equal(err.length, 1)
  }
})

test('deliver, landed and status follow a record into its object', async (t) => {
  const { cli, json, deliveryStream } = await serverAndCli(t)
  const firehose = await deliveryStream('direct')
  assert.deepEqual((await cli('deliver', 'direct')).out, ['Nothing was buffered.'])
  const { RecordId = '' } = await firehose.putRecord({
    DeliveryStreamName: 'direct',
    Record: { Data: Buffer.from('hello') },
  })
  const [buffered] = (await cli('landed', '--record-id', RecordId)).out
  assert.match(buffered ?? '', /^direct: (buffered, due in|not read yet)/)
  const [status] = await json('status')
  assert.equal(status.deliveryStreams[0].name, 'direct')
  assert.match((await cli('status')).out.join('\n'), /direct +5 MiB or 5m/)
  const [{ objects }] = await json('deliver', 'direct')
  assert.equal(objects[0].records, 1)
  const [landed] = (await cli('landed', '--record-id', RecordId)).out
  assert.ok(landed?.includes(`s3://bucket/${objects[0].key}  bytes 0 to 4 of`), landed)
  const madeOf = (await cli('landed', '--object', `s3://bucket/${objects[0].key}`)).out
  assert.match(
    madeOf.join('\n'),
    /^direct: 1 record, 5 B, delivered .* \(flush\)\n {2}Direct PUT {2}1 record from/,
  )
  const details = (await cli('status', 'direct')).out.join('\n')
  assert.match(
    details,
    /^direct {2}DirectPut, version 1\n {2}buffer {2}0 records; 0 B of 5 MiB; 0ms of 5m; empty/,
  )
  assert.ok(details.includes(`delivered  s3://bucket/${objects[0].key}  1 record, 5 B (flush)`), details)
})

test('a channel is shown with its buffer and delivered by its name; one that failed says why', async (t) => {
  const { standpipe, cli, json } = await serverAndCli(t)
  const kinesis = clientOf(t, new Kinesis(standpipe.clientConfig))
  await clientOf(t, new S3(standpipe.clientConfig)).createBucket({ Bucket: 'bucket' })
  const create = async (name: string, Bucket: string) => {
    await kinesis.createStream({ StreamName: name, StreamModeDetails: { StreamMode: 'ON_DEMAND' } })
    await kinesis.createChannel({
      ChannelName: `${name}-channel`,
      ServiceExecutionRoleARN: 'arn:aws:iam::000000000000:role/delivery',
      StreamConfigurationList: [
        {
          StreamARN: `arn:aws:kinesis:us-east-1:000000000000:stream/${name}`,
          RecordConfiguration: { RecordFormatType: 'BYTE_ARRAY' },
        },
      ],
      S3DestinationConfiguration: {
        StorageConfiguration: {
          BucketARN: `arn:aws:s3:::${Bucket}`,
          ExpectedBucketOwner: '000000000000',
          CompressionType: 'NONE',
        },
      },
    })
  }
  await create('orders', 'bucket')
  await create('wrong', 'nowhere')
  await cli('put', 'orders', 'a', 'b')
  const text = (await cli('status')).out.join('\n')
  assert.match(text, /\n2 channels\n {2}orders-channel +128 MiB or 5m +2 records, 2 B; due in/)
  assert.match(text, /\n {2}wrong-channel +FAILED +nowhere: The specified bucket does not exist/)
  assert.match((await cli('status', 'orders-channel')).out[0] ?? '', /^orders-channel {2}Channel, version 1/)
  const [{ objects }] = await json('deliver', 'orders-channel')
  assert.equal(objects[0].records, 2)
})

test('the clock is shown and moved', async (t) => {
  const { standpipe, cli, json } = await serverAndCli(t)
  const before = standpipe.clock.now().getTime()
  assert.match((await cli('clock')).out[0] ?? '', /manual/)
  const [{ now }] = await json('clock', '+1h30m')
  assert.equal(Date.parse(now) - before, 5_400_000)
})

test('the cost is a receipt, and can be held against a budget', async (t) => {
  const { cli, json, stream } = await serverAndCli(t)
  await stream('events', 2)
  const [receipt] = await json('cost')
  assert.equal(receipt.total, 0.03)
  assert.equal(receipt.runningPerHour, 0.03)
  const { out } = await cli('cost')
  assert.match(out.join('\n'), /Kinesis shards +2 shard-hour +at \$0\.015 +\$0\.0300/)
  assert.match(out.join('\n'), /Still running: Kinesis shards × 2; \$0\.0300 an hour/)
  assert.equal((await cli('cost', '--fail-over', '100')).err.length, 0)
  const over = await cli('cost', '--fail-over', '0.02')
  assert.equal(over.code, 1)
  assert.match(over.err.join(), /over the budget/)
  const near = await cli('cost', '--fail-over', '0.035')
  assert.equal(near.code, 0)
  assert.match(near.err.join(), /86 % of the budget/)
  assert.match((await cli('cost', '--fail-over', '1')).err.join(), /left running for a month/)
})

test('reset forgets everything, when it is said twice', async (t) => {
  const { cli, json, stream } = await serverAndCli(t)
  await stream('events', 1)
  assert.equal((await cli('reset')).code, 2)
  assert.equal((await json('status'))[0].streams.length, 1)
  assert.equal((await cli('reset', '--yes')).code, 0)
  assert.equal((await json('status'))[0].streams.length, 0)
})

test('status says that policies are kept and hold nobody in open mode', async (t) => {
  const { standpipe, cli, json, stream } = await serverAndCli(t)
  await stream('orders', 1)
  const { account } = defaultSettings
  const Principal = { AWS: account }
  const policyOf = (Action: string, Resource: string) =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action, Resource }] })
  const s3 = clientOf(t, new S3(standpipe.clientConfig))
  await s3.createBucket({ Bucket: 'lake' })
  assert.doesNotMatch((await cli('status')).out.join('\n'), /polic/)
  await s3.putBucketPolicy({ Bucket: 'lake', Policy: policyOf('s3:GetObject', 'arn:aws:s3:::lake/*') })
  const kinesis = clientOf(t, new Kinesis(standpipe.clientConfig))
  const ResourceARN = `arn:aws:kinesis:us-east-1:${account}:stream/orders`
  await kinesis.putResourcePolicy({ ResourceARN, Policy: policyOf('kinesis:PutRecord', ResourceARN) })
  assert.match((await cli('status')).out.join('\n'), /^2 policies, not enforced: open$/m)
  const iam = clientOf(t, new IAM(standpipe.clientConfig))
  await iam.createUser({ UserName: 'held-by-nothing' })
  await iam.createUser({ UserName: 'anna' })
  const all = JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: '*', Resource: '*' },
  })
  await iam.putUserPolicy({ UserName: 'anna', PolicyName: 'all', PolicyDocument: all })
  const trust = {
    Effect: 'Allow',
    Principal: { Service: 'firehose.amazonaws.com' },
    Action: 'sts:AssumeRole',
  }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: trust })
  await iam.createRole({ RoleName: 'firehose', AssumeRolePolicyDocument })
  await iam.createPolicy({ PolicyName: 'everything', PolicyDocument: all })
  assert.deepEqual((await json('status'))[0].policies, {
    stored: ['bucket lake', 'stream orders', 'user anna', 'role firehose', 'policy everything'],
    enforced: false,
  })
})
