import { closeSync, openSync, readSync } from 'node:fs'

/** Where LMDB's pages, meta pages and nodes have what is looked at (mdb.c: MDB_page_header, MDB_meta, MDB_db, MDB_node). */
const PAGE = { number: 0, flags: 18, lower: 20, nodes: 24 }
const META = { magic: 24, version: 28, free: 48, main: 96, lastPage: 144, transaction: 152 }
const TREE = { pageBytes: 0, root: 40 }
const NODE = { low: 0, high: 2, flags: 4, keyBytes: 6, key: 8 }
const IS_BRANCH = 1
const IS_ELSEWHERE = 1
const IS_TREE = 2
const NO_PAGE = 2n ** 64n - 1n

/**
 * The pages of a metadata file that do not say their own number. Reading does not look at it, but LMDB believes it when
 * it writes: then it frees, and later overwrites, another page, or breaks its own memory. Throws where the tree leads out of the
 * file; none of a file that LMDB would not take for its own.
 */
export function misnumberedPages(path: string): number[] {
  const file = openSync(path, 'r')
  try {
    const metas = metaPagesOf(file)
    const newest = metas.toSorted((a, b) =>
      Number(b.readBigUInt64LE(META.transaction) - a.readBigUInt64LE(META.transaction)),
    )[0]
    if (!newest) return []
    const bytes = newest.readUInt32LE(META.free + TREE.pageBytes)
    const last = newest.readBigUInt64LE(META.lastPage)
    const [wrong, seen]: [number[], Set<bigint>] = [[], new Set()]
    const waiting = [META.free, META.main].map((tree) => newest.readBigUInt64LE(tree + TREE.root))
    for (let number = waiting.pop(); number !== undefined; number = waiting.pop()) {
      if (number === NO_PAGE || seen.has(number)) continue
      if (number > last) throw new Error(`there is no page ${number}`)
      seen.add(number)
      const page = readAt(file, Number(number) * bytes, bytes)
      if (page.readBigUInt64LE(PAGE.number) !== number) wrong.push(Number(number))
      waiting.push(...pagesBelow(page))
    }
    return wrong
  } finally {
    closeSync(file)
  }
}

function metaPagesOf(file: number): Buffer[] {
  const first = readAt(file, 0, 4096)
  const isOurs = (page: Buffer) =>
    page.readUInt32LE(META.magic) === 0xbeefc0de && page.readUInt32LE(META.version) === 2
  if (!isOurs(first)) return []
  return [first, readAt(file, first.readUInt32LE(META.free + TREE.pageBytes), 4096)].filter(isOurs)
}

/** Those of the tree, of the trees within it, and the first of those that hold one large value. */
function* pagesBelow(page: Buffer): Generator<bigint> {
  const flags = page.readUInt16LE(PAGE.flags)
  // Neither a branch nor a leaf: the bytes of a value.
  if ((flags & 3) === 0) return
  for (let index = 0; index < page.readUInt16LE(PAGE.lower) >> 1; index++) {
    const node = page.subarray(PAGE.nodes + page.readUInt16LE(PAGE.nodes + index * 2))
    const [low, high] = [node.readUInt16LE(NODE.low), node.readUInt16LE(NODE.high)]
    const nodeFlags = node.readUInt16LE(NODE.flags)
    const value = NODE.key + node.readUInt16LE(NODE.keyBytes)
    if (flags & IS_BRANCH) yield (BigInt(nodeFlags) << 32n) | BigInt(high * 2 ** 16 + low)
    else if (nodeFlags & IS_ELSEWHERE) yield node.readBigUInt64LE(value)
    else if (nodeFlags & IS_TREE) yield node.readBigUInt64LE(value + TREE.root)
  }
}

function readAt(file: number, at: number, bytes: number): Buffer {
  const page = Buffer.alloc(bytes)
  if (readSync(file, page, 0, bytes, at) !== bytes) throw new Error('the file ends before its last page')
  return page
}
