import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { RootDatabase } from 'lmdb'
import { type BlobContents, isEngineError } from '../../ports/engine.ts'
import { verifyBlob } from '../blobs/blob-reader.ts'
import { isErrno } from '../files/durable-file.ts'
import type { Loss } from '../loss.ts'
import { isSound } from '../metadata/checked-bytes.ts'
import { openDocuments } from '../metadata/database.ts'
import { decodeDocument } from '../metadata/document-bytes.ts'

/**
 * Reads every blob of a folder that nobody uses: the documents below `prefix` name them, with what they hold, or with
 * `true` where a former version kept no checksums; then only that they are there is seen.
 */
export async function lossesOfBlobs(folder: string, root: RootDatabase, prefix: string): Promise<Loss[]> {
  const losses: Loss[] = []
  for (const { key, value, version = 0 } of openDocuments(root).getRange({
    ...{ start: Buffer.from(prefix), versions: true },
  })) {
    const name = key.toString()
    if (!name.startsWith(prefix)) break
    // Damaged documents are named by who reads the metadata.
    if (!isSound(value, key, version)) continue
    const id = name.slice(prefix.length)
    const what = await damageOf(folder, id, decodeDocument(value) as BlobContents | true)
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
