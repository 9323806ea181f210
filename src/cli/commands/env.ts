import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { UsageError } from '../../server/config.ts'
import { askAuthority } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'
import { anyKeysFor, endpointOf, isClosed, type ServerAddress } from '../server-address.ts'

type Variables = Readonly<Record<string, string>>

const quoted = (value: string) => `'${value.replaceAll("'", "'\\''")}'`

/** One printer per shell. */
const SHELLS = {
  sh: (name: string, value: string) => `export ${name}=${quoted(value)}`,
  fish: (name: string, value: string) => `set -gx ${name} '${value.replace(/['\\]/g, '\\$&')}';`,
  powershell: (name: string, value: string) => `$Env:${name} = '${value.replaceAll("'", "''")}'`,
  dotenv: (name: string, value: string) => `${name}=${value}`,
}
type Shell = keyof typeof SHELLS | 'json'

/** The environment of a client that shall use this server. */
export function printEnv(shell: Shell, variables: Variables): string {
  if (shell === 'json') return JSON.stringify(variables)
  return Object.entries(variables)
    .map(([name, value]) => SHELLS[shell](name, value))
    .join('\n')
}

/** The shell that most likely reads the output. */
export function shellOf(env: Readonly<Record<string, string | undefined>>): keyof typeof SHELLS {
  if (/\bfish$/.test(env.SHELL ?? '')) return 'fish'
  if (env.SHELL === undefined && env.PSModulePath !== undefined) return 'powershell'
  return 'sh'
}

export const env = command({
  name: 'env',
  args: '',
  doc: 'print the environment that points AWS clients here: eval "$(npx standpipe env)"',
  settings: CLIENT_SETTINGS,
  flags: {
    shell: { value: 'sh|fish|powershell|dotenv|json', doc: 'whose syntax; $SHELL decides' },
    ca: { doc: "https: keep the certificate authority of the server's in a file, and have clients trust it" },
  },
  async run({ settings, server, flags, env, json, out, err }) {
    const shell = json ? 'json' : (flags.shell ?? shellOf(env))
    if (shell !== 'json' && !Object.hasOwn(SHELLS, shell))
      throw new UsageError(`--shell cannot be '${shell}': it takes ${Object.keys(SHELLS).join('|')}|json`)
    // Made-up keys would only put out those that a closed server knows.
    const keys = (await isClosed(server)) ? undefined : anyKeysFor(settings)
    if (!keys && !server.hasKeys)
      err(
        "standpipe env: the server is closed: put your key into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, too ('standpipe keys add' makes one)",
      )
    const trusted = flags.ca ? await keptAuthority(server, env) : undefined
    const endpoint = endpointOf(settings)
    const variables = {
      AWS_ENDPOINT_URL: trusted ? endpoint.replace(/^http:/, 'https:') : endpoint,
      AWS_REGION: settings.region,
      AWS_DEFAULT_REGION: settings.region,
      ...(keys && { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }),
      // Node's clients do not read AWS's own.
      ...(trusted && { AWS_CA_BUNDLE: trusted, NODE_EXTRA_CA_CERTS: trusted }),
    }
    out(printEnv(shell as Shell, variables))
    return undefined
  },
})

type Environment = Readonly<Record<string, string | undefined>>

/** Where the authority of a server's is kept: each address has a file of its own. */
const authorityFile = ({ host, port }: ServerAddress, env: Environment): string =>
  join(
    env.XDG_CONFIG_HOME || env.APPDATA || join(homedir(), '.config'),
    'standpipe',
    `ca-${host.replace(/[^\w.-]/g, '_')}-${port}.pem`,
  )

async function keptAuthority(server: ServerAddress, env: Environment): Promise<string> {
  const path = authorityFile(server, env)
  const pem = await askAuthority(server)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, pem)
  return path
}
