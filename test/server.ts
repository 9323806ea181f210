import type { TestContext } from 'node:test'
import { type Standpipe, type StartOptions, start } from '../src/start.ts'
import { admittingFile, CLIENT_KEY, isClosed } from './client-access.ts'
import { temporaryFolder } from './process.ts'

/** A server in this process, in memory, on a free port, its clock standing still; closed when the test ends. */
export async function startServer(test: TestContext, options: StartOptions = {}): Promise<Standpipe> {
  const isForSuites = isClosed && options.auth === undefined && options.credentials === undefined
  const standpipe = await start({
    ...{ port: 0, ephemeral: true, clock: 'manual' },
    ...(isForSuites && { auth: admittingFile(temporaryFolder(test)) }),
    ...options,
  })
  test.after(() => standpipe.close())
  const { clientConfig } = standpipe
  return isForSuites
    ? { ...standpipe, clientConfig: { ...clientConfig, credentials: CLIENT_KEY } }
    : standpipe
}

/** An SDK client's configuration whose client is destroyed when the test ends. */
export function clientOf<C extends { destroy(): void }>(test: TestContext, client: C): C {
  test.after(() => client.destroy())
  return client
}
