import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { callMain } from '../cli/call-main.ts'
import { temporaryFolder } from '../process.ts'
import { startServer } from '../server.ts'
import { ADMIN, envOf, keyFile, NOBODY } from './closed-server.ts'

test('every command works with an admin key on a closed server', async (t) => {
  const folder = temporaryFolder(t)
  const { port } = await startServer(t, {
    ...{ auth: keyFile(t), data: join(folder, 'data'), ephemeral: false, clock: 'manual' },
  })
  const call = async (...argv: string[]) => {
    const printed = await callMain([...argv, '--port', String(port)], envOf(ADMIN))
    assert.equal(printed.code, 0, `${argv.join(' ')}: ${printed.err.join()}`)
    return printed.out.join('\n')
  }
  assert.match(await call('lab'), /Deleted everything that the lab made/)
  const made = JSON.parse((await call('keys', 'add', '--json')).split('\n')[0]!)
  assert.match(await call('keys', 'list'), new RegExp(made.accessKeyId))
  await call('keys', 'delete', made.accessKeyId)
  await call('clock', '+1s')
  await call('clock')
  await call('cost')
  await call('cost', '--fail-over', '500')
  assert.match(await call('status'), /closed/)
  await call('backup', join(folder, 'copy'))
  await call('reset', '--yes')
  assert.equal(JSON.parse(await call('status', '--json')).access, 'closed')
})

test('records are put, read, delivered and found with a key', async (t) => {
  const { port } = await startServer(t, { auth: keyFile(t) })
  const env = envOf(ADMIN)
  const call = async (...argv: string[]) => await callMain([...argv, '--port', String(port)], env)
  const operation = async (service: string, name: string, input: object) => {
    const { ask } = await import('../../src/cli/client.ts')
    const { serverAt } = await import('../../src/cli/server-address.ts')
    const server = serverAt({ host: '127.0.0.1', port, region: 'us-east-1', account: '000000000000' }, env)
    await ask(server, `api/aws/${service}/${name}`, input)
  }
  await operation('kinesis', 'CreateStream', { StreamName: 'clicks', ShardCount: 1 })
  await operation('s3', 'CreateBucket', { Bucket: 'landing-zone' })
  const RoleName = 'firehose'
  const allow = (statement: object) =>
    JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } })
  await operation('iam', 'CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: allow({
      Principal: { Service: 'firehose.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }),
  })
  const PolicyDocument = allow({ Action: ['kinesis:*', 's3:*'], Resource: '*' })
  await operation('iam', 'PutRolePolicy', { RoleName, PolicyName: 'all', PolicyDocument })
  await operation('firehose', 'CreateDeliveryStream', {
    DeliveryStreamName: 'to-s3',
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      KinesisStreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/clicks',
      RoleARN: 'arn:aws:iam::000000000000:role/firehose',
    },
    ExtendedS3DestinationConfiguration: {
      BucketARN: 'arn:aws:s3:::landing-zone',
      RoleARN: 'arn:aws:iam::000000000000:role/firehose',
    },
  })
  const put = await call('put', 'clicks', 'hello')
  assert.equal(put.code, 0, put.err.join())
  const sequenceNumber = put.out[0]!.split(' ')[1]!
  assert.deepEqual((await call('tail', 'clicks', '--no-follow')).out, ['hello'])
  const delivered = await call('deliver', 'to-s3')
  assert.match(delivered.out.join(), /s3:\/\/landing-zone\//, delivered.err.join())
  assert.match((await call('landed', 'clicks', sequenceNumber)).out.join(), /landing-zone/)
})

test('who lacks a key, or leave, is told in one line what is lacking', async (t) => {
  const { port } = await startServer(t, { auth: keyFile(t) })
  const call = async (env: Record<string, string>, ...argv: string[]) => {
    const { code, err } = await callMain([...argv, '--port', String(port)], env)
    assert.deepEqual([code, err.length], [1, 1], err.join('\n'))
    return err[0]!
  }
  for (const argv of [['status'], ['put', 'clicks', 'x'], ['clock', '+5m'], ['lab']]) {
    assert.match(await call({}, ...argv), /standpipe keys add/, argv.join())
    assert.match(
      await call(envOf(NOBODY), ...argv),
      /give the key a policy that allows it|not authorized/,
      argv.join(),
    )
  }
  assert.match(await call(envOf(NOBODY), 'status'), /standpipe:GetStatus/)
  assert.match(
    await call(envOf({ ...ADMIN, secretAccessKey: 'wrong' }), 'status'),
    /AWS_SECRET_ACCESS_KEY in the environment/,
  )
})

test('the environment that is printed for a closed server has no made-up keys', async (t) => {
  const closed = await startServer(t, { auth: keyFile(t) })
  const env = await callMain(['env', '--json', '--port', String(closed.port)], envOf(ADMIN))
  assert.deepEqual(Object.keys(JSON.parse(env.out[0]!)), [
    'AWS_ENDPOINT_URL',
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
  ])
  assert.deepEqual(env.err, [])
  const without = await callMain(['env', '--json', '--port', String(closed.port)])
  assert.match(without.err.join(), /the server is closed/)
  const open = await startServer(t)
  const any = await callMain(['env', '--json', '--port', String(open.port)], envOf(ADMIN))
  assert.equal(JSON.parse(any.out[0]!).AWS_ACCESS_KEY_ID, 'standpipe')
})

test('on an open server an account that is asked for counts, whatever keys the environment has', async (t) => {
  const { port } = await startServer(t)
  const call = async (...argv: string[]) =>
    await callMain([...argv, '--port', String(port), '--account', '111122223333'], envOf(ADMIN))
  const { kinesis } = { kinesis: await call('put', 'clicks', 'x') }
  assert.match(kinesis.err.join(), /111122223333/)
})
