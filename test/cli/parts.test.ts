import assert from 'node:assert/strict'
import { test } from 'node:test'
import { closest } from '../../src/cli/command-line.ts'
import { landedText } from '../../src/cli/commands/landed.ts'
import { gaugeRow } from '../../src/cli/commands/status.ts'
import { recordJson, recordLine } from '../../src/cli/commands/tail.ts'
import { isAtLeast } from '../../src/cli/findings.ts'
import { startFailureOf } from '../../src/cli/start-failure.ts'
import { bytesText, columns, countText, durationText, usdText } from '../../src/cli/terminal-text.ts'

test('a mistyped word means the closest one, unless it means nothing', () => {
  assert.equal(closest('staus', ['start', 'status']), 'status')
  assert.equal(closest('prot', ['port', 'host']), 'port')
  assert.equal(closest('por', ['port', 'host']), 'port')
  assert.equal(closest('xyz', ['port', 'host']), undefined)
})

test('columns are as wide as their widest cell, without blanks at the end', () => {
  assert.deepEqual(
    columns([
      ['a', 'bb', 'c'],
      ['aaa', 'b', ''],
    ]),
    ['a    bb  c', 'aaa  b'],
  )
  assert.deepEqual(columns([]), [])
})

test('quantities are short', () => {
  assert.deepEqual([0, 1023, 1024, 1536, 5 * 2 ** 20].map(bytesText), [
    '0 B',
    '1023 B',
    '1 KiB',
    '1.5 KiB',
    '5 MiB',
  ])
  assert.deepEqual([250, 299_999, 300_000, 5_400_000].map(durationText), ['250ms', '5m', '5m', '1h 30m'])
  assert.deepEqual(
    [1, 2].map((count) => countText(count, 'record')),
    ['1 record', '2 records'],
  )
  assert.deepEqual([0, 0.00001, 0.0150003, 10.8].map(usdText), ['$0.00', '<$0.0001', '$0.0150', '$10.80'])
})

test('a record is one line, whatever is in it', () => {
  const base64 = (data: string | Uint8Array) => ({ Data: Buffer.from(data).toString('base64') })
  assert.equal(recordLine(base64('{"a":1}\n')), '{"a":1}')
  assert.equal(recordLine(base64('a\nb\r\nc')), 'a\\nb\\r\\nc')
  assert.equal(recordLine(base64(Uint8Array.of(0xff, 0xfe))), 'base64://4=')
  const record = { PartitionKey: 'p', SequenceNumber: '7', ApproximateArrivalTimestamp: 1.5 }
  assert.deepEqual(JSON.parse(recordJson('shardId-0', { ...record, ...base64('a\n') })), {
    shardId: 'shardId-0',
    sequenceNumber: '7',
    partitionKey: 'p',
    arrivedAt: '1970-01-01T00:00:01.500Z',
    data: 'a\n',
  })
  assert.equal(JSON.parse(recordJson('s', { ...record, ...base64(Uint8Array.of(0xff)) })).base64, '/w==')
})

test('what keeps a server from starting has its exit code; our own errors stay errors', () => {
  const where = { host: '127.0.0.1', port: 4566 }
  const exitCodeOf = (fields: object) =>
    (startFailureOf(Object.assign(new Error('why'), fields), where) as { exitCode?: number }).exitCode
  assert.equal(exitCodeOf({ code: 'EADDRINUSE' }), 3)
  assert.equal(exitCodeOf({ name: 'DataFolderError', code: 'Busy' }), 3)
  assert.equal(exitCodeOf({ name: 'DataFolderError', code: 'UnknownVersion' }), 4)
  assert.equal(exitCodeOf({ name: 'DataFolderError', code: 'NotAFolder' }), 1)
  assert.equal(exitCodeOf({ code: 'ENOENT' }), 1)
  assert.equal(exitCodeOf({ code: 'ERR_OSSL_PEM_NO_START_LINE' }), 1)
  const bug = new TypeError('bug')
  assert.equal(startFailureOf(bug, where), bug)
})

test('a gauge tells how full a buffer is and what fires next', () => {
  const gauge = {
    name: 'd',
    buffered: { records: 2, bytes: 2048 },
    hints: { sizeBytes: 5 * 2 ** 20, intervalMs: 300_000 },
    failures: 0,
    lastDeliveries: [],
  }
  assert.deepEqual(gaugeRow({ ...gauge, dueAt: 61_000, firesFirst: 'size' }, 1_000), [
    '  d',
    '5 MiB or 5m',
    '2 records, 2 KiB; due in 1m, by size sooner',
  ])
  assert.equal(gaugeRow(gauge, 0)[2], 'empty')
  assert.equal(
    gaugeRow({ ...gauge, failures: 1, lastError: { code: 'S3.NoSuchBucket', message: 'no bucket' } }, 0)[2],
    '1 failure: no bucket',
  )
})

test('where a record landed is one line', () => {
  const textOf = (landed: Omit<Parameters<typeof landedText>[0], 'deliveryStream'>) =>
    landedText({ deliveryStream: 'd', ...landed }, 0)
  assert.equal(
    textOf({
      state: 'delivered',
      bucket: 'b',
      key: 'k',
      offset: 10,
      length: 5,
      reason: 'size',
      deliveredAt: 0,
    }),
    'd: s3://b/k  bytes 10 to 14 of the uncompressed object, delivered 1970-01-01T00:00:00.000Z (size)',
  )
  assert.equal(textOf({ state: 'buffered' }), 'd: not read yet')
  assert.equal(textOf({ state: 'buffered', dueAt: 130_000 }), 'd: buffered, due in 2m 10s')
  assert.match(textOf({ state: 'lost', why: 'no bucket', deliveredAt: 0 }), /^d: lost: no bucket, 1970/)
})

test('versions are compared by their numbers', () => {
  assert.ok(isAtLeast('22.18.0', '22.18'))
  assert.ok(isAtLeast('24.1.0', '22.18'))
  assert.ok(!isAtLeast('22.9.0', '22.18'))
  assert.ok(!isAtLeast('20.20.2', '22.18'))
})
