import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Kinesis } from '@aws-sdk/client-kinesis'
import { ask } from '../../src/cli/client.ts'
import { EXIT } from '../../src/cli/command.ts'
import { serverAt } from '../../src/cli/server-address.ts'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { openEmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts'
import { createKeptKeys } from '../../src/server/access/keys/kept-over-reset.ts'
import { start } from '../../src/start.ts'
import { callMain } from '../cli/call-main.ts'
import { startProcess, temporaryFolder } from '../process.ts'
import { clientOf } from '../server.ts'
import { allowing, denying, envOf } from './closed-server.ts'

/** A server on a folder of its own; closed by the test itself. */
const startOn = (data: string) => start({ port: 0, data, clock: 'manual' })

/** A port on which nobody answers, so that the folder is meant. */
const IDLE = ['--port', '1']

async function added(folder: string, ...more: string[]) {
  const { code, out, err } = await callMain(['keys', 'add', ...more, '--data', folder, ...IDLE, '--json'])
  assert.equal(code, 0, err.join('\n'))
  return JSON.parse(out[0]!) as { accessKeyId: string; secretAccessKey: string; name: string }
}

const streamsAs = async (
  t: TestContext,
  endpoint: string,
  credentials: { accessKeyId: string; secretAccessKey: string },
) => await clientOf(t, new Kinesis({ endpoint, region: 'us-east-1', credentials })).listStreams({})

test('a folder that has keys starts closed, and open again when the last of them is deleted', async (t) => {
  const folder = temporaryFolder(t)
  const admin = await added(folder, 'alice', '--admin')
  assert.equal(admin.name, 'alice')
  {
    await using closed = await startOn(folder)
    assert.deepEqual(closed.access, { mode: 'closed', fileKeys: 0, madeKeys: 1, otherKeys: 0 })
    await streamsAs(t, closed.endpoint, admin)
    await assert.rejects(streamsAs(t, closed.endpoint, { accessKeyId: 'x', secretAccessKey: 'y' }), {
      name: 'UnrecognizedClientException',
    })
  }
  const listed = await callMain(['keys', 'list', '--data', folder, ...IDLE])
  assert.match(listed.out.join(), new RegExp(`${admin.accessKeyId} +alice +active +admin`))
  assert.ok(!JSON.stringify(listed).includes(admin.secretAccessKey.slice(0, 20)))
  const deleted = await callMain(['keys', 'delete', admin.accessKeyId, '--data', folder, ...IDLE])
  assert.match(deleted.err.join(), /open at its next start/)
  await using open = await startOn(folder)
  assert.equal(open.access.mode, 'open')
})

test('users whom a test makes by IAM close nothing, and are counted at the start', async (t) => {
  const folder = temporaryFolder(t)
  {
    await using server = await startOn(folder)
    const call = (operation: string, input: object) =>
      fetch(`${server.endpoint}/_standpipe/api/aws/iam/${operation}`, {
        method: 'POST',
        body: JSON.stringify(input),
      })
    await call('CreateUser', { UserName: 'carol', Path: '/tests/' })
    assert.equal((await call('CreateAccessKey', { UserName: 'carol' })).status, 200)
  }
  await using again = await startOn(folder)
  assert.deepEqual(again.access, { mode: 'open', fileKeys: 0, madeKeys: 0, otherKeys: 1 })
  const named = await callMain(['keys', 'add', 'carol', '--port', String(again.port)])
  assert.match(named.err.join(), /that standpipe keys has not made/)
})

test('a key has what its policy file says, and one without may do nothing, which is said', async (t) => {
  const folder = temporaryFolder(t)
  const policy = join(folder, '..', `${folder.split('/').at(-1)}-policy.json`)
  writeFileSync(policy, JSON.stringify(allowing(['kinesis:List*'])))
  const reader = await added(folder, 'reader', '--policy', policy)
  const nobody = await callMain(['keys', 'add', 'nobody', '--data', folder, ...IDLE])
  assert.match(nobody.err.join(), /may do nothing yet/)
  writeFileSync(policy, '[]')
  const wrong = await callMain(['keys', 'add', 'wrong', '--policy', policy, '--data', folder, ...IDLE])
  assert.equal(wrong.code, 1)
  await using server = await startOn(folder)
  assert.equal(server.access.madeKeys, 2, 'of a policy that is refused no user is left')
  await streamsAs(t, server.endpoint, reader)
  const refused = await callMain(['clock', '+5m', '--port', String(server.port)], envOf(reader))
  assert.match(
    refused.err.join(),
    /^standpipe clock: User: arn:aws:iam::000000000000:user\/standpipe\/reader is not authorized to perform: standpipe:AdvanceClock .*; give the key a policy that allows it/,
  )
  assert.equal(refused.err.length, 1)
})

test('keys of a running server are made with an admin key, and count at once', async (t) => {
  const folder = temporaryFolder(t)
  const admin = await added(folder, '--admin')
  await using server = await startOn(folder)
  const at = ['--port', String(server.port)]
  const none = await callMain(['keys', 'add', 'bob', ...at])
  assert.equal(none.code, 1)
  assert.match(none.err.join(), /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/)
  const made = await callMain(['keys', 'add', 'bob', '--admin', ...at, '--json'], envOf(admin))
  const bob = JSON.parse(made.out[0]!)
  await streamsAs(t, server.endpoint, bob)
  const deleted = await callMain(['keys', 'delete', bob.accessKeyId, ...at], envOf(admin))
  assert.deepEqual(deleted.out, [`${bob.accessKeyId} is deleted.`])
  await assert.rejects(streamsAs(t, server.endpoint, bob), { name: 'UnrecognizedClientException' })
  const own = await callMain(['keys', 'delete', admin.accessKeyId, ...at], envOf(admin))
  assert.equal(own.code, 1)
  assert.match(
    own.err.join(),
    /is the key in the environment, .* with another admin's, or with the server stopped/,
  )
  await streamsAs(t, server.endpoint, admin)
})

test('keys added to a running open server close it at its next start, which is said', async (t) => {
  const folder = temporaryFolder(t)
  {
    await using server = await startOn(folder)
    const made = await callMain(['keys', 'add', '--admin', '--port', String(server.port)])
    assert.match(made.err.join(), /closed from its next start on/)
    await streamsAs(t, server.endpoint, { accessKeyId: 'any', secretAccessKey: 'thing' })
  }
  await using again = await startOn(folder)
  assert.equal(again.access.mode, 'closed')
})

test('a reset keeps the keys and what they are denied, over a restart too', async (t) => {
  const folder = temporaryFolder(t)
  const admin = await added(folder, 'alice', '--admin')
  {
    await using server = await startOn(folder)
    const at = ['--port', String(server.port)]
    const kinesis = clientOf(t, new Kinesis({ ...server.clientConfig, credentials: { ...admin } }))
    await kinesis.createStream({ StreamName: 'clicks', ShardCount: 1 })
    const asAdmin = serverAt(
      { ...server, host: '127.0.0.1', region: 'us-east-1', account: '000000000000' },
      envOf(admin),
    )
    const { Policy } = await ask<{ Policy: { Arn: string } }>(asAdmin, 'api/aws/iam/CreatePolicy', {
      PolicyName: 'no-lists',
      PolicyDocument: JSON.stringify(denying(['kinesis:ListShards'])),
    })
    await ask(asAdmin, 'api/aws/iam/AttachUserPolicy', { UserName: 'alice', PolicyArn: Policy.Arn })
    const reset = await callMain(['reset', '--yes', ...at], envOf(admin))
    assert.equal(reset.code, 0, reset.err.join())
    assert.deepEqual((await kinesis.listStreams({})).StreamNames, [])
    await assert.rejects(kinesis.listShards({ StreamName: 'clicks' }), { message: /explicit deny/ })
    await assert.rejects(streamsAs(t, server.endpoint, { accessKeyId: 'x', secretAccessKey: 'y' }))
  }
  assert.equal(existsSync(join(folder, 'kept-keys.json')), false)
  await using again = await startOn(folder)
  assert.deepEqual(again.access, { mode: 'closed', fileKeys: 0, madeKeys: 1, otherKeys: 0 })
  await streamsAs(t, again.endpoint, admin)
})

test('a third key of a user is refused before it changes what the user may do', async (t) => {
  const folder = temporaryFolder(t)
  await added(folder, 'reader')
  await added(folder, 'reader')
  const third = await callMain(['keys', 'add', 'reader', '--admin', '--data', folder, ...IDLE])
  assert.equal(third.code, 1)
  assert.match(third.err.join(), /reader has two keys already, AKIA\w+ and AKIA\w+: delete one first/)
  const listed = await callMain(['keys', 'list', '--data', folder, ...IDLE])
  assert.match(listed.out.join(), /reader +active +may do nothing/)
  assert.doesNotMatch(listed.out.join(), /admin/)
})

test('a backup without the key file says what cannot be used from it', async (t) => {
  const folder = temporaryFolder(t)
  await added(folder, 'alice', '--admin')
  const copies = temporaryFolder(t)
  const copy = async (name: string, ...more: string[]) =>
    (await callMain(['backup', join(copies, name), '--data', folder, ...IDLE, ...more])).err.join()
  assert.match(await copy('without'), /Access keys of IAM cannot be used from there: .*--with-keys/)
  assert.equal(await copy('with', '--with-keys'), '')
})

test('a reset that is killed leaves no open server behind', async (t) => {
  const folder = temporaryFolder(t)
  const admin = await added(folder, '--admin')
  const server = await startProcess(t, ['--port', '0', '--data', folder])
  const port = new URL(server.endpoint).port
  const asking = callMain(['reset', '--yes', '--port', port], envOf(admin))
  // The keys are written aside before anything is erased.
  while (
    !existsSync(join(folder, 'kept-keys.json')) &&
    (await Promise.race([asking, undefined])) === undefined
  )
    await new Promise((resolve) => setImmediate(resolve))
  server.child.kill('SIGKILL')
  await once(server.child, 'exit')
  await asking
  await using again = await startOn(folder)
  assert.equal(again.access.mode, 'closed')
  await streamsAs(t, again.endpoint, admin)
})

/** What a reset leaves that is killed before anything is erased, or just behind that. */
async function killedReset(data: string, after: 'keeping' | 'erasing') {
  const onError = (error: unknown) => assert.fail(String(error))
  const clock = createClock({ mode: 'manual', onError })
  const options = { dataDir: data, clock, random: systemRandom, onError }
  const engine = await openEmbeddedEngine(options)
  await createKeptKeys({ folder: data }).keep(engine)
  await engine.close()
  if (after === 'erasing') await (await openEmbeddedEngine({ ...options, erase: true })).close()
  clock.close()
}

for (const after of ['keeping', 'erasing'] as const)
  test(`a key that is deleted after a reset was killed behind ${after} does not come back`, async (t) => {
    const folder = temporaryFolder(t)
    const alice = await added(folder, 'alice', '--admin')
    await added(folder, 'bob', '--admin')
    await killedReset(folder, after)
    const copy = await callMain(['backup', join(folder, 'copy'), '--data', folder, ...IDLE])
    assert.match(copy.err.join(), /a reset of this folder was killed .* start the server once/)
    const deleted = await callMain(['keys', 'delete', alice.accessKeyId, '--data', folder, ...IDLE])
    assert.equal(deleted.code, 0, deleted.err.join())
    await using again = await startOn(folder)
    assert.deepEqual(again.access, { mode: 'closed', fileKeys: 0, madeKeys: 1, otherKeys: 0 })
    await assert.rejects(streamsAs(t, again.endpoint, alice), { name: 'UnrecognizedClientException' })
  })

test('kept keys that cannot be read open nothing, and no secret of them is said', async (t) => {
  const folder = temporaryFolder(t)
  await added(folder, 'alice', '--admin')
  await killedReset(folder, 'erasing')
  writeFileSync(join(folder, 'kept-keys.json'), 'the secret')
  await assert.rejects(startOn(folder), { code: 'Damaged', message: /kept-keys.json is damaged/ })
  const listed = await callMain(['keys', 'list', '--data', folder, ...IDLE])
  assert.equal(listed.code, EXIT.damaged)
  assert.doesNotMatch(listed.err.join(), /the secret|SyntaxError/)
})

test('only keys add makes a data folder: of one that is not there no keys are listed', async (t) => {
  const folder = join(temporaryFolder(t), 'misspelt')
  for (const args of [['list'], ['delete', 'AKIAEXAMPLE']]) {
    const { code, err } = await callMain(['keys', ...args, '--data', folder, ...IDLE])
    assert.equal(code, 1)
    assert.match(err.join(), /there is no data folder .*misspelt/)
  }
  assert.equal(existsSync(folder), false)
})

test('what keys add could not finish gives the keys that are there no more than they had', async (t) => {
  const folder = temporaryFolder(t)
  await added(folder, 'root', '--admin')
  await added(folder, 'bob')
  const bob = await added(folder, 'bob')
  const third = await callMain(['keys', 'add', 'bob', '--admin', '--data', folder, ...IDLE])
  assert.match(third.err.join(), /two keys already/)
  await using server = await startOn(folder)
  await assert.rejects(streamsAs(t, server.endpoint, bob), { name: 'AccessDeniedException' })
})
