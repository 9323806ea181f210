import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to one PUT instead of being passed on and answered. */
export type Fault =
  /** It is passed on and done; then the connection is cut, or nothing is said. */
  | 'cut after it is stored'
  | 'silence after it is stored'
  /** Somebody else's object takes its place; then the connection is cut. */
  | 'cut after another is stored'
  /** Nothing is passed on. */
  | 'cut at once'
  | 'answer 500'
  | 'answer 503'
  /** Of a web server that is no S3. */
  | 'answer 200'

/** A proxy in front of an S3 whose next PUTs fail as told; the other requests are passed on. */
export async function startFaultProxy(test: { after(end: () => void): void }, endpoint: string) {
  const faults: Fault[] = []
  const seen: string[] = []

  const pass = (asked: IncomingMessage, answered: (answer: IncomingMessage) => void) =>
    asked.pipe(
      request(endpoint + asked.url, { method: asked.method!, headers: asked.headers }, answered).on(
        'error',
        () => asked.socket.destroy(),
      ),
    )
  const replace = async (asked: IncomingMessage) => {
    for await (const _ of asked);
    const { authorization = '' } = asked.headers
    await fetch(endpoint + asked.url, { method: 'PUT', headers: { authorization }, body: 'theirs' })
    asked.socket.destroy()
  }
  const answer = async (asked: IncomingMessage, response: ServerResponse, status: number, code: string) => {
    for await (const _ of asked);
    response.writeHead(status).end(status === 200 ? '' : `<Error><Code>${code}</Code></Error>`)
  }
  const proxy = createServer((asked, response) => {
    const fault = asked.method === 'PUT' ? faults.shift() : undefined
    seen.push(fault ? `${asked.method}: ${fault}` : asked.method!)
    switch (fault) {
      case 'cut at once':
        return asked.socket.destroy()
      case 'cut after it is stored':
        return pass(asked, (stored) => stored.resume().on('end', () => asked.socket.destroy()))
      case 'cut after another is stored':
        return replace(asked)
      case 'silence after it is stored':
        return pass(asked, (stored) => stored.resume().on('end', () => proxy.emit('stored')))
      case 'answer 500':
        return answer(asked, response, 500, 'InternalError')
      case 'answer 503':
        return answer(asked, response, 503, 'SlowDown')
      case 'answer 200':
        return answer(asked, response, 200, '')
      default:
        return pass(asked, (found) => {
          response.writeHead(found.statusCode!, found.headers)
          found.pipe(response)
        })
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  test.after(() => {
    proxy.close()
    proxy.closeAllConnections()
  })
  return {
    endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    fail: (...next: readonly Fault[]) => void faults.push(...next),
    /** Resolves with the next request. */
    asked: () => once(proxy, 'request'),
    /** Resolves when something is stored in silence. */
    stored: () => once(proxy, 'stored'),
    /** The requests so far. */
    seen,
  }
}
