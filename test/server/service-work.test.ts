import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import type { Role } from '../../src/auth/credentials.ts'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { createMemoryEngine } from '../../src/engine/memory/memory-engine.ts'
import type { ErrorLogRecord } from '../../src/firehose/destinations/error-log.ts'
import { noMeters } from '../../src/metrics/meters.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { openServices } from '../../src/server/services.ts'
import { ServiceException } from '../../src/service/exception.ts'
import { callOf } from '../../src/service/invoke.ts'
import type { Caller } from '../../src/service/operation.ts'
import { allow, deny, policyOf, usersOf } from '../auth/users.ts'
import { callerOf } from '../caller.ts'

const NOW = Date.UTC(2026, 4, 1, 12)
const ROLE = 'arn:aws:iam::123456789012:role/firehose'
const STREAM = 'arn:aws:kinesis:us-east-1:123456789012:stream/orders'
const OBJECTS = 'arn:aws:s3:::lake/*'
const TRUST = policyOf({
  ...{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'firehose.amazonaws.com' } },
  Condition: { StringEquals: { 'sts:ExternalId': '123456789012' } },
})

/** The services of a closed server, whose users and roles the test gives what it likes. */
async function closed(t: TestContext) {
  const users = usersOf(NOW)
  const clock = createClock({ mode: 'manual', startAt: NOW, onError: assert.ifError })
  const problems = createProblems({ now: clock.now, warn: () => undefined, info: () => undefined })
  const reports: ErrorLogRecord[] = []
  const roles = new Map<string, Role>()
  const services = await openServices({
    ...{ engine: createMemoryEngine({ clock }), clock, random: systemRandom, meters: noMeters, problems },
    ...{ limits: 'off', observe: () => undefined, stateDelayMs: 0 },
    report: (record) => reports.push(record),
    credentials: users.credentials,
    roles: { roleOf: (arn) => roles.get(arn) },
  })
  t.after(() => services.close())
  const call = async (service: string, name: string, input: object, caller: Caller = callerOf()) => {
    const bound = services.bound.find((each) => each.service.id === service)!
    const { output } = await bound.invoke(callOf(bound.service.operations.get(name)!, input, caller))
    // biome-ignore lint/suspicious/noExplicitAny: the tests read answers as a client does that knows no types
    return output as any
  }
  const refused = async (...args: Parameters<typeof call>): Promise<string> => {
    const failure = await call(...args).then(
      () => assert.fail(`${args[1]} was not refused`),
      (error: unknown) => error,
    )
    assert.ok(failure instanceof ServiceException, String(failure))
    return `${failure.code}: ${failure.message}`
  }
  await call('S3', 'CreateBucket', { Bucket: 'lake' })
  return {
    ...{ ...users, clock, problems, reports, call, refused },
    /** The role as Firehose trusts it, with these statements. */
    grant: (...statements: object[]) =>
      roles.set(ROLE, { roleId: 'AROA1', policies: [policyOf(...statements)], trust: TRUST }),
    setRole: (role: Role) => roles.set(ROLE, role),
    keys: async () => {
      const { Contents = [] } = await call('S3', 'ListObjectsV2', { Bucket: 'lake' })
      return Contents.map(({ Key }: { Key: string }) => Key)
    },
  }
}

const DESTINATION = {
  RoleARN: ROLE,
  BucketARN: 'arn:aws:s3:::lake',
  BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
}
const DIRECT = { DeliveryStreamName: 'direct', ExtendedS3DestinationConfiguration: DESTINATION }

test('a delivery stream gets no role that is not there or does not trust Firehose', async (t) => {
  const { call, refused, grant, setRole } = await closed(t)
  const why =
    'InvalidArgumentException: Firehose is unable to assume role arn:aws:iam::123456789012:role/firehose. Please check the role provided.'
  const create = () => refused('Firehose', 'CreateDeliveryStream', DIRECT)
  assert.equal(await create(), why)
  const role = { roleId: 'AROA1', policies: [] }
  setRole({ ...role, trust: TRUST.replace('firehose.', 'kinesis.') })
  assert.equal(await create(), why)
  setRole({ ...role, trust: TRUST.replace('123456789012', '210987654321') })
  assert.equal(await create(), why)
  grant()
  await call('Firehose', 'CreateDeliveryStream', DIRECT)
  const update = {
    DeliveryStreamName: 'direct',
    CurrentDeliveryStreamVersionId: '1',
    DestinationId: 'destinationId-000000000001',
  }
  const RoleARN = `${ROLE}-2`
  assert.match(
    await refused('Firehose', 'UpdateDestination', { ...update, ExtendedS3DestinationUpdate: { RoleARN } }),
    /unable to assume role .*firehose-2\./,
  )
})

test('whoever makes a delivery stream has to be let to hand over its role', async (t) => {
  const { call, refused, grant, user } = await closed(t)
  grant()
  const known = { region: 'us-east-1' }
  const maker = user('maker', [allow('firehose:CreateDeliveryStream')], known)
  assert.equal(
    await refused('Firehose', 'CreateDeliveryStream', DIRECT, maker),
    `AccessDeniedException: User: arn:aws:iam::123456789012:user/maker is not authorized to perform: iam:PassRole on resource: ${ROLE} because no identity-based policy allows the iam:PassRole action`,
  )
  const passer = user(
    'passer',
    [
      allow('firehose:CreateDeliveryStream', '*', {
        Condition: { StringEquals: { 'aws:RequestTag/team': 'data' } },
      }),
      allow('iam:PassRole', ROLE, {
        Condition: { StringEquals: { 'iam:PassedToService': 'firehose.amazonaws.com' } },
      }),
    ],
    known,
  )
  assert.match(
    await refused('Firehose', 'CreateDeliveryStream', DIRECT, passer),
    /firehose:CreateDeliveryStream on/,
  )
  await call(
    'Firehose',
    'CreateDeliveryStream',
    { ...DIRECT, Tags: [{ Key: 'team', Value: 'data' }] },
    passer,
  )
})

test('Firehose is asked of by its delivery streams', async (t) => {
  const { call, refused, grant, user } = await closed(t)
  grant()
  await call('Firehose', 'CreateDeliveryStream', DIRECT)
  const producer = user(
    'producer',
    [
      allow(
        ['firehose:PutRecord', 'firehose:ListDeliveryStreams'],
        'arn:aws:firehose:*:*:deliverystream/direct',
      ),
    ],
    { region: 'us-east-1' },
  )
  const put = { DeliveryStreamName: 'direct', Record: { Data: Buffer.from('x') } }
  await call('Firehose', 'PutRecord', put, producer)
  assert.match(
    await refused('Firehose', 'PutRecord', { ...put, DeliveryStreamName: 'other' }, producer),
    /firehose:PutRecord on resource: arn:aws:firehose:us-east-1:123456789012:deliverystream\/other because no/,
  )
  assert.match(await refused('Firehose', 'DescribeDeliveryStream', put, producer), /AccessDeniedException/)
  assert.match(await refused('Firehose', 'ListDeliveryStreams', {}, producer), /on resource: \* because/)
})

test('a role that may not put is a delivery that fails, and is tried again until it may', async (t) => {
  const { clock, call, grant, keys, reports, problems } = await closed(t)
  grant(allow('s3:PutObject', OBJECTS), deny('s3:PutObject', `${OBJECTS}-none`))
  await call('Firehose', 'CreateDeliveryStream', DIRECT)
  grant()
  await call('Firehose', 'PutRecord', { DeliveryStreamName: 'direct', Record: { Data: Buffer.from('x') } })
  await clock.advance(61_000)
  assert.deepEqual(await keys(), [])
  const [report] = reports
  assert.equal(report?.errorCode, 'S3.AccessDenied')
  assert.match(
    report.message,
    /^Access was denied\. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role, and the access policy allows access to the S3 bucket\. \(User: arn:aws:sts::123456789012:assumed-role\/firehose\/firehose is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::lake\/.*" because no identity-based policy allows the s3:PutObject action\)$/,
  )
  const [problem, ...more] = problems.list()
  assert.deepEqual(more, [])
  assert.equal(problem?.code, 'DeliveryAccessDenied')
  assert.equal(problem.where, 'delivery stream direct of account 123456789012')
  await clock.advance(3_600_000)
  assert.deepEqual(
    problems.list().map(({ code }) => code),
    ['DeliveryAccessDenied'],
  )
  grant(allow('s3:PutObject', OBJECTS))
  await clock.advance(3_600_000)
  assert.equal((await keys()).length, 1)
  assert.deepEqual(problems.list(), [])
})

test("a bucket's policy has its say about a role, and a role that is gone can do nothing", async (t) => {
  const { clock, call, grant, keys, setRole, reports } = await closed(t)
  grant()
  await call('Firehose', 'CreateDeliveryStream', DIRECT)
  const put = () =>
    call('Firehose', 'PutRecord', { DeliveryStreamName: 'direct', Record: { Data: Buffer.from('x') } })
  const policy = (...statements: object[]) =>
    call('S3', 'PutBucketPolicy', { Bucket: 'lake', Policy: policyOf(...statements) })
  await policy(allow('s3:PutObject', OBJECTS, { Principal: { AWS: ROLE } }))
  await put()
  await clock.advance(61_000)
  assert.equal((await keys()).length, 1)
  await policy(deny('s3:PutObject', OBJECTS, { Principal: { AWS: ROLE } }))
  grant(allow('s3:*'))
  await put()
  await clock.advance(61_000)
  assert.match(reports.at(-1)?.message ?? '', /with an explicit deny in a resource-based policy/)
  setRole({ roleId: 'AROA1', policies: [policyOf(allow('*'))], trust: policyOf() })
  await clock.advance(3_600_000)
  assert.match(
    reports.at(-1)?.message ?? '',
    /\(firehose\.amazonaws\.com cannot assume the role arn:aws:iam::123456789012:role\/firehose, which is not there or does not trust it\)$/,
  )
  assert.equal((await keys()).length, 1)
})

test('a bucket that is not there is put to by no role that may not, and is missing to one that may', async (t) => {
  const { clock, call, grant, reports } = await closed(t)
  grant()
  await call('Firehose', 'CreateDeliveryStream', DIRECT)
  await call('S3', 'DeleteBucket', { Bucket: 'lake' })
  await call('Firehose', 'PutRecord', { DeliveryStreamName: 'direct', Record: { Data: Buffer.from('x') } })
  await clock.advance(61_000)
  assert.equal(reports.at(-1)?.errorCode, 'S3.AccessDenied')
  grant(allow('s3:PutObject', OBJECTS))
  await clock.advance(3_600_000)
  assert.equal(reports.at(-1)?.errorCode, 'S3.NoSuchBucket')
})

test('a stream is read when the role may read it, from where it was left', async (t) => {
  const { clock, call, grant, keys, problems } = await closed(t)
  const puts = allow('s3:PutObject', OBJECTS)
  const reads = allow('kinesis:*', STREAM)
  await call('Kinesis', 'CreateStream', { StreamName: 'orders', ShardCount: 1 })
  grant(puts)
  await call('Firehose', 'CreateDeliveryStream', {
    ...{ DeliveryStreamName: 'source', DeliveryStreamType: 'KinesisStreamAsSource' },
    KinesisStreamSourceConfiguration: { KinesisStreamARN: STREAM, RoleARN: ROLE },
    ExtendedS3DestinationConfiguration: DESTINATION,
  })
  const put = (text: string) =>
    call('Kinesis', 'PutRecord', { StreamName: 'orders', PartitionKey: 'a', Data: Buffer.from(text) })
  await put('1')
  await clock.advance(300_000)
  assert.deepEqual(await keys(), [])
  const [problem] = problems.list()
  assert.deepEqual(
    [problem?.code, problem?.where],
    ['SourceAccessDenied', 'delivery stream source of account 123456789012'],
  )
  assert.match(
    problem?.what ?? '',
    /^it cannot read its stream: User: .* kinesis:DescribeStream on resource: .*stream\/orders because/,
  )
  grant(puts, reads)
  await put('2')
  await clock.advance(300_000)
  assert.deepEqual(problems.list(), [])
  const [Key] = await keys()
  const { ContentLength } = await call('S3', 'HeadObject', { Bucket: 'lake', Key })
  assert.equal(ContentLength, 2)
  grant(puts)
  await put('3')
  await clock.advance(300_000)
  assert.equal((await keys()).length, 1)
  assert.equal(problems.list().length, 1)
  await call('Firehose', 'DeleteDeliveryStream', { DeliveryStreamName: 'source' })
  await clock.advance(60_000)
  assert.deepEqual(problems.list(), [])
})

test('a channel puts by its role, which Kinesis assumes', async (t) => {
  const { clock, call, refused, setRole, user, keys, problems, reports } = await closed(t)
  await call('Kinesis', 'CreateStream', {
    StreamName: 'orders',
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  })
  const channel = {
    ...{ ChannelName: 'archive', ServiceExecutionRoleARN: ROLE },
    StreamConfigurationList: [{ StreamARN: STREAM, RecordConfiguration: { RecordFormatType: 'JSON' } }],
    S3DestinationConfiguration: {
      StorageConfiguration: {
        ...{ BucketARN: 'arn:aws:s3:::lake', ExpectedBucketOwner: '123456789012', CompressionType: 'NONE' },
      },
    },
  }
  const maker = user('maker', [allow('kinesis:CreateChannel', STREAM)], { region: 'us-east-1' })
  assert.match(
    await refused('Kinesis', 'CreateChannel', channel, maker),
    /iam:PassRole on resource: .*role\/firehose because/,
  )
  await call('Kinesis', 'CreateChannel', channel)
  const role = { roleId: 'AROA1', policies: [policyOf(allow('s3:PutObject', OBJECTS))] }
  setRole({ ...role, trust: TRUST })
  await call('Kinesis', 'PutRecord', {
    StreamName: 'orders',
    PartitionKey: 'a',
    Data: Buffer.from('{"a":1}'),
  })
  await clock.advance(3_600_000)
  assert.deepEqual(await keys(), [])
  assert.match(
    reports.at(-1)?.message ?? '',
    /allows Kinesis Data Streams to assume .*\(kinesis\.amazonaws\.com cannot assume the role/,
  )
  assert.deepEqual(
    problems.list().map(({ code, where }) => [code, where]),
    [['DeliveryAccessDenied', 'channel archive of account 123456789012']],
  )
  setRole({ ...role, trust: TRUST.replace('firehose.', 'kinesis.') })
  await clock.advance(3_600_000)
  assert.equal((await keys()).length, 1)
  assert.deepEqual(problems.list(), [])
})
