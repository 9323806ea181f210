import type { TestContext } from 'node:test'
import { type StartOptions, start } from '../src/start.ts'

/** A server in this process, in memory, on a free port, its clock standing still; closed when the test ends. */
export async function startServer(test: TestContext, options: StartOptions = {}) {
  const standpipe = await start({ port: 0, ephemeral: true, clock: 'manual', ...options })
  test.after(() => standpipe.close())
  return standpipe
}

/** An SDK client's configuration whose client is destroyed when the test ends. */
export function clientOf<C extends { destroy(): void }>(test: TestContext, client: C): C {
  test.after(() => client.destroy())
  return client
}
