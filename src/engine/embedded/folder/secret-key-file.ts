import { readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../../../clock/random.ts'
import type { EngineProblems } from '../../ports/engine.ts'
import { SECRET_KEY_BYTES, secretKeyId } from '../../shared/sealing.ts'
import { isErrno, replaceFile } from '../files/durable-file.ts'

/** The key under which secrets are sealed (`ports/secret-box.ts`); whoever has it and the metadata has the secrets. */
export const KEY_FILE = 'standpipe.key'

interface KeyFileOptions {
  readonly folder: string
  readonly random: Pick<Random, 'bytes'>
  readonly problems: EngineProblems
  /** What was sealed with the former key is forgotten. */
  readonly erase: boolean
}

/**
 * The data folder's key, made where there is none. A damaged one is set aside and said: what was sealed with it cannot
 * be opened any more, and everything else goes on.
 */
export async function secretKeyOf({ folder, random, problems, erase }: KeyFileOptions): Promise<Uint8Array> {
  const path = join(folder, KEY_FILE)
  if (erase) await rm(path, { force: true })
  const found = await readKey(path)
  if (found instanceof Uint8Array) return found
  if (found === 'damaged') {
    await rename(path, `${path}.damaged`)
    const what = `${KEY_FILE} is not what was written: it is kept as ${KEY_FILE}.damaged, and a new one was made. Secrets sealed with the former one cannot be used: put it back from a backup made with --with-keys, or make new ones`
    problems.report({ code: 'Damaged', where: KEY_FILE, what })
  }
  const key = Uint8Array.from(random.bytes(SECRET_KEY_BYTES))
  await replaceFile(path, Buffer.from(textOf(key)))
  return key
}

const textOf = (key: Uint8Array) =>
  `${JSON.stringify({ keyVersion: 1, id: hexOf(secretKeyId(key)), key: Buffer.from(key).toString('base64') })}\n`

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

async function readKey(path: string): Promise<Uint8Array | 'damaged' | undefined> {
  try {
    const text = await readFile(path, 'utf8')
    const { key: base64 } = JSON.parse(text) as { readonly key?: unknown }
    const key = Buffer.from(String(base64), 'base64')
    return key.length === SECRET_KEY_BYTES && textOf(key) === text ? key : 'damaged'
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined
    if (error instanceof SyntaxError || error instanceof TypeError) return 'damaged'
    throw error
  }
}
