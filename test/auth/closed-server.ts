import type { TestContext } from 'node:test'
import type { Credential, Credentials } from '../../src/auth/credentials.ts'
import { rootOf } from '../../src/service/principal.ts'
import type { StartOptions } from '../../src/start.ts'
import { startServer } from '../server.ts'

export const ACCOUNT = '123456789012'

const keyOf = (accessKeyId: string, more: Partial<Credential> = {}): Credential => ({
  accessKeyId,
  secretAccessKey: `secret/of+${accessKeyId}`,
  isActive: true,
  principal: rootOf({ account: ACCOUNT, region: 'us-east-1', accessKeyId }),
  ...more,
})

export const permanent = keyOf('AKIDPERMANENT')
export const temporary = keyOf('ASIATEMPORARY', { sessionToken: 'a+token/of==' })
const expired = keyOf('ASIAEXPIRED', { sessionToken: 'an-old-token', expiresAt: 1 })
const inactive = keyOf('AKIDINACTIVE', { isActive: false })
const ALL = [permanent, temporary, expired, inactive]

/** A key's owner may do everything. */
const credentials: Credentials = {
  find: (accessKeyId) => ALL.find((one) => one.accessKeyId === accessKeyId),
  policiesOf: () => ({
    identity: [
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
      }),
    ],
  }),
}

/** A server that verifies every request; closed when the test ends. */
export async function startClosed(test: TestContext, options: StartOptions = {}) {
  const standpipe = await startServer(test, { credentials, clock: 'real', account: ACCOUNT, ...options })
  const { endpoint } = standpipe
  const clientConfig = ({ accessKeyId, secretAccessKey, sessionToken }: Credential = permanent) => ({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    forcePathStyle: true as const,
    maxAttempts: 1,
  })
  return { ...standpipe, clientConfig }
}

/** What Python's clients read from the environment. */
export const environmentOf = (
  endpoint: string,
  home: string,
  { accessKeyId, secretAccessKey, sessionToken }: Credential = permanent,
): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: 'us-east-1',
  AWS_DEFAULT_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_MAX_ATTEMPTS: '1',
  ...(sessionToken !== undefined && { AWS_SESSION_TOKEN: sessionToken }),
})
