import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clientEnvironment } from '../../client-access.ts'
import { noAwsCli, noBoto3 } from '../../installed.ts'
import { run, temporaryFolder } from '../../process.ts'
import { startServer } from '../../server.ts'

const LIFE = `
import boto3, hashlib
kinesis = boto3.client("kinesis")
name = "orders"
kinesis.create_stream(StreamName=name, ShardCount=1, Tags={"team": "ml"})
kinesis.get_waiter("stream_exists").wait(StreamName=name)
arn = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]
assert kinesis.list_tags_for_resource(ResourceARN=arn)["Tags"] == [{"Key": "team", "Value": "ml"}]

# As the KPL aggregates: a magic number, a protobuf message of two records, and its MD5.
def field(number, payload):
    return bytes([number << 3 | 2, len(payload)]) + payload
def record(key, data):
    return field(3, bytes([1 << 3, key]) + field(3, data))
message = field(1, b"a") + field(1, b"b") + record(0, b"first") + record(1, b"second")
aggregated = b"\\xf3\\x89\\x9a\\xc2" + message + hashlib.md5(message).digest()
kinesis.put_record(StreamName=name, PartitionKey="a", Data=aggregated)

kinesis.split_shard(StreamName=name, ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127))
first = kinesis.list_shards(StreamName=name, MaxResults=2)
shards = first["Shards"] + kinesis.list_shards(NextToken=first["NextToken"])["Shards"]
assert [shard.get("ParentShardId") for shard in shards] == [None, "shardId-000000000000", "shardId-000000000000"]
described = [shard for page in kinesis.get_paginator("describe_stream").paginate(StreamName=name, Limit=1)
             for shard in page["StreamDescription"]["Shards"]]
assert described == shards
iterator = kinesis.get_shard_iterator(StreamName=name, ShardId="shardId-000000000000",
                                      ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
answer = kinesis.get_records(ShardIterator=iterator)
assert [record["Data"] for record in answer["Records"]] == [aggregated]
assert "NextShardIterator" not in answer and len(answer["ChildShards"]) == 2

consumers = [kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="app%d" % n)["Consumer"] for n in range(3)]
pages = kinesis.get_paginator("list_stream_consumers").paginate(StreamARN=arn, PaginationConfig={"PageSize": 2})
assert [c["ConsumerName"] for page in pages for c in page["Consumers"]] == ["app0", "app1", "app2"]
stream = kinesis.subscribe_to_shard(ConsumerARN=consumers[0]["ConsumerARN"], ShardId="shardId-000000000000",
                                    StartingPosition={"Type": "TRIM_HORIZON"})["EventStream"]
events = [event["SubscribeToShardEvent"] for event in stream]
assert [record["Data"] for event in events for record in event["Records"]] == [aggregated]
assert len(events[-1]["ChildShards"]) == 2
try:
    kinesis.delete_stream(StreamName=name)
    raise AssertionError("deleted in spite of its consumers")
except kinesis.exceptions.ResourceInUseException:
    pass
kinesis.delete_stream(StreamName=name, EnforceConsumerDeletion=True)
kinesis.get_waiter("stream_not_exists").wait(StreamName=name)
print("done")
`

test('boto3: waiters, paginators, a record aggregated as the KPL does, enhanced fan-out', {
  skip: await noBoto3(),
}, async (context) => {
  const { code, stdout, stderr } = await run('python3', ['-c', LIFE], { env: await environmentOf(context) })
  assert.equal(code, 0, stderr)
  assert.equal(stdout, 'done\n')
})

test('the AWS CLI: a stream is made, scaled, written to and read', {
  skip: await noAwsCli(),
}, async (context) => {
  const env = await environmentOf(context)
  const aws = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('aws', ['kinesis', ...args], { env })
    assert.equal(code, 0, `${args.join(' ')}\n${stderr}`)
    return stdout === '' ? undefined : JSON.parse(stdout)
  }
  const name = ['--stream-name', 'orders']
  const file = join(temporaryFolder(context), 'data')
  writeFileSync(file, 'x')
  await aws('create-stream', ...name, '--shard-count', '2')
  await aws('wait', 'stream-exists', ...name)
  const scaled = await aws(
    'update-shard-count',
    ...name,
    '--target-shard-count',
    '4',
    '--scaling-type',
    'UNIFORM_SCALING',
  )
  assert.deepEqual([scaled.CurrentShardCount, scaled.TargetShardCount], [2, 4])
  const { ShardId } = await aws('put-record', ...name, '--partition-key', 'a', '--data', `fileb://${file}`)
  const place = ['--shard-id', ShardId, '--shard-iterator-type', 'TRIM_HORIZON']
  const { ShardIterator } = await aws('get-shard-iterator', ...name, ...place)
  const { Records } = await aws('get-records', '--shard-iterator', ShardIterator)
  assert.equal(Records[0].Data, 'eA==')
})

async function environmentOf(context: Parameters<typeof startServer>[0]): Promise<NodeJS.ProcessEnv> {
  const { endpoint } = await startServer(context)
  return {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    ...clientEnvironment(endpoint),
    AWS_CONFIG_FILE: '/dev/null',
    AWS_CLI_FILE_ENCODING: 'UTF-8',
  }
}
