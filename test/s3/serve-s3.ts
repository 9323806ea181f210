import type { TestContext } from 'node:test'
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import { createAuthority } from '../../src/auth/authority.ts'
import { credentialsOfFile } from '../../src/auth/key-file.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { s3ControlService } from '../../src/s3/control/service.ts'
import { s3Service } from '../../src/s3/service.ts'
import { closedModeOf } from '../../src/server/access/closed-mode.ts'
import { bind } from '../../src/service/invoke.ts'
import { createFlights } from '../../src/wire/flight/flights.ts'
import { listen } from '../../src/wire/listener.ts'
import { createWire } from '../../src/wire/wire.ts'
import { ADMITTED, CLIENT_KEY, isClosed } from '../client-access.ts'
import { letEverybodyIn } from '../wire/let-everybody-in.ts'
import { boundS3 } from './bound-s3.ts'

const ACCOUNT = '123456789012'
const REGION = 'us-east-1'
const credentials = credentialsOfFile([ADMITTED], ACCOUNT)

/** There is nothing of ours to ask. */
const admitOwn = () => {
  throw new Error('S3 alone is served')
}

/** S3 alone behind the wire, on a free port, with the bucket `lake`; closed when the test ends. */
export async function serveS3(test: TestContext, given: Parameters<typeof boundS3>[0] = {}) {
  const isForSuites = isClosed && given.authority === undefined
  const authority = createAuthority({ credentials, now: Date.now })
  const options = { ...given, ...(isForSuites && { authority }) }
  const bound = await boundS3(options)
  const errors: unknown[] = []
  const onError = (error: unknown) => errors.push(error)
  const handle = createWire({
    flights: createFlights({ totalBytes: 128 * 2 ** 20 }),
    services: [s3ControlService, s3Service].map((service) =>
      bind(service, bound.s3, () => undefined, options.authority),
    ),
    defaultRegion: REGION,
    defaultAccount: ACCOUNT,
    closed: isForSuites ? closedModeOf({ credentials, region: REGION, admitOwn }) : undefined,
    random: systemRandom,
    machineNow: Date.now,
    ownRoutes: async () => undefined,
    guard: letEverybodyIn,
    onError,
  })
  const listener = await listen({ host: '127.0.0.1', port: 0, handle, onError })
  test.after(() => listener.close(0))
  const endpoint = `http://127.0.0.1:${listener.port}`
  const client = (more: S3ClientConfig = {}) => {
    const s3 = new S3Client({
      endpoint,
      region: REGION,
      credentials: CLIENT_KEY,
      forcePathStyle: true,
      ...more,
    })
    test.after(() => s3.destroy())
    return s3
  }
  return { ...bound, endpoint, client, errors }
}
