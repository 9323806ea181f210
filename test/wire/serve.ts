import type { TestContext } from 'node:test'
import { systemRandom } from '../../src/clock/random.ts'
import { createAuthority, issueServerCertificate } from '../../src/server/certificates/issue.ts'
import { bind } from '../../src/service/invoke.ts'
import { stsService } from '../../src/sts/service.ts'
import { createFlights, type Flights } from '../../src/wire/flight/flights.ts'
import type { Guard } from '../../src/wire/guard/guard.ts'
import { listen } from '../../src/wire/listener.ts'
import type { OwnRoutes } from '../../src/wire/own-routes.ts'
import { createWire } from '../../src/wire/wire.ts'
import { createIdentities } from '../sts/create-identities.ts'
import { letEverybodyIn } from './let-everybody-in.ts'
import { type Seen, toyKinesis, toyS3 } from './toy-services.ts'

const authority = createAuthority(Date.now())
const { key, cert } = issueServerCertificate(authority, ['localhost', '127.0.0.1'], Date.now())
export const certificate = { key, cert: cert + authority.cert }

/** The wire with toy services behind it, on a free port; closed when the test ends. */
export async function serve(
  test: TestContext,
  ownRoutes: OwnRoutes = async () => undefined,
  machineNow: () => number = Date.now,
  patienceMs?: number,
  guard: Guard = letEverybodyIn,
  flights: Flights = createFlights({ totalBytes: 128 * 2 ** 20 }),
) {
  const seen: Seen = { inputs: [] }
  const errors: unknown[] = []
  const handle = createWire({
    services: [
      bind(toyKinesis, seen, () => undefined),
      bind(toyS3, seen, () => undefined),
      bind(stsService, (await createIdentities(machineNow)).sts, () => undefined),
    ],
    defaultRegion: 'us-east-1',
    defaultAccount: '000000000000',
    random: systemRandom,
    machineNow,
    ownRoutes,
    flights,
    guard,
    onError: (error) => errors.push(error),
  })
  const listener = await listen({
    host: '127.0.0.1',
    port: 0,
    tls: certificate,
    handle,
    ...(patienceMs !== undefined && { patienceMs }),
    onError: (error) => errors.push(error),
  })
  test.after(() => listener.close(0))
  return { ...listener, endpoint: `http://127.0.0.1:${listener.port}`, inputs: seen.inputs, errors }
}

export { signedFor } from './signed-for.ts'
