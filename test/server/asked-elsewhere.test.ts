import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Firehose } from '@aws-sdk/client-firehose'
import { Kinesis } from '@aws-sdk/client-kinesis'
import type { Overview } from '../../src/api/views.ts'
import { checkServer } from '../../src/cli/findings.ts'
import { serverAt } from '../../src/cli/server-address.ts'
import { defaultSettings } from '../../src/server/config.ts'
import { isClosed } from '../client-access.ts'
import { makeDeliveryRole } from '../delivery-role.ts'
import { clientOf, startServer } from '../server.ts'

const HINT =
  'stream orders was asked for in eu-west-1, where there is none; it exists in us-east-1: the region that the client signs for is another'

const whereOpen = { skip: isClosed && "the server's own API is asked without a key" }

test(
  'what a client asks for in another region than it is in is said in the log, by doctor and in the console',
  whereOpen,
  async (t) => {
    const lines: string[] = []
    const quiet = () => undefined
    const log = { error: quiet, warn: quiet, info: (line: string) => lines.push(line), debug: quiet }
    const server = await startServer(t, { log })
    const here = clientOf(t, new Kinesis(server.clientConfig))
    const elsewhere = { ...server.clientConfig, region: 'eu-west-1', maxAttempts: 1 }
    const away = clientOf(t, new Kinesis(elsewhere))
    const NOT_FOUND = { name: 'ResourceNotFoundException' }
    const hints = async () => {
      // They are looked for behind the answer.
      await new Promise((resolve) => setImmediate(resolve))
      const answer = await fetch(`${server.endpoint}/_standpipe/api/overview`)
      return ((await answer.json()) as Overview).hints
    }
    await assert.rejects(away.describeStreamSummary({ StreamName: 'orders' }), NOT_FOUND)
    assert.deepEqual(await hints(), [])
    await here.createStream({ StreamName: 'orders', ShardCount: 1 })
    for (let count = 0; count < 3; count++)
      await assert.rejects(away.describeStreamSummary({ StreamName: 'orders' }), NOT_FOUND)
    assert.deepEqual(await hints(), [HINT])
    assert.equal(lines.filter((line) => line === HINT).length, 1)
    const { findings, health } = await checkServer(serverAt({ ...defaultSettings, port: server.port }, {}))
    assert.equal(health?.status, 'ok')
    assert.deepEqual(
      findings.find(({ subject }) => subject === 'region'),
      { state: 'warn', subject: 'region', text: HINT },
    )

    await makeDeliveryRole(server.endpoint)
    await clientOf(t, new Firehose(server.clientConfig)).createDeliveryStream({
      DeliveryStreamName: 'to-s3',
      ExtendedS3DestinationConfiguration: {
        RoleARN: 'arn:aws:iam::000000000000:role/firehose',
        BucketARN: 'arn:aws:s3:::bucket',
      },
    })
    const awayToS3 = clientOf(t, new Firehose(elsewhere))
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders'
    await assert.rejects(awayToS3.describeDeliveryStream({ DeliveryStreamName: 'to-s3' }), NOT_FOUND)
    await assert.rejects(away.listShards({ StreamARN }), NOT_FOUND)
    const both = await hints()
    assert.deepEqual([both.length, both[1]], [2, HINT])
    assert.match(both[0] ?? '', /^delivery stream to-s3 was asked for in eu-west-1, .* exists in us-east-1/)

    // What nobody has asked for in an hour is not told any more.
    await server.clock.advance('1h')
    assert.deepEqual(await hints(), [])
  },
)
