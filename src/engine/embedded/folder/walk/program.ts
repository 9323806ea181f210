/**
 * `node program.js METADATA-FOLDER VERSION [COPY-TO]`: reads everything in a metadata file, in a process of its
 * own, since garbage in it can end the process that reads it. Prints what it found as JSON (Walk). With a folder to
 * copy to, whatever is whole goes there.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Database, RootDatabase } from 'lmdb'
import { FOLDER_MODE } from '../../files/private-files.ts'
import { GROUPS, groupRow } from '../../log/catalog.ts'
import { isLogRow } from '../../log/log-manifest.ts'
import { openDatabase, openDatabaseToRead, openDocuments } from '../../metadata/database.ts'
import { isSound } from '../../metadata/document-bytes.ts'
import { GROUP_COUNT, openRows, REVISION } from '../../metadata/rows.ts'
import { brokenPages } from './page-headers.ts'

export interface Walk {
  readonly entries: number
  /** The keys of what is not as it was written, and the pages that must not be written to. */
  readonly damaged: readonly string[]
  /** Rows of the log's manifest are among them. */
  readonly isManifestDamaged: boolean
}

interface Entry {
  readonly key: Buffer
  readonly value: Buffer
  readonly version: number
}

const DOCUMENTS = 'documents'
const ROWS = 'rows'
/** Above what can have been given out by what is not known any more. */
const MARGIN = 2 ** 20
const COPIED_AT_ONCE = 1000

/** Throws where the keys do not rise: a file whose pages point in a circle has no end. */
function* entriesOf(database: Database<Buffer, Buffer>, name: string): Generator<Entry> {
  let before: Buffer | undefined
  for (const { key, value, version = 0 } of database.getRange({ versions: name === DOCUMENTS })) {
    if (before && Buffer.compare(before, key) >= 0) throw new Error(`the keys of ${name} are out of order`)
    before = Buffer.from(key)
    yield { key: before, value: Buffer.from(value), version }
  }
}

const open = (root: RootDatabase, name: string): Database<Buffer, Buffer> =>
  name === DOCUMENTS ? openDocuments(root) : root.openDB({ name, encoding: 'binary', keyEncoding: 'binary' })

async function walk(folder: string, dataVersion: number, copyTo: string | undefined): Promise<Walk> {
  const root = openDatabaseToRead(folder)
  const isPlain = dataVersion === 1
  if (copyTo !== undefined) mkdirSync(copyTo, { recursive: true, mode: FOLDER_MODE })
  const copy = copyTo === undefined ? undefined : openDatabase(copyTo)
  const damaged: string[] = []
  let [entries, highestVersion, isManifestDamaged] = [0, 0, false]
  for (const name of isPlain ? [...root.getKeys()].map(String) : [DOCUMENTS, ROWS]) {
    const target = copy && open(copy, name)
    let whole: Entry[] = []
    const flush = async () => {
      await copy?.transaction(() => {
        for (const { key, value, version } of whole) void target!.put(key, value, version)
      })
      whole = []
    }
    for (const entry of entriesOf(open(root, name), name)) {
      entries++
      highestVersion = Math.max(highestVersion, entry.version)
      const key = entry.key.toString()
      if (isPlain || isSound(entry.value, entry.key, entry.version)) whole.push(entry)
      else {
        damaged.push(key)
        isManifestDamaged ||= name === ROWS && isLogRow(key)
      }
      if (whole.length === COPIED_AT_ONCE) await flush()
    }
    await flush()
  }
  // Of version 1 nothing can be told that is damaged and can be read.
  if (!isPlain) for (const page of brokenPages(join(folder, 'data.mdb'))) damaged.push(`page ${page}`)
  if (copy) await finishCopy(copy, damaged, highestVersion)
  await root.close()
  return { entries, damaged, isManifestDamaged }
}

/** Neither a revision nor a group's id may be given twice, though nobody knows any more how far they had come. */
async function finishCopy(copy: RootDatabase, damaged: readonly string[], highestVersion: number) {
  const rows = openRows(copy)
  await copy.transaction(() => {
    if (damaged.includes(REVISION)) rows.put(REVISION, highestVersion + MARGIN)
    const groupIds = rows.list(GROUPS, groupRow).map(([, { id }]) => id)
    if (damaged.includes(GROUP_COUNT)) rows.put(GROUP_COUNT, Math.max(0, ...groupIds) + MARGIN)
  })
  await copy.close()
}

const [folder = '', version = '', copyTo] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await walk(folder, Number(version), copyTo)))
