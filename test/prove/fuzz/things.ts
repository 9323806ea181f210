import type { Known } from './inputs.ts'

type Ask = (service: string, path: string, method: string, body: Buffer) => Promise<string>

const RoleARN = 'arn:aws:iam::000000000000:role/firehose'

/** What odd requests are nearly right about. Is there already what is there already. */
export async function createThings(known: Known, ask: Ask): Promise<void> {
  const aws = async (operation: string, input: object) => {
    const path = `/_standpipe/api/aws/${operation}`
    known.learn(input)
    known.learn(JSON.parse(await ask('standpipe', path, 'POST', Buffer.from(JSON.stringify(input)))))
  }
  const document = (Action: string, more: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, ...more }] })
  await aws('iam/CreateRole', {
    RoleName: 'firehose',
    AssumeRolePolicyDocument: document('sts:AssumeRole', {
      Principal: { Service: 'firehose.amazonaws.com' },
    }),
  })
  await aws('iam/PutRolePolicy', {
    ...{ RoleName: 'firehose', PolicyName: 'all', PolicyDocument: document('*', { Resource: '*' }) },
  })
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks'
  await aws('s3/CreateBucket', { Bucket: 'archive' })
  await aws('kinesis/CreateStream', { StreamName: 'clicks', ShardCount: 3 })
  await aws('kinesis/RegisterStreamConsumer', { StreamARN, ConsumerName: 'fan' })
  await aws('kinesis/RegisterStreamConsumer', { StreamARN, ConsumerName: 'out' })
  await aws('firehose/CreateDeliveryStream', {
    DeliveryStreamName: 'to-archive',
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: { KinesisStreamARN: StreamARN, RoleARN },
    ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: 'arn:aws:s3:::archive' },
  })
  await aws('firehose/CreateDeliveryStream', {
    DeliveryStreamName: 'direct',
    ExtendedS3DestinationConfiguration: { RoleARN, BucketARN: 'arn:aws:s3:::archive' },
  })
  await aws('kinesis/PutRecord', { StreamName: 'clicks', PartitionKey: 'a', Data: 'YQ==' })
  await aws('firehose/PutRecord', { DeliveryStreamName: 'direct', Record: { Data: 'YQ==' } })
  await aws('kinesis/ListShards', { StreamName: 'clicks', MaxResults: 1 })
  await aws('kinesis/ListStreamConsumers', { StreamARN, MaxResults: 1 })
  await aws('kinesis/ListStreams', { Limit: 1 })
  await aws('kinesis/GetShardIterator', {
    StreamName: 'clicks',
    ShardId: 'shardId-000000000000',
    ShardIteratorType: 'TRIM_HORIZON',
  })
  await aws('s3/CreateMultipartUpload', { Bucket: 'archive', Key: 'parts' })
  await ask('s3', '/archive/object', 'PUT', Buffer.from('content'))
  known.add('Key', 'object')
}
