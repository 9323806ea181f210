import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Http2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { queryObjects } from 'node:v8'
import { until } from '../until.ts'
import { serve } from './serve.ts'

/** Node does not export the class of a server's sessions. */
async function classOfSessions(): Promise<NewableFunction> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [session]: Http2Session[] = await once(server, 'session')
  client.close()
  server.close()
  await once(server, 'close')
  return session!.constructor as NewableFunction
}

test('an HTTP/2 session that has ended is forgotten at once', async (t) => {
  const sessionClass = await classOfSessions()
  const held = () => Number(queryObjects(sessionClass, { format: 'count' }))
  const { endpoint, connections } = await serve(t)
  for (let count = 0; count < 20; count++) {
    const client = connect(endpoint)
    const stream = client.request({ ':path': '/_standpipe/' }).resume()
    await once(stream, 'response')
    if (count === 0) assert.ok(held() > 0, 'they can be counted')
    if (count % 2 === 0) client.destroy()
    else client.close()
    await once(client, 'close')
  }
  await until(() => connections() === 0)
  // One may still be on the stack of what has just ended it.
  assert.ok(held() <= 2, `${held()} are held`)
})
