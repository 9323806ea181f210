import assert from 'node:assert/strict'
import { chmodSync } from 'node:fs'
import { test } from 'node:test'
import { certificateFinding, checkAccess } from '../../src/cli/access-findings.ts'
import { checkServer } from '../../src/cli/findings.ts'
import { serverAt } from '../../src/cli/server-address.ts'
import { defaultSettings } from '../../src/server/config.ts'
import { startServer } from '../server.ts'
import { ADMIN, envOf, keyFile } from './closed-server.ts'

test('what the doctor says of a server: closed, open here, open to others', async (t) => {
  const auth = keyFile(t)
  const closed = await startServer(t, { auth })
  const settings = { ...defaultSettings, port: closed.port, auth }
  const server = serverAt(settings, envOf(ADMIN))
  const { health } = await checkServer(server)
  const findings = await checkAccess(server, settings, health)
  assert.deepEqual(
    findings.map(({ state, subject }) => [state, subject]),
    [
      ['ok', 'access'],
      ['ok', 'key file'],
    ],
  )
  chmodSync(auth, 0o644)
  const wide = (await checkAccess(server, settings, health)).find(({ subject }) => subject === 'key file')
  assert.match(wide?.text ?? '', /mode 644.*chmod 600/)
  const stranger = await checkServer(serverAt(settings, {}))
  assert.equal(stranger.findings[0]?.state, 'warn')
  assert.match(stranger.findings[0]?.text ?? '', /AWS_ACCESS_KEY_ID/)
})

test('an open server is known as open to others by what it listens on, not by where it is asked', async (t) => {
  const findingOf = async (host: string) => {
    const { port } = await startServer(t, { host, insecure: true })
    const settings = { ...defaultSettings, port }
    const server = serverAt(settings, {})
    const { health } = await checkServer(server)
    return (await checkAccess(server, settings, health))[0]
  }
  assert.equal((await findingOf('127.0.0.1'))?.state, 'ok')
  const everywhere = await findingOf('0.0.0.0')
  assert.equal(everywhere?.state, 'fail')
  assert.match(everywhere?.text ?? '', /open to whoever reaches this machine/)
})

test('a certificate is valid, about to expire, expired, or not yet valid', () => {
  const at = (text: string) => Date.parse(text)
  const certificate = { path: 'c.pem', from: new Date('2026-01-01'), to: new Date('2027-01-01') }
  const states = ['2025-12-31', '2026-06-01', '2026-12-15', '2027-01-01'].map(
    (now) => certificateFinding(certificate, at(now)).state,
  )
  assert.deepEqual(states, ['fail', 'ok', 'warn', 'fail'])
})
