/**
 * `node program.js METADATA-FOLDER VERSION [COPY-TO]`: reads everything in a metadata file, in a process of its
 * own, since garbage in it can end the process that reads it. Prints what it found as JSON (Walk). With a folder to
 * copy to, whatever is whole goes there.
 */
import { closeSync, mkdirSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { Database, RootDatabase } from 'lmdb'
import { FOLDER_MODE } from '../../files/private-files.ts'
import { GROUPS, groupRow } from '../../log/catalog.ts'
import { isLogRow } from '../../log/log-manifest.ts'
import { openDatabase, openDatabaseToRead, openDocuments } from '../../metadata/database.ts'
import { isSound } from '../../metadata/document-bytes.ts'
import { GROUP_COUNT, openRows, REVISION } from '../../metadata/rows.ts'

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
        // Within a transaction, whose commit tells.
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

/** Where LMDB's pages, meta pages and nodes have what is looked at (mdb.c: MDB_page_header, MDB_meta, MDB_db, MDB_node). */
const PAGE = { number: 0, transaction: 8, kind: 18, lower: 20, upper: 22, nodes: 24 }
const META = { magic: 24, version: 28, free: 48, main: 96, lastPage: 144, transaction: 152 }
const TREE = { pageBytes: 0, root: 40 }
const NODE = { low: 0, high: 2, flags: 4, keyBytes: 6, key: 8 }
const BRANCH = 1
const LEAF = 2
const VALUE = 4
const IS_ELSEWHERE = 1
const IS_TREE = 2
const NO_PAGE = 2n ** 64n - 1n

interface Place {
  readonly number: bigint
  /** Of one large value, whose further pages have no headers. */
  readonly isValue?: boolean
}

/**
 * The pages of a metadata file whose headers cannot be right. Reading hardly looks at them, but LMDB believes them when it
 * writes: then it overwrites other pages, or breaks its own memory. Throws where a tree leads out of the file; none of
 * a file that LMDB would not take for its own.
 */
function brokenPages(path: string): number[] {
  const file = openSync(path, 'r')
  try {
    const newest = metaPagesOf(file).toSorted((a, b) => Number(transactionOf(b) - transactionOf(a)))[0]
    if (!newest) return []
    const bytes = newest.readUInt32LE(META.free + TREE.pageBytes)
    const [broken, seen]: [number[], Set<bigint>] = [[], new Set()]
    const waiting = [META.free, META.main].map((tree): Place => ({ number: rootOf(newest, tree) }))
    for (let place = waiting.pop(); place; place = waiting.pop()) {
      const { number } = place
      if (number === NO_PAGE || seen.has(number)) continue
      if (number > newest.readBigUInt64LE(META.lastPage)) throw new Error(`there is no page ${number}`)
      seen.add(number)
      const page = readAt(file, Number(number) * bytes, bytes)
      if (!isFit(page, place, transactionOf(newest))) broken.push(Number(number))
      else if (!place.isValue) waiting.push(...placesBelow(page))
    }
    return broken
  } finally {
    closeSync(file)
  }
}

const transactionOf = (meta: Buffer): bigint => meta.readBigUInt64LE(META.transaction)
const rootOf = (from: Buffer, tree: number): bigint => from.readBigUInt64LE(tree + TREE.root)

function metaPagesOf(file: number): Buffer[] {
  const first = readAt(file, 0, 4096)
  const isOurs = (page: Buffer) =>
    page.readUInt32LE(META.magic) === 0xbeefc0de && page.readUInt32LE(META.version) === 2
  if (!isOurs(first)) return []
  return [first, readAt(file, first.readUInt32LE(META.free + TREE.pageBytes), 4096)].filter(isOurs)
}

/** Its number, of no later transaction than the last, of its kind, and its nodes between their bound and the page's end. */
function isFit(page: Buffer, { number, isValue }: Place, last: bigint): boolean {
  const kind = page.readUInt16LE(PAGE.kind)
  const isKnown = isValue ? kind === VALUE : kind === BRANCH || kind === LEAF
  if (!isKnown || page.readBigUInt64LE(PAGE.number) !== number) return false
  if (page.readBigUInt64LE(PAGE.transaction) > last) return false
  if (isValue) return true
  const [lower, upper] = [page.readUInt16LE(PAGE.lower), page.readUInt16LE(PAGE.upper)]
  const end = page.length - PAGE.nodes
  return (
    lower % 2 === 0 &&
    lower <= upper &&
    upper <= end &&
    nodesOf(page).every((at) => at >= upper && at + NODE.key <= end)
  )
}

/** Where the nodes begin, counted from the header's end as all within a page is. */
const nodesOf = (page: Buffer): number[] =>
  Array.from({ length: page.readUInt16LE(PAGE.lower) >> 1 }, (_, index) =>
    page.readUInt16LE(PAGE.nodes + index * 2),
  )

function placesBelow(page: Buffer): Place[] {
  const isBranch = page.readUInt16LE(PAGE.kind) === BRANCH
  return nodesOf(page).flatMap((at): Place | [] => {
    const node = page.subarray(PAGE.nodes + at)
    const [low, high] = [node.readUInt16LE(NODE.low), node.readUInt16LE(NODE.high)]
    const flags = node.readUInt16LE(NODE.flags)
    const value = NODE.key + node.readUInt16LE(NODE.keyBytes)
    if (isBranch) return { number: (BigInt(flags) << 32n) | BigInt(high * 2 ** 16 + low) }
    if (flags & IS_ELSEWHERE) return { number: node.readBigUInt64LE(value), isValue: true }
    return flags & IS_TREE ? { number: rootOf(node, value) } : []
  })
}

function readAt(file: number, at: number, bytes: number): Buffer {
  const page = Buffer.alloc(bytes)
  if (readSync(file, page, 0, bytes, at) !== bytes) throw new Error('the file ends before its last page')
  return page
}

const [folder = '', version = '', copyTo] = process.argv.slice(2)
process.stdout.write(JSON.stringify(await walk(folder, Number(version), copyTo)))
