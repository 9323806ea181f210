import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CreateDeliveryStreamCommand,
  FirehoseClient,
  PutRecordCommand as PutToFirehose,
} from '@aws-sdk/client-firehose'
import { CreateStreamCommand, KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis'
import { type Health, problemsOf } from '../../src/cli/client.ts'
import { whereText } from '../../src/service/arn.ts'
import { fetchSigned } from '../client-access.ts'
import { makeDeliveryRole } from '../delivery-role.ts'
import { clientOf, startServer } from '../server.ts'

test('streams of one name in two regions are said to have met their quotas each by its own', async (t) => {
  const standpipe = await startServer(t)
  const own = async (path: string, body?: object): Promise<Health> => {
    const asked = body && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }
    const answer = await fetchSigned(`${standpipe.endpoint}/_standpipe/${path}`, asked)
    assert.equal(answer.status, 200)
    return JSON.parse(await answer.text())
  }
  const problems = async () => (await own('health')).problems.map(({ where }) => where).sort()
  const quota = (region: string, bytes: number | null) =>
    own(`api/quotas/stream/clicks?region=${region}`, { bytes })
  const StreamName = 'clicks'
  const Record = { StreamName, PartitionKey: 'a', Data: new Uint8Array(2_000) }
  for (const region of ['us-east-1', 'eu-west-1']) {
    const kinesis = clientOf(t, new KinesisClient({ ...standpipe.clientConfig, region, maxAttempts: 1 }))
    await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
    await quota(region, 1_000)
    const named = region === 'us-east-1' ? 'stream clicks' : 'stream clicks in eu-west-1'
    await assert.rejects(kinesis.send(new PutRecordCommand(Record)), {
      name: 'LimitExceededException',
      message: new RegExp(`^The ${named} has met its quota`),
    })
  }
  assert.deepEqual(await problems(), ['stream clicks', 'stream clicks in eu-west-1'])
  await quota('us-east-1', null)
  assert.deepEqual(await problems(), ['stream clicks in eu-west-1'])
  await quota('eu-west-1', null)
  assert.deepEqual(await problems(), [])
})

test('a delivery stream of another region says what fails for itself, and its status tells its own problems alone', async (t) => {
  const standpipe = await startServer(t)
  const regions = ['us-east-1', 'eu-west-1']
  const arns: string[] = []
  await makeDeliveryRole(standpipe.endpoint)
  for (const region of regions) {
    const firehose = clientOf(t, new FirehoseClient({ ...standpipe.clientConfig, region }))
    const RoleARN = 'arn:aws:iam::000000000000:role/firehose'
    const S3DestinationConfiguration = { RoleARN, BucketARN: 'arn:aws:s3:::nowhere' }
    const created = await firehose.send(
      new CreateDeliveryStreamCommand({ DeliveryStreamName: 'clicks', S3DestinationConfiguration }),
    )
    arns.push(created.DeliveryStreamARN!)
    await standpipe.clock.advance('1m')
    await firehose.send(
      new PutToFirehose({ DeliveryStreamName: 'clicks', Record: { Data: Buffer.from('x') } }),
    )
  }
  await standpipe.clock.advance('1h')
  const health: Health = JSON.parse(
    await (await fetchSigned(`${standpipe.endpoint}/_standpipe/health`)).text(),
  )
  const failing = health.problems.filter(({ code }) => code === 'DeliveryFailing')
  assert.deepEqual(failing.map(({ where }) => where).sort(), [
    'delivery stream clicks',
    'delivery stream clicks in eu-west-1',
  ])
  const wheres = arns.map((arn) => problemsOf(health, { name: 'clicks', arn }).map(({ where }) => where))
  assert.deepEqual(wheres, [['delivery stream clicks'], ['delivery stream clicks in eu-west-1']])
})

test('what is of another account is told from what is not', () => {
  const usual = { account: '000000000000', region: 'us-east-1', name: 'a' }
  assert.equal(whereText('stream', usual), 'stream a')
  assert.equal(whereText('stream', { ...usual, account: '111122223333' }), 'stream a of account 111122223333')
})
