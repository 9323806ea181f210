import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  defaultSettings,
  NOT_YET,
  parseSettings,
  settingRows,
  settingsTable,
  withoutSecrets,
} from '../src/server/config.ts'

test('without flags and environment the defaults hold', () => {
  const settings = parseSettings({}, {})
  assert.deepEqual(settings, defaultSettings)
  assert.equal(settings.port, 4566)
  assert.equal(settings.host, '127.0.0.1')
  assert.equal(settings.data, './.standpipe')
  assert.equal(settings.timeTravel, true)
})

test('a flag beats the environment, the environment beats the default', () => {
  const env = { STANDPIPE_PORT: '5000', STANDPIPE_LOG_LEVEL: 'debug', STANDPIPE_NO_TIME_TRAVEL: '1' }
  const settings = parseSettings({ port: '6000', ephemeral: true }, env)
  assert.equal(settings.port, 6000)
  assert.equal(settings.logLevel, 'debug')
  assert.equal(settings.timeTravel, false)
  assert.equal(settings.ephemeral, true)
})

test('a switch in the environment can be off', () => {
  assert.equal(parseSettings({}, { STANDPIPE_EPHEMERAL: 'false' }).ephemeral, false)
  assert.equal(parseSettings({}, { STANDPIPE_NO_TIME_TRAVEL: 'no' }).timeTravel, true)
})

test('an empty environment variable is none', () => {
  assert.equal(parseSettings({}, { STANDPIPE_PORT: '' }).port, 4566)
})

test('a value that means nothing is refused with what it takes', () => {
  const refusals: readonly (readonly [Record<string, string>, Record<string, string>, RegExp])[] = [
    [{ port: '70000' }, {}, /^--port cannot be '70000': it takes N$/],
    [{ port: 'http' }, {}, /--port/],
    [{}, { STANDPIPE_CLOCK: 'slow' }, /^STANDPIPE_CLOCK cannot be 'slow': it takes real\|manual$/],
    [{ account: '1234' }, {}, /--account/],
    [{ region: 'Paris' }, {}, /--region/],
    [{ 'tls-cert': 'a.pem' }, {}, /go together/],
    [{ 's3-endpoint': 'minio:9000' }, {}, /^--s3-endpoint cannot be 'minio:9000': it takes URL$/],
    [{ 's3-endpoint': 'http://minio?a=b' }, {}, /--s3-endpoint/],
    [{}, { STANDPIPE_EPHEMERAL: 'perhaps' }, /true or false/],
  ]
  for (const [flags, env, message] of refusals)
    assert.throws(() => parseSettings(flags, env), { name: 'UsageError', message })
})

test('what is not there yet is refused by name, as a flag and as a variable', () => {
  for (const { flag } of Object.values(NOT_YET))
    assert.throws(() => parseSettings({ [flag]: 'x' }, {}), {
      message: `--${flag} is not there yet in this version`,
    })
  assert.throws(() => parseSettings({}, { STANDPIPE_ENGINE: 'nats://n' }), /STANDPIPE_ENGINE/)
})

test('a setting that takes several takes them apart or joined, from either place', () => {
  const origins = ['http://localhost:5173', 'https://app.example']
  for (const given of ['http://LOCALHOST:5173, https://app.example:443/', origins])
    assert.deepEqual(parseSettings({ 'allow-origin': given }, {}).allowOrigin, origins)
  const env = {
    STANDPIPE_ALLOW_HOST: 'Standpipe.Example.com,*.s3.example.com',
    STANDPIPE_TRUSTED_PROXY: '10.0.0.0/8, ::1',
  }
  const settings = parseSettings({}, env)
  assert.deepEqual(settings.allowHost, ['standpipe.example.com', '*.s3.example.com'])
  assert.deepEqual(settings.trustedProxy, ['10.0.0.0/8', '::1'])
  for (const [flag, texts] of Object.entries({
    'allow-origin': [
      '*',
      'null',
      'localhost:5173',
      'app.example',
      'https://a.example/path',
      'https://a@b.example',
      ',',
    ],
    'allow-host': ['*', 'a.example:80', 'http://a.example', '*.', 'a..b', 'a.*.b'],
    'trusted-proxy': ['10.0.0.0/33', '::1/129', 'proxy', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0'],
  }))
    for (const text of texts)
      assert.throws(() => parseSettings({ [flag]: text }, {}), { name: 'UsageError' }, `${flag} ${text}`)
})

test('a webhook is named once, by a URL that may hold commas and is not shown', () => {
  const parsed = (text: string) => parseSettings({ webhook: text }, {}).webhook
  const two = ['a=http://h/?x=1,2', 'b.c-d=https://h']
  assert.deepEqual(parsed(two.join(',')), two)
  assert.deepEqual(
    Object.keys(withoutSecrets(parseSettings({ webhook: two }, {}))).includes('webhook'),
    false,
  )
  for (const text of [
    'a',
    'a=',
    'a=ftp://secret',
    'a=http://u:secret@h',
    'a b=http://secret',
    'a=http://h,a=http://secret',
  ])
    assert.throws(
      () => parsed(text),
      (error: Error) => error.name === 'UsageError' && !/secret/.test(error.message),
      text,
    )
})

test('a secret comes from the environment only, and is not shown', () => {
  const env = { STANDPIPE_S3_ACCESS_KEY_ID: 'key', STANDPIPE_S3_SECRET_ACCESS_KEY: 'the-secret' }
  const settings = parseSettings({ 's3-secret-access-key': 'seen by all' }, env)
  assert.equal(settings.s3SecretAccessKey, 'the-secret')
  const shown = withoutSecrets(settings)
  assert.doesNotMatch(JSON.stringify(shown), /the-secret/)
  assert.equal(Object.keys(settings).length - Object.keys(shown).length, 4)
  assert.doesNotMatch(settingsTable(), /--s3-secret/)
  assert.throws(
    () => parseSettings({ 's3-endpoint': 'http://key:the-secret@minio:9000' }, {}),
    (error: Error) => {
      assert.doesNotMatch(error.message, /the-secret/)
      return error.name === 'UsageError'
    },
  )
})

test('help and documentation name every setting', () => {
  const table = settingsTable()
  for (const { env } of settingRows()) assert.match(table, new RegExp(`\`${env}\``))
  assert.equal(settingRows().length, Object.keys(defaultSettings).length)
})
