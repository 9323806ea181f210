import type { Database, RootDatabase } from 'lmdb'
import { number, shape } from '../../ports/checks.ts'
import { openDocuments } from './database.ts'
import { openRowsDatabase } from './rows.ts'

interface Pages {
  readonly pageSize: number
  readonly treeBranchPageCount: number
  readonly treeLeafPageCount: number
  readonly overflowPages: number
}
const isPages = shape<Pages>({
  ...{ pageSize: number, treeBranchPageCount: number, treeLeafPageCount: number, overflowPages: number },
})

/**
 * What the metadata take, by LMDB's own count of its pages: its file never becomes shorter, and what is deleted leaves
 * pages in it for what comes.
 */
export function metadataBytesOf(root: RootDatabase): () => number {
  const databases: readonly Database<Buffer, Buffer>[] = [openDocuments(root), openRowsDatabase(root)]
  return () => databases.reduce((sum, database) => sum + bytesOf(database.getStats()), 0)
}

function bytesOf(stats: unknown): number {
  if (!isPages(stats)) return 0
  const { pageSize, treeBranchPageCount, treeLeafPageCount, overflowPages } = stats
  return pageSize * (treeBranchPageCount + treeLeafPageCount + overflowPages)
}
