import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3'
import { runCli, startProcess, temporaryFolder } from '../process.ts'
import { callMain } from './call-main.ts'

const s3At = (endpoint: string) =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  })
const walIn = (data: string) => {
  const name = readdirSync(join(data, 'log')).find((file) => file.endsWith('.wal'))
  return join(data, 'log', name!)
}

/** Of a server that was used and stopped. */
async function usedFolder(context: TestContext): Promise<string> {
  const data = join(temporaryFolder(context), 'data')
  const { child, endpoint } = await startProcess(context, ['--port', '0', '--data', data])
  await s3At(endpoint).send(new CreateBucketCommand({ Bucket: 'lake' }))
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
  return data
}

test('a start that finds less than there must be says what, ends with 5, and is repeatable; doctor says the same', async (t) => {
  const data = await usedFolder(t)
  const wal = walIn(data)
  renameSync(wal, `${wal}.away`)
  for (let round = 0; round < 2; round++) {
    const { code, stdout, stderr } = await runCli(['start', '--port', '0', '--data', data])
    assert.deepEqual([code, stdout], [5, ''])
    assert.match(
      stderr,
      /^standpipe start: .* lacks what it must hold; nothing was changed in it\n {2}log\/\d+\.wal is missing: .*\n.*--accept-data-loss.*\n$/,
    )
  }
  const doctor = async (...flags: string[]) =>
    (await callMain(['doctor', '--data', data, '--port', '1', ...flags])).out.join('\n')
  assert.match(await doctor(), /fail +data +log\/\d+\.wal is missing/)
  renameSync(`${wal}.away`, wal)
  assert.match(await doctor('--verify'), /ok +data +.*all that is in it was read and is as it was written/)
})

test('--accept-data-loss prints what is lost, serves the rest, and is not needed again', async (t) => {
  const data = await usedFolder(t)
  const wal = walIn(data)
  const bytes = readFileSync(wal)
  bytes[3]! ^= 1
  writeFileSync(wal, bytes)
  for (const flags of [['--accept-data-loss'], []]) {
    const server = await startProcess(t, ['--port', '0', '--data', data, ...flags])
    const { Buckets = [] } = await s3At(server.endpoint).send(new ListBucketsCommand({}))
    assert.deepEqual(
      Buckets.map(({ Name }) => Name),
      ['lake'],
    )
    const isSaid = /log\/\d+\.wal/.test(server.output())
    assert.equal(isSaid, flags.length > 0, server.output())
    const health = await (await fetch(`${server.endpoint}/_standpipe/health`)).json()
    assert.equal((health as { status: string }).status, flags.length > 0 ? 'degraded' : 'ok')
    const exited = once(server.child, 'exit')
    server.child.kill('SIGTERM')
    await exited
  }
  assert.ok(readdirSync(join(data, 'log')).some((name) => name.endsWith('.wal.damaged')))
})
