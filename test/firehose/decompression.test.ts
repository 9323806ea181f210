import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { decompress } from '../../src/firehose/processors/decompression.ts'

const MIB = 2 ** 20

test('what a record becomes is what was compressed, of several members, too', async () => {
  const text = Buffer.from('some lines\n'.repeat(50_000))
  assert.ok(text.equals(await decompress(gzipSync(text))))
  const twice = Buffer.concat([gzipSync('one '), gzipSync('two')])
  assert.equal(Buffer.from(await decompress(twice)).toString(), 'one two')
  assert.equal((await decompress(gzipSync(''))).length, 0)
})

test('what is not whole gzip is refused', async () => {
  for (const data of [Buffer.from('no gzip'), gzipSync('half of it').subarray(0, 15), Buffer.alloc(0)])
    await assert.rejects(decompress(data), Error, data.toString('hex'))
})

test('records that expand to 60 MiB are given up at 32, and what they became until then is given back', async () => {
  const bomb = gzipSync(Buffer.alloc(60 * MIB))
  const before = process.memoryUsage().arrayBuffers
  let most = 0
  for (let count = 0; count < 12; count++) {
    await assert.rejects(decompress(bomb), /more than 33554432 bytes/)
    most = Math.max(most, process.memoryUsage().arrayBuffers - before)
  }
  assert.ok(most < 96 * MIB, `${most} bytes are held`)
})
