import { defaultSettings, type Settings } from '../server/config.ts'
import type { Credentials } from '../service/signing/sign-request.ts'

/** An address to connect to: one that means all addresses is reached on loopback. */
export function endpointOf({ host, port }: Pick<Settings, 'host' | 'port'>): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`
}

/** A server, and as whom it is asked. */
export interface ServerAddress extends Pick<Settings, 'host' | 'port' | 'region' | 'account'> {
  /** The environment has keys of its own. */
  readonly hasKeys: boolean
  /** What requests to it are signed with. */
  credentials(): Promise<Credentials>
}

type Env = Readonly<Record<string, string | undefined>>

/** Any keys will do for an open server; a 12-digit access key names another account than the server's own. */
export const anyKeysFor = ({ account }: Pick<Settings, 'account'>): Credentials => ({
  accessKeyId: account === defaultSettings.account ? 'standpipe' : account,
  secretAccessKey: 'standpipe',
})

/** The environment's own keys sign, where it has any; AWS's profiles and files are not read. */
export function serverAt(
  { host, port, region, account }: Pick<Settings, 'host' | 'port' | 'region' | 'account'>,
  env: Env,
): ServerAddress {
  const where = { host, port, region, account }
  const isOwnAccount = account === defaultSettings.account
  const anyKeys = anyKeysFor(where)
  const own = keysOf(env)
  let chosen: Promise<Credentials> | undefined
  return {
    ...where,
    hasKeys: own !== undefined,
    async credentials() {
      if (!own) return anyKeys
      // Only where both are said it has to be known which of them counts.
      chosen ??= isOwnAccount
        ? Promise.resolve(own)
        : isClosed(where).then((closed) => (closed ? own : anyKeys))
      return await chosen
    },
  }
}

function keysOf(env: Env): Credentials | undefined {
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
}

/** What anybody may know of a server; undefined when none answers. Never throws. */
export async function probe(
  where: Pick<Settings, 'host' | 'port'>,
): Promise<{ readonly status?: string; readonly version?: string } | undefined> {
  try {
    const answer = await fetch(`${endpointOf(where)}/_standpipe/health`)
    const health: unknown = await answer.json()
    return typeof health === 'object' && health !== null ? { ...health } : undefined
  } catch {
    return undefined
  }
}

/** A closed server tells strangers its status, and no more. */
export async function isClosed(where: Pick<Settings, 'host' | 'port'>): Promise<boolean> {
  const health = await probe(where)
  return health?.status !== undefined && health.version === undefined
}
