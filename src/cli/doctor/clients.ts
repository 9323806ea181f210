import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { type Finding, isAtLeast, ok, warn } from './finding.ts'

const run = promisify(execFile)
const TIMEOUT_MS = 10_000

interface Client {
  readonly name: string
  readonly command: readonly [file: string, ...args: string[]]
  /** From this version on AWS_ENDPOINT_URL is understood, by major version. */
  readonly since: Readonly<Record<string, string>>
}

const CLIENTS: readonly Client[] = [
  { name: 'aws', command: ['aws', '--version'], since: { 1: '1.29.0', 2: '2.13.0' } },
  {
    name: 'boto3',
    command: ['python3', '-c', 'import boto3; print(boto3.__version__)'],
    since: { 1: '1.28.0' },
  },
  { name: 'terraform', command: ['terraform', 'version'], since: {} },
]

/** Which clients there are, and whether they are new enough to be pointed here by the environment. */
export const checkClients = (): Promise<Finding[]> => Promise.all(CLIENTS.map(check))

async function check({ name, command: [file, ...args], since }: Client): Promise<Finding> {
  try {
    const { stdout } = await run(file, args, { timeout: TIMEOUT_MS })
    const version = /\d+\.\d+(\.\d+)?/.exec(stdout)?.[0] ?? ''
    const needed = since[version.split('.')[0] ?? '']
    return needed && !isAtLeast(version, needed)
      ? warn(
          name,
          `${version} does not read AWS_ENDPOINT_URL: install ${needed} or newer, or use --endpoint-url`,
        )
      : ok(name, version)
  } catch {
    return ok(name, 'not installed')
  }
}
