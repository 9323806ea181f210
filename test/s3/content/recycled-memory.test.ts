import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { connect } from 'node:http2'
import { buffer } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { createClock } from '../../../src/clock/clock.ts'
import { systemRandom } from '../../../src/clock/random.ts'
import { openEmbeddedEngine } from '../../../src/engine/embedded/embedded-engine.ts'
import { temporaryFolder } from '../../process.ts'
import { NOW } from '../bound-s3.ts'
import { serveS3 } from '../serve-s3.ts'

/*
 * What is taken in and what is read is given back at once (src/service/memory/free.ts). Were it given back too early, others
 * would write into it: so many come and go at once here, and each looks at every byte.
 */
const SIZES = [1, 40_000, 65_536, 65_537, 300_000, 1_500_000]
const bodies = SIZES.flatMap((size) => [randomBytes(size), randomBytes(size)])

async function serveEmbedded(t: TestContext) {
  const clock = createClock({ mode: 'manual', startAt: NOW, onError: assert.ifError })
  const dataDir = temporaryFolder(t)
  const engine = await openEmbeddedEngine({ dataDir, clock, random: systemRandom, onError: assert.ifError })
  t.after(() => engine.close())
  return await serveS3(t, { engine })
}

const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

test('objects go and come over one connection of HTTP/2 as they are, many at once', async (t) => {
  const { endpoint } = await serveEmbedded(t)
  const session = connect(endpoint)
  t.after(() => session.close())
  const call = async (method: string, path: string, body?: Uint8Array) => {
    const stream = session.request({ ':method': method, ':path': path })
    stream.end(body)
    return await buffer(stream)
  }
  await Promise.all(
    bodies.map(async (body, index) => {
      await call('PUT', `/lake/${index}`, body)
      assert.equal(digest(await call('GET', `/lake/${index}`)), digest(body))
    }),
  )
})

const FRAMED = { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' }
const framed = (body: Uint8Array) =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])

test('a reader that is slow gets what was put, while others put and read', async (t) => {
  const { endpoint } = await serveEmbedded(t)
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const call = (method: string, path: string, body?: Uint8Array, headers = {}) =>
    new Promise<Buffer>((resolve, reject) => {
      const outgoing = request(`${endpoint}${path}`, { method, agent, headers }, async (answer) => {
        const chunks: Buffer[] = []
        for await (const chunk of answer) {
          chunks.push(chunk)
          await setImmediate()
        }
        resolve(Buffer.concat(chunks))
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  await Promise.all(
    bodies.map(async (body, index) => {
      for (const sent of [body, body, framed(body)]) {
        await call('PUT', `/lake/${index}`, sent, sent === body ? {} : FRAMED)
        assert.equal(digest(await call('GET', `/lake/${index}`)), digest(body))
      }
    }),
  )
})

test('an object of a small part is read right again and again', async (t) => {
  const { endpoint } = await serveEmbedded(t)
  const call = async (method: string, query = '', body?: string) => {
    const answer = await fetch(`${endpoint}/lake/parts${query}`, { method, ...(body ? { body } : {}) })
    return await answer.text()
  }
  const id = /<UploadId>(.*)<\/UploadId>/.exec(await call('POST', '?uploads'))?.[1]
  await call('PUT', `?partNumber=1&uploadId=${id}`, 'a small part')
  const part = `<Part><PartNumber>1</PartNumber><ETag>${createHash('md5').update('a small part').digest('hex')}</ETag></Part>`
  await call('POST', `?uploadId=${id}`, `<CompleteMultipartUpload>${part}</CompleteMultipartUpload>`)
  for (const _ of [1, 2, 3]) assert.equal(await call('GET'), 'a small part')
})
