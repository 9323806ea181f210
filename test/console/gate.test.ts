import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:http2'
import { request as requestSecurely } from 'node:https'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { StartOptions } from '../../src/start.ts'
import { temporaryFolder } from '../process.ts'
import { startServer } from '../server.ts'

type Headers = Readonly<Record<string, string>>
type Ask = (method: string, path: string, headers: Headers) => Promise<number>

/** The ways to a server; fetch does not let a Host be set. */
const PROTOCOLS: Readonly<Record<string, (t: TestContext, port: number) => Ask>> = {
  http: (_t, port) => overHttp(request, `http://127.0.0.1:${port}`),
  https: (_t, port) => overHttp(requestSecurely, `https://127.0.0.1:${port}`),
  http2(t, port) {
    const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false })
    t.after(() => session.close())
    return (method, path, { host, ...headers }) =>
      new Promise((resolve, reject) => {
        const authority = host === undefined ? {} : { ':authority': host }
        session
          .request({ ':method': method, ':path': path, ...authority, ...headers })
          .on('response', (answer) => resolve(Number(answer[':status'])))
          .on('error', reject)
          .resume()
          .end()
      })
  },
}

const overHttp =
  (send: typeof requestSecurely, root: string): Ask =>
  (method, path, headers) =>
    new Promise((resolve, reject) => {
      send(`${root}${path}`, { method, headers, rejectUnauthorized: false }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })

/** Everything that changes something; the last changes all. */
const CHANGES = [
  'api/aws/kinesis/CreateStream',
  'api/aws/s3/DeleteBucket',
  'api/budget',
  'api/clock/advance',
  'api/delivery-streams/none/deliver',
  'api/reset',
].map((path) => `/_standpipe/${path}`)

const OVERVIEW = '/_standpipe/api/overview'

const MODES: Readonly<Record<string, (t: TestContext) => StartOptions>> = {
  'in memory, its clock standing still': () => ({}),
  'durable, its clock running': (t) => ({
    clock: 'real',
    ephemeral: false,
    data: join(temporaryFolder(t), 'data'),
  }),
}

for (const [mode, options] of Object.entries(MODES))
  test(`a page of another site may neither read nor change anything of a server ${mode}`, async (t) => {
    const standpipe = await startServer(t, options(t))
    const { port } = standpipe
    for (const [protocol, open] of Object.entries(PROTOCOLS)) {
      const ask = open(t, port)
      const own = `${protocol === 'http' ? 'http' : 'https'}://127.0.0.1:${port}`
      const rebound = `rebound.example.com:${port}`
      assert.equal(await ask('GET', OVERVIEW, { host: rebound }), 403, protocol)
      assert.equal(await ask('GET', OVERVIEW, { host: `standpipe.localhost:${port}` }), 200, protocol)
      assert.equal(await ask('GET', OVERVIEW, { origin: 'https://evil.example.com' }), 403, protocol)
      assert.equal(await ask('GET', OVERVIEW, { 'sec-fetch-site': 'same-site' }), 403, protocol)
      assert.equal(await ask('GET', '/_standpipe/metrics', { host: rebound }), 403, protocol)
      assert.equal(await ask('GET', '/_standpipe/health', { host: 'anything.example.com' }), 200, protocol)
      for (const path of CHANGES) {
        const foreign = ['https://evil.example.com', 'null', `http://127.0.0.1:${port + 1}`]
        for (const origin of foreign)
          assert.equal(await ask('POST', path, { origin }), 403, `${protocol} ${path} from ${origin}`)
        const itself = { host: rebound, origin: `https://${rebound}` }
        assert.equal(await ask('POST', path, itself), 403, `${protocol} ${path} under ${rebound}`)
        assert.notEqual(await ask('POST', path, { origin: own }), 403, `${protocol} ${path} from ${own}`)
        assert.notEqual(await ask('POST', path, {}), 403, `${protocol} ${path} from no page`)
      }
    }
    await standpipe.close()
  })
