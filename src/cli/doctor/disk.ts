import { constants } from 'node:fs'
import { access, statfs } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { bytesText } from '../terminal/quantity.ts'
import { type Finding, fail, ok, warn } from './finding.ts'

const LITTLE_SPACE_BYTES = 2 ** 30

interface DataFolderOptions {
  /** The data folder of the server that answers. */
  readonly usedByServer?: string | undefined
  /** Reads everything in it, unless the server does. */
  readonly verify?: boolean
}

/** Whether the data folder can be used. */
export async function checkDataFolder(
  data: string,
  { usedByServer, verify = false }: DataFolderOptions = {},
): Promise<Finding[]> {
  const folder = resolve(data)
  const existing = await firstExisting(folder)
  const space = await checkSpace(existing)
  if (usedByServer !== undefined && resolve(usedByServer) === folder)
    return [ok('data', `${folder}, in use by the running server`), space]
  if (!(await isWritable(existing)))
    return [fail('data', `${existing} is not writable: change its owner, or give --data`), space]
  if (existing !== folder) return [ok('data', `${folder} will be made by the first start`), space]
  const { inspectDataFolder } = await import('../../server/stored-data.ts')
  const trouble = await inspectDataFolder(folder, verify)
  if (trouble !== undefined) return [...trouble.split('\n').map((line) => fail('data', line)), space]
  const read = verify ? ', and all that is in it was read and is as it was written' : ''
  return [ok('data', `${folder}, free to be used${read}`), space]
}

async function checkSpace(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder)
  const free = bytesText(bavail * bsize)
  return bavail * bsize >= LITTLE_SPACE_BYTES
    ? ok('disk', `${free} free`)
    : warn('disk', `${free} free: make room; when there is none, writes are refused`)
}

/** The folder itself or its nearest parent that is there. */
async function firstExisting(folder: string): Promise<string> {
  if (dirname(folder) === folder || (await isThere(folder))) return folder
  return firstExisting(dirname(folder))
}

const passes = (folder: string, mode: number) =>
  access(folder, mode).then(
    () => true,
    () => false,
  )
const isThere = (folder: string) => passes(folder, constants.F_OK)
const isWritable = (folder: string) => passes(folder, constants.W_OK | constants.X_OK)
