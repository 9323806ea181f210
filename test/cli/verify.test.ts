import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { start } from '../../src/index.ts'
import { temporaryFolder } from '../process.ts'
import { callMain } from './call-main.ts'

const MiB = 2 ** 20

/** Turns a bit over in the only blob of a data folder. */
function damageBlob(data: string): void {
  const [name = ''] = readdirSync(join(data, 'blobs'), { recursive: true })
    .map(String)
    .filter((path) => /\/[0-9a-f]{32}$/.test(path))
  const bytes = readFileSync(join(data, 'blobs', name))
  bytes[MiB + 7]! ^= 1
  writeFileSync(join(data, 'blobs', name), bytes)
}

test('doctor --verify reads all of a running server and of its stopped folder, and names what is damaged', async (t) => {
  const data = temporaryFolder(t)
  const doctor = async (port: number) => {
    const { code, out } = await callMain(['doctor', '--verify', '--data', data, '--port', String(port)])
    return { code, out: out.join('\n') }
  }
  const first = await start({ data, port: 0 })
  await fetch(`${first.endpoint}/lake`, { method: 'PUT' })
  await fetch(`${first.endpoint}/lake/large`, { method: 'PUT', body: Buffer.alloc(2 * MiB, 'x') })
  const whole = await doctor(first.port)
  assert.match(whole.out, /verified +\d+ documents and 1 blob, .* are as they were written/)
  await first.close()
  assert.match((await doctor(first.port)).out, /all that is in it was read and is as it was written/)

  damageBlob(data)
  const stopped = await doctor(first.port)
  assert.equal(stopped.code, 1)
  assert.match(stopped.out, /blobs\/[0-9a-f]{2}\/[0-9a-f]{32}.*damaged/)
  const second = await start({ data, port: 0 })
  const running = await doctor(second.port)
  assert.equal(running.code, 1)
  assert.match(running.out, /blobs +the blob [0-9a-f]{32} is damaged at byte 1048576/)
  await second.close()
})
