import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import type { Credentials } from '../../../auth/credentials.ts'
import { credentialsOfFile, type FileKey, KeyFileError, parseKeyFile } from '../../../auth/key-file.ts'
import { parsePolicy } from '../../../auth/policies/policy.ts'
import { createSerial } from '../../../delivery/turns.ts'
import { UsageError } from '../../config.ts'

/** The keys of `--auth FILE`, as they were when it was read last. */
export interface FileKeys {
  readonly credentials: Credentials
  count(): number
  /** Reads the file again; one that is wrong changes nothing. Throws UsageError. */
  reread(): Promise<KeyChanges>
}

/** Access key ids; a changed one has another secret, account or policies. */
export interface KeyChanges {
  readonly added: readonly string[]
  readonly removed: readonly string[]
  readonly changed: readonly string[]
}

/** Throws UsageError for a file that cannot be read, that others can read, or with whose keys something is wrong. */
export async function openFileKeys(path: string, account: string): Promise<FileKeys> {
  let keys = await readKeys(path)
  let credentials = credentialsOfFile(keys, account)
  // What was read last is what the file said last.
  const inTurn = createSerial()
  return {
    credentials: {
      find: (accessKeyId) => credentials.find(accessKeyId),
      policiesOf: (principal) => credentials.policiesOf(principal),
    },
    count: () => keys.length,
    reread: () =>
      inTurn(async () => {
        const former = keys
        keys = await readKeys(path)
        credentials = credentialsOfFile(keys, account)
        return changesBetween(former, keys)
      }),
  }
}

async function readKeys(path: string): Promise<FileKey[]> {
  try {
    return parseKeyFile(await readPrivately(path), (text) => parsePolicy(text, 'identity'))
  } catch (error) {
    if (error instanceof KeyFileError) throw new UsageError(`--auth ${path}: ${error.message}`)
    throw error
  }
}

const OTHERS = 0o077
const MOST_BYTES = 16 * 1024 * 1024
/** A pipe that nobody writes to would keep a thread for good. Windows has no such flag. */
const AT_ONCE = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)

/** What was judged is what is read: the file may be another one a moment later. */
async function readPrivately(path: string): Promise<string> {
  let file: FileHandle | undefined
  try {
    file = await open(path, AT_ONCE)
    const found = await file.stat()
    // It is read again and again.
    if (!found.isFile()) throw new UsageError(`--auth ${path} is no regular file`)
    if (found.size > MOST_BYTES) throw new UsageError(`--auth ${path} is larger than 16 MiB`)
    const mode = found.mode & 0o777
    // Windows reports no modes.
    if (process.platform !== 'win32' && (mode & OTHERS) !== 0)
      throw new UsageError(
        `--auth ${path} has mode ${mode.toString(8)}, so that others can read its secrets: chmod 600 it`,
      )
    return await file.readFile('utf8')
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(`--auth ${path} cannot be read: ${(error as Error).message}`)
  } finally {
    await file?.close()
  }
}

function changesBetween(former: readonly FileKey[], keys: readonly FileKey[]): KeyChanges {
  const [before, after] = [former, keys].map(
    (list) => new Map(list.map((key) => [key.accessKeyId, JSON.stringify(key)])),
  ) as [Map<string, string>, Map<string, string>]
  return {
    added: [...after.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !after.has(id)),
    changed: [...after].filter(([id, text]) => before.has(id) && before.get(id) !== text).map(([id]) => id),
  }
}
