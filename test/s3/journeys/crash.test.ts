import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { INLINE_BYTES } from '../../../src/s3/content/content.ts'
import { startProcess, temporaryFolder } from '../../process.ts'

const UPLOADS = 200
const WORKERS = 8
const KEYS_PER_WORKER = 3
const KILLS = 4

/** A version of an object: who reads it can tell which one it is, and whether it is whole. */
const versionOf = (number: number, sizeBytes: number): Buffer =>
  Buffer.alloc(sizeBytes, `version ${number} of ${sizeBytes} bytes; `)
const numberOf = (bytes: Buffer): number => Number(/^version (\d+) of/.exec(bytes.toString('latin1'))?.[1])

/** mulberry32: the same sizes and moments for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

interface Known {
  /** The version that was acknowledged last. */
  acknowledged?: number
  /** It and those that were sent after it, each by number with its size. */
  readonly sent: Map<number, number>
}

async function ok(url: string, init: RequestInit): Promise<string> {
  const answer = await fetch(url, init)
  const body = await answer.text()
  assert.equal(answer.status, 200, body)
  return body
}

async function upload(url: string, data: Buffer, inParts: boolean): Promise<void> {
  if (!inParts) return void (await ok(url, { method: 'PUT', body: new Uint8Array(data) }))
  const id = /<UploadId>(.*)<\/UploadId>/.exec(await ok(`${url}?uploads`, { method: 'POST' }))?.[1]
  await ok(`${url}?partNumber=1&uploadId=${id}`, { method: 'PUT', body: new Uint8Array(data) })
  const etag = createHash('md5').update(data).digest('hex')
  const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"${etag}"</ETag></Part></CompleteMultipartUpload>`
  await ok(`${url}?uploadId=${id}`, { method: 'POST', body })
}

/** The parts of uploads that a kill left under way, which may still be completed. */
async function countUnfinished(endpoint: string): Promise<number> {
  const uploads = await ok(`${endpoint}/lake?uploads`, {})
  let blobs = 0
  for (const [, key, id] of uploads.matchAll(/<Key>(.*?)<\/Key><UploadId>(.*?)<\/UploadId>/g)) {
    const parts = await ok(`${endpoint}/lake/${key}?uploadId=${id}`, {})
    for (const [, size] of parts.matchAll(/<Size>(\d+)</g)) if (Number(size) > INLINE_BYTES) blobs++
  }
  return blobs
}

test('whenever the server is killed, each key holds one whole version: the last acknowledged or a later one', async (t) => {
  const seed = Date.now() % 1_000_000
  t.diagnostic(`seed ${seed}`)
  const random = randomOf(seed)
  const data = temporaryFolder(t)
  const flags = ['--port', '0', '--data', data, '--log-level', 'error']
  const history = new Map<string, Known>()
  let uploads = 0

  const verify = async (endpoint: string): Promise<number> => {
    let blobs = 0
    for (const [key, { acknowledged, sent }] of history) {
      const answer = await fetch(`${endpoint}/lake/${key}`)
      const bytes = Buffer.from(await answer.arrayBuffer())
      if (answer.status === 404 && acknowledged === undefined) continue
      assert.equal(answer.status, 200, key)
      const number = numberOf(bytes)
      assert.ok(sent.has(number) && number >= (acknowledged ?? 0), `${key} holds version ${number}`)
      assert.ok(bytes.equals(versionOf(number, sent.get(number)!)), `${key} holds a part of ${number}`)
      history.set(key, { acknowledged: number, sent: new Map([[number, bytes.length]]) })
      if (bytes.length > INLINE_BYTES) blobs++
    }
    return blobs
  }

  for (let kill = 1; kill <= KILLS; kill++) {
    const server = await startProcess(t, flags)
    if (kill === 1) await ok(`${server.endpoint}/lake`, { method: 'PUT' })
    await verify(server.endpoint)
    const until = (UPLOADS * kill) / KILLS
    let killed: Promise<void> | undefined
    const work = async (worker: number) => {
      while (!killed) {
        const key = `worker-${worker}/${Math.floor(random() * KEYS_PER_WORKER)}`
        const number = ++uploads
        const sizeBytes = Math.floor(30 + random() ** 3 * 600_000)
        const known: Known = history.get(key) ?? { sent: new Map() }
        known.sent.set(number, sizeBytes)
        history.set(key, known)
        try {
          await upload(`${server.endpoint}/lake/${key}`, versionOf(number, sizeBytes), random() < 0.2)
          known.acknowledged = number
        } catch (error) {
          if (!killed || error instanceof assert.AssertionError) throw error
        }
        if (number >= until) killed ??= server.kill()
      }
    }
    await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)))
  }
  assert.ok(uploads >= UPLOADS)

  const server = await startProcess(t, flags)
  const blobs = (await verify(server.endpoint)) + (await countUnfinished(server.endpoint))
  const kept = readdirSync(join(data, 'blobs'), { recursive: true, withFileTypes: true })
  assert.equal(
    kept.filter(({ name }) => /^[0-9a-f]{32}$/.test(name)).length,
    blobs,
    'what nobody names is swept',
  )
})
