import { link, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { DataFolderError } from '../data-folder-error.ts'
import { syncFolder } from '../files/durable-file.ts'
import { DATA_VERSION } from './data-folder.ts'
import { freeName, metadataFile } from './parts.ts'
import { walkMetadata } from './walk/walk-metadata.ts'

/** Puts a copy of all that is whole in the metadata's place; the damaged file stays beside it. */
export async function salvageMetadata(folder: string): Promise<void> {
  const copy = join(folder, 'metadata', 'whole')
  const file = metadataFile(folder)
  await rm(copy, { recursive: true, force: true })
  if (!(await walkMetadata(join(folder, 'metadata'), DATA_VERSION, copy)))
    throw new DataFolderError('Damaged', `${file} could not be copied: restore a backup`)
  await link(file, join(folder, 'metadata', await freeName(join(folder, 'metadata'), 'data.mdb.damaged')))
  await rm(join(folder, 'metadata', 'lock.mdb'), { force: true })
  await rename(join(copy, 'data.mdb'), file)
  await syncFolder(join(folder, 'metadata'))
  await rm(copy, { recursive: true })
}
