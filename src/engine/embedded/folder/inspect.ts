import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RootDatabase } from 'lmdb'
import { either, list, maybe, number, oneOf, shape } from '../../ports/checks.ts'
import { type BlobContents, isEngineError } from '../../ports/engine.ts'
import { verifyBlob } from '../blobs/blob-reader.ts'
import { type Loss, refusalOf } from '../data-folder-error.ts'
import { isErrno } from '../files/durable-file.ts'
import { createOpenFiles } from '../files/open-files.ts'
import { openCatalog } from '../log/catalog.ts'
import { openLogManifest } from '../log/log-manifest.ts'
import { inspectLog, lossesOf, verifyLog } from '../log/recovery/inspect-log.ts'
import { openDatabaseToRead, openDocuments } from '../metadata/database.ts'
import { decodeDocument, isSound } from '../metadata/document-bytes.ts'
import { openRows } from '../metadata/rows.ts'
import { openDataFolder } from './data-folder.ts'
import { inspectParts } from './parts.ts'
import { versionToUpgrade } from './versions/upgrade.ts'

export interface Thorough {
  /** The documents below it name the blobs that are wanted. */
  readonly blobsPrefix: string
}

/**
 * Says what a start would say of an existing data folder that nobody uses, without changing anything in it; if it is to
 * be `thorough`, all of its metadata, records and blobs are read. Throws DataFolderError.
 */
export async function inspectFolder(folder: string, thorough?: Thorough): Promise<void> {
  const { lock, state } = await openDataFolder(folder)
  try {
    if (state === 'new' || versionToUpgrade(state) !== undefined) return
    if (state !== 'lost' && state.from !== undefined) return
    const { losses, metadata } = await inspectParts(folder, state, thorough !== undefined)
    const inside = metadata === 'whole' ? await lossesInside(folder, thorough) : []
    if (losses.length + inside.length > 0) throw refusalOf(folder, [...losses, ...inside])
  } finally {
    lock.release()
  }
}

async function lossesInside(folder: string, thorough: Thorough | undefined): Promise<Loss[]> {
  const root = openDatabaseToRead(join(folder, 'metadata'))
  const files = createOpenFiles()
  try {
    const rows = openRows(root)
    const { found } = openCatalog(root, rows)
    const manifest = openLogManifest(root, rows)
    const log = await inspectLog({ folder: join(folder, 'log'), manifest, files, found })
    if (!thorough) return lossesOf(log)
    const inSegments = await verifyLog(log, files, found)
    return [...lossesOf(log), ...inSegments, ...(await lossesOfBlobs(folder, root, thorough.blobsPrefix))]
  } finally {
    await files.close()
    await root.close()
  }
}

const wantedBlob = either(
  shape<BlobContents>({ sizeBytes: number, checksums: maybe(list(number)) }),
  oneOf(true),
)

/**
 * Reads every blob of a folder that nobody uses: the documents below `prefix` name them, with what they hold, or with
 * `true` where a former version kept no checksums; then only that they are there is seen.
 */
async function lossesOfBlobs(folder: string, root: RootDatabase, prefix: string): Promise<Loss[]> {
  const losses: Loss[] = []
  for (const { key, value, version = 0 } of openDocuments(root).getRange({
    ...{ start: Buffer.from(prefix), versions: true },
  })) {
    const name = key.toString()
    if (!name.startsWith(prefix)) break
    // Damaged documents are named by who reads the metadata.
    if (!isSound(value, key, version)) continue
    const id = name.slice(prefix.length)
    const contents = decodeDocument(value)
    const what = wantedBlob(contents)
      ? await damageOf(folder, id, contents)
      : 'is there, but it is not known what it holds'
    if (what !== undefined) losses.push({ where: `blobs/${id.slice(0, 2)}/${id}`, what })
  }
  return losses
}

async function damageOf(
  folder: string,
  id: string,
  contents: BlobContents | true,
): Promise<string | undefined> {
  try {
    const handle = await open(join(folder, 'blobs', id.slice(0, 2), id), 'r')
    if (contents === true) await handle.close()
    else await verifyBlob({ id, handle, contents })
    return undefined
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 'is not there'
    if (isEngineError(error, 'Damaged')) return error.message
    throw error
  }
}
