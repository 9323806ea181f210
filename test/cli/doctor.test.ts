import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkNode } from '../../src/cli/commands/doctor.ts'
import { checkClients, checkDataFolder, checkEnvironment, checkServer } from '../../src/cli/findings.ts'
import { serverAt } from '../../src/cli/server-address.ts'
import { defaultSettings } from '../../src/server/config.ts'
import { temporaryFolder } from '../process.ts'
import { startServer } from '../server.ts'

const at = (port: number) => ({ ...defaultSettings, port })

test('a Node that is too old fails', () => {
  assert.equal(checkNode('20.20.2').state, 'fail')
  assert.equal(checkNode('24.1.0').state, 'ok')
})

test('a running server is told from a free port and from a stranger on it', async (t) => {
  const { port } = await startServer(t)
  const running = await checkServer(serverAt(at(port), {}))
  assert.equal(running.findings[0]?.state, 'ok')
  assert.equal(running.health?.durable, false)

  const stranger = createServer((_, answer) => answer.end('hello'))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  const strangersPort = (stranger.address() as AddressInfo).port
  const [taken] = (await checkServer(serverAt(at(strangersPort), {}))).findings
  assert.equal(taken?.state, 'fail')
  assert.match(taken?.text ?? '', /not Standpipe/)

  await new Promise((resolve) => stranger.close(resolve))
  const [free] = (await checkServer(serverAt(at(strangersPort), {}))).findings
  assert.equal(free?.state, 'warn')
  assert.match(free?.text ?? '', /is free/)
})

test('a data folder: new, usable, of an unknown version, in use by the server that answers', async (t) => {
  const folder = temporaryFolder(t)
  const stateOf = async (data: string, usedByServer?: string) =>
    (await checkDataFolder(data, { usedByServer }))[0]
  assert.match((await stateOf(join(folder, 'not', 'yet')))?.text ?? '', /will be made/)
  assert.equal((await stateOf(folder))?.state, 'ok')
  assert.match((await stateOf(folder, folder))?.text ?? '', /in use by the running server/)
  writeFileSync(join(folder, 'standpipe.json'), '{"dataVersion":99}')
  const unknown = await stateOf(folder)
  assert.equal(unknown?.state, 'fail')
  assert.match(unknown?.text ?? '', /version 99/)
})

test('what is missing of the environment is said with the port that was meant, and no made-up keys of a closed server', () => {
  const textsOf = (isClosed: boolean) =>
    checkEnvironment({}, { ...defaultSettings, port: 4567 }, isClosed).map(({ text }) => text)
  const [endpoint, keys] = textsOf(false)
  assert.match(endpoint ?? '', /run eval "\$\(npx standpipe env --port 4567\)"$/)
  assert.match(keys ?? '', /npx standpipe env --port 4567/)
  assert.match(textsOf(true)[1] ?? '', /put in a key of the server's \('standpipe keys add' makes one\)$/)
})

test('the environment: pointing here, elsewhere, or nowhere', () => {
  const here = {
    AWS_ENDPOINT_URL: 'http://localhost:4566/',
    AWS_ACCESS_KEY_ID: 'a',
    AWS_SECRET_ACCESS_KEY: 'b',
    AWS_REGION: 'us-east-1',
  }
  const statesOf = (env: Record<string, string>) =>
    checkEnvironment(env, defaultSettings).map(({ state, subject }) => `${state} ${subject}`)
  assert.deepEqual(statesOf(here), ['ok AWS_ENDPOINT_URL', 'ok keys'])
  assert.deepEqual(statesOf({}), ['warn AWS_ENDPOINT_URL', 'warn keys'])
  assert.deepEqual(statesOf({ ...here, AWS_ENDPOINT_URL: 'http://localhost:9', AWS_REGION: '' }), [
    'warn AWS_ENDPOINT_URL',
    'warn region',
  ])
  assert.deepEqual(statesOf({ ...here, AWS_ENDPOINT_URL: 'https://127.0.0.1:4566' }), [
    'ok AWS_ENDPOINT_URL',
    'ok keys',
  ])
  assert.ok(statesOf({ ...here, AWS_ENDPOINT_URL_S3: 'https://s3' }).includes('warn AWS_ENDPOINT_URL_S3'))
  assert.ok(
    statesOf({ ...here, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }).includes('warn AWS_ENDPOINT_URL'),
  )
})

test('clients are those of the PATH that the command was given', async (t) => {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'aws'), '#!/bin/sh\necho aws-cli/1.28.9', { mode: 0o755 })
  const found = await checkClients({ PATH: folder })
  assert.deepEqual(
    found.map(({ state, text }) => [state, text.slice(0, 13)]),
    [
      ['warn', '1.28.9 does n'],
      ['ok', 'not installed'],
      ['ok', 'not installed'],
    ],
  )
})
