import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Database, RootDatabase } from 'lmdb'
import { FOLDER_MODE } from '../../files/private-files.ts'
import { groupKey, markKey } from '../../log/catalog.ts'
import { putManifest } from '../../log/log-manifest.ts'
import { manifestOfFiles } from '../../log/recovery/manifest-of-files.ts'
import { openDatabase, openDocuments, transact } from '../../metadata/database.ts'
import { encodedAs, isChecked, payloadCrcOf, seal } from '../../metadata/document-bytes.ts'
import { GROUP_COUNT, openRows, REVISION } from '../../metadata/rows.ts'
import { DATA_VERSION } from '../data-folder.ts'
import { IDENTITY, identityRow, writeIdentities } from '../parts.ts'

/** Documents that are rewritten in one transaction. */
const BATCH = 500

/**
 * Version 1 had documents without checksums, small things in three databases of LMDB's own encoding, no manifest, and
 * no identity.
 */
export async function fromVersion1(folder: string, id: string): Promise<void> {
  const logFolder = join(folder, 'log')
  await mkdir(join(folder, 'metadata'), { recursive: true, mode: FOLDER_MODE })
  await mkdir(logFolder, { recursive: true, mode: FOLDER_MODE })
  const root = openDatabase(join(folder, 'metadata'))
  try {
    await checkDocuments(root)
    await moveRows(root, id, await manifestOfFiles(logFolder, new Set()))
  } finally {
    await root.close()
  }
  await writeIdentities(folder, { dataVersion: DATA_VERSION, id })
}

/** Gives each document a checksum, with its revision as it was. Those that have one are of a time before a crash. */
async function checkDocuments(root: RootDatabase): Promise<void> {
  const documents = openDocuments(root)
  for (let after: Buffer | undefined; ; ) {
    const batch: { key: Buffer; value: Buffer; version: number }[] = []
    for (const { key, value, version = 0 } of documents.getRange({
      ...(after && { start: after }),
      versions: true,
      limit: BATCH,
    }))
      batch.push({ key: Buffer.from(key), value: Buffer.from(value), version })
    await transact(root, () => {
      for (const { key, value, version } of batch) {
        if (isChecked(value)) continue
        const bytes = encodedAs(value)
        documents.put(key, seal(bytes, payloadCrcOf(bytes), key, version), version)
      }
    })
    if (batch.length < BATCH) return
    after = batch.at(-1)!.key
  }
}

async function moveRows(
  root: RootDatabase,
  id: string,
  manifest: Awaited<ReturnType<typeof manifestOfFiles>>,
): Promise<void> {
  const counters: Database<number, string> = root.openDB({ name: 'counters' })
  const groups: Database<object, string> = root.openDB({ name: 'groups' })
  const marks: Database<object, [number, string]> = root.openDB({ name: 'marks' })
  const rows = openRows(root)
  await transact(root, () => {
    if (rows.get(IDENTITY, identityRow)) return
    rows.put(IDENTITY, { id })
    rows.put(REVISION, counters.get('revision') ?? 0)
    rows.put(GROUP_COUNT, counters.get('group') ?? 0)
    for (const { key, value } of groups.getRange()) rows.put(groupKey(key), value)
    for (const { key, value } of marks.getRange()) rows.put(markKey(...key), value)
    putManifest(rows, manifest)
    // Within a transaction, whose commit tells.
    for (const key of [...counters.getKeys()]) void counters.remove(key)
    for (const key of [...groups.getKeys()]) void groups.remove(key)
    // Within a transaction, whose commit tells.
    for (const key of [...marks.getKeys()]) void marks.remove(key)
  })
}
