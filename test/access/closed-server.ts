import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { temporaryFolder } from '../process.ts'

export interface TestKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

function keyOf(name: string): TestKey {
  const key = {
    accessKeyId: `AKID${name.toUpperCase()}`,
    secretAccessKey: `the long enough secret of ${name}`,
  }
  // The SDK notes here, in the very object that it is given, where credentials come from; key files are written of it.
  return Object.defineProperty(key, '$source', { value: {} })
}

export const ADMIN = keyOf('admin')
export const READER = keyOf('reader')
export const NOBODY = keyOf('nobody')

const policyOf = (effect: 'Allow' | 'Deny', actions: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: effect, Action: actions, Resource: '*' }],
})

/** A policy that allows these actions on everything. */
export const allowing = (actions: readonly string[]) => policyOf('Allow', actions)
export const denying = (actions: readonly string[]) => policyOf('Deny', actions)

const KEYS = [
  { ...ADMIN, policies: [allowing(['*'])] },
  { ...READER, policies: [allowing(['kinesis:Get*', 'kinesis:List*', 'kinesis:Describe*'])] },
  NOBODY,
]

/** A key file that nobody else can read: one that may do everything, one that reads streams, and one that may nothing. */
export function keyFile(test: TestContext, keys: readonly object[] = KEYS): string {
  const path = join(temporaryFolder(test), 'keys.json')
  writeKeys(path, keys)
  return path
}

export const writeKeys = (path: string, keys: readonly object[], mode = 0o600): void =>
  writeFileSync(path, JSON.stringify({ keys }), { mode })

/** The environment of a command that has a key. */
export const envOf = ({ accessKeyId, secretAccessKey }: TestKey) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
})
