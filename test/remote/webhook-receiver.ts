import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TestContext } from 'node:test'

interface Received {
  readonly line: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** Takes POSTs on a loopback port and answers each with the next status, or with nothing at all. */
export async function startReceiver(t: TestContext, answers: readonly (number | 'nothing')[]) {
  const requests: Received[] = []
  const waiting: (() => void)[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const answer = answers[requests.length] ?? 200
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers, body })
    for (const heard of waiting.splice(0)) heard()
    if (answer !== 'nothing') response.writeHead(answer, { location: '/elsewhere' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** Resolves with the one of that index as soon as it is there. */
    async request(index: number): Promise<Received> {
      while (requests.length <= index) await new Promise<void>((resolve) => waiting.push(resolve))
      return requests[index]!
    },
  }
}
