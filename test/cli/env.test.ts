import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printEnv, shellOf } from '../../src/cli/commands/env.ts'
import { run, runCli } from '../process.ts'
import { callMain } from './call-main.ts'

test('without a server it prints what points AWS clients to the default port', async () => {
  const { code, out } = await callMain(['env', '--json'])
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out[0] ?? ''), {
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'standpipe',
    AWS_SECRET_ACCESS_KEY: 'standpipe',
  })
})

test('host, port, region and account are honoured; an address for all is reached on loopback', async () => {
  const flags = [
    '--host',
    '0.0.0.0',
    '--region',
    'eu-central-1',
    '--account',
    '123456789012',
    '--shell',
    'json',
  ]
  const { out } = await callMain(['env', ...flags], { STANDPIPE_PORT: '9' })
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID } = JSON.parse(out[0] ?? '')
  assert.equal(AWS_ENDPOINT_URL, 'http://127.0.0.1:9')
  assert.equal(AWS_REGION, 'eu-central-1')
  assert.equal(AWS_ACCESS_KEY_ID, '123456789012')
})

test('each shell has its own syntax', () => {
  const variables = { A: "it's" }
  assert.equal(printEnv('sh', variables), "export A='it'\\''s'")
  assert.equal(printEnv('fish', variables), "set -gx A 'it\\'s';")
  assert.equal(printEnv('powershell', variables), "$Env:A = 'it''s'")
  assert.equal(printEnv('dotenv', { A: 'b', C: 'd' }), 'A=b\nC=d')
  assert.equal(printEnv('json', variables), '{"A":"it\'s"}')
})

test('the shell is told by its environment', () => {
  assert.equal(shellOf({ SHELL: '/bin/bash' }), 'sh')
  assert.equal(shellOf({ SHELL: '/usr/bin/fish' }), 'fish')
  assert.equal(shellOf({ PSModulePath: 'C:\\Modules' }), 'powershell')
  assert.equal(shellOf({}), 'sh')
})

test('a shell can evaluate it', async () => {
  const { stdout } = await runCli(['env', '--shell', 'sh', '--port', '4321'])
  const shell = await run('sh', ['-c', `${stdout}\necho "$AWS_ENDPOINT_URL"`])
  assert.equal(shell.stdout, 'http://127.0.0.1:4321\n')
})
