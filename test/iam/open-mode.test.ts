import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis'
import { STS } from '@aws-sdk/client-sts'
import { notClosed } from '../client-access.ts'
import { clientOf, startServer } from '../server.ts'

test('in open mode a key that was made here stands for whom it was made, in its account', {
  skip: notClosed('a key is its account'),
}, async (t) => {
  const { clientConfig } = await startServer(t)
  const configOf = ({ AccessKeyId = '', SecretAccessKey = '' } = {}) => ({
    ...clientConfig,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey },
  })
  const iam = clientOf(t, new IAM(configOf({ AccessKeyId: '210987654321', SecretAccessKey: 'x' })))
  await iam.createUser({ UserName: 'ada' })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'ada' })
  // Nobody looks at the signature.
  const config = configOf({ AccessKeyId: AccessKey!.AccessKeyId!, SecretAccessKey: 'another' })
  const sts = clientOf(t, new STS(config))
  assert.equal((await sts.getCallerIdentity({})).Arn, 'arn:aws:iam::210987654321:user/ada')
  assert.equal((await clientOf(t, new IAM(config)).getUser({})).User?.UserName, 'ada')
  const kinesis = clientOf(t, new KinesisClient(config))
  await kinesis.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 1 }))
  const { StreamDescriptionSummary } = await kinesis.send(
    new DescribeStreamSummaryCommand({ StreamName: 's' }),
  )
  assert.match(StreamDescriptionSummary?.StreamARN ?? '', /:210987654321:stream\/s$/)
  await new Promise(setImmediate)
  const { AccessKeyLastUsed } = await iam.getAccessKeyLastUsed({ AccessKeyId: AccessKey!.AccessKeyId })
  assert.equal(AccessKeyLastUsed?.ServiceName, 'sts')
  const { Credentials } = await sts.assumeRole({
    RoleArn: 'arn:aws:iam::111111111111:role/any',
    RoleSessionName: 'me',
  })
  const session = configOf({ AccessKeyId: Credentials!.AccessKeyId!, SecretAccessKey: 'another' })
  assert.equal(
    (await clientOf(t, new STS(session)).getCallerIdentity({})).Arn,
    'arn:aws:sts::111111111111:assumed-role/any/me',
  )
})
