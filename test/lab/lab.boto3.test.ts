import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clientEnvironment } from '../client-access.ts'
import { makeDeliveryRole } from '../delivery-role.ts'
import { noAwsCli, noBoto3 } from '../installed.ts'
import { run, runCli, type ServerProcess, startProcess, temporaryFolder } from '../process.ts'
import { SCRIPTS } from './scripts.ts'

const ROLE = 'arn:aws:iam::000000000000:role/firehose'

const missing =
  (await noBoto3()) ||
  (await noAwsCli()) ||
  (!existsSync(join(SCRIPTS, 'producer.py')) && `there is no producer.py in ${SCRIPTS}`)

const READ_BACK = `
import boto3
kinesis = boto3.client("kinesis")
shard = kinesis.list_shards(StreamName="ml-streaming-input")["Shards"][0]["ShardId"]
iterator = kinesis.get_shard_iterator(
    StreamName="ml-streaming-input", ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
for record in kinesis.get_records(ShardIterator=iterator)["Records"]:
    print(record["Data"].decode())
`

test('the lab with boto3 and the AWS CLI, the server killed between its parts', {
  skip: missing,
}, async (t) => {
  const folder = temporaryFolder(t)
  const startServer = () =>
    startProcess(t, ['--port', '0', '--data', join(folder, 'data'), '--log-level', 'error'])
  const portOf = ({ endpoint }: ServerProcess) => new URL(endpoint).port
  let server = await startServer()
  const settingsOf = async () => {
    const { stdout } = await runCli(['env', '--shell', 'json', '--port', portOf(server)])
    return { ...clientEnvironment(server.endpoint), ...JSON.parse(stdout) }
  }
  let settings = await settingsOf()
  const restart = async () => {
    await server.kill()
    server = await startServer()
    settings = await settingsOf()
  }
  /** Runs a command with what `standpipe env` prints as its environment; it has to succeed. */
  const user = async (command: string, ...args: string[]) => {
    const home = { PATH: process.env.PATH, HOME: process.env.HOME, AWS_CONFIG_FILE: '/dev/null' }
    const { code, stdout, stderr } = await run(command, args, { env: { ...home, ...settings } })
    assert.equal(code, 0, `${command} ${args.join(' ')}\n${stderr}${server.output()}`)
    return stdout
  }
  const aws = (...args: string[]) => user('aws', ...args)
  const standpipe = async (...args: string[]) => {
    const { code, stdout, stderr } = await runCli([...args, '--port', portOf(server)], {
      env: { ...process.env, ...settings },
    })
    assert.equal(code, 0, stderr)
    return stdout
  }
  const listing = async () =>
    (await aws('s3', 'ls', '--recursive', 's3://ml-ingestion-bucket')).split('\n').filter(Boolean)

  await aws('kinesis', 'create-stream', '--stream-name', 'ml-streaming-input', '--shard-count', '1')
  await restart()
  await aws('kinesis', 'wait', 'stream-exists', '--stream-name', 'ml-streaming-input')
  await user('python3', join(SCRIPTS, 'producer.py'))
  await restart()
  const events = (await user('python3', '-c', READ_BACK))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    events.map(({ event_id }) => event_id),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  )
  const tailed = (await standpipe('tail', 'ml-streaming-input', '--no-follow', '--json')).trim().split('\n')
  assert.equal(tailed.length, 10)

  await makeDeliveryRole(server.endpoint)
  await aws('s3', 'mb', 's3://ml-ingestion-bucket')
  const [created] = JSON.parse(
    await aws(
      'kinesis',
      'describe-stream-summary',
      '--stream-name',
      'ml-streaming-input',
      '--query',
      '[StreamDescriptionSummary]',
    ),
  )
  const destination = JSON.stringify({ BucketARN: 'arn:aws:s3:::ml-ingestion-bucket', RoleARN: ROLE })
  await aws(
    'firehose',
    'create-delivery-stream',
    '--delivery-stream-name=ml-firehose-delivery-stream',
    '--delivery-stream-type=KinesisStreamAsSource',
    `--kinesis-stream-source-configuration=${JSON.stringify({ KinesisStreamARN: created.StreamARN, RoleARN: ROLE })}`,
    `--extended-s3-destination-configuration=${destination}`,
  )
  await restart()
  await standpipe('clock', '+2s')
  await user('python3', join(SCRIPTS, 'producer.py'))
  await restart()
  assert.deepEqual(await listing().catch(() => []), [])
  await standpipe('clock', '+5m')
  await restart()
  const [line, ...more] = await listing()
  assert.deepEqual(more, [])
  const key = line?.split(/\s+/).slice(3).join(' ') ?? ''
  const fetched = await aws('s3', 'cp', `s3://ml-ingestion-bucket/${key}`, '-')
  const delivered = fetched
    .replaceAll('}{', '}\n{')
    .split('\n')
    .map((text) => JSON.parse(text))
  assert.deepEqual(
    delivered.map(({ event_id }) => event_id),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  )

  await aws(
    'firehose',
    'create-delivery-stream',
    '--delivery-stream-name=StreamToS3',
    `--s3-destination-configuration=${destination}`,
  )
  await standpipe('clock', '+2s')
  await user('python3', join(SCRIPTS, 'direct_put_producer.py'))
  await restart()
  await standpipe('deliver', 'StreamToS3')
  const directKey = (await listing()).find((text) => text.includes('StreamToS3'))?.split(/\s+/)[3]
  const lines = (await aws('s3', 'cp', `s3://ml-ingestion-bucket/${directKey}`, '-')).trimEnd().split('\n')
  assert.equal(lines.length, 10)
  assert.equal(JSON.parse(lines[9] ?? '').event_id, 9)
})
