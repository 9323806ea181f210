import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Seeded } from '../seeded.ts'
import { DiskFile } from './disk-file.ts'
import type { TraceEvent } from './trace.ts'

/** That a name means a node from now on, or nothing. Those of one rename have the same order. */
interface NameChange {
  readonly order: number
  readonly folder: DiskFolder
  readonly name: string
  readonly node: DiskNode | undefined
}
interface DiskFolder {
  /** As a running system sees them. */
  readonly names: Map<string, DiskNode>
  readonly durable: Map<string, DiskNode>
}
type DiskNode = DiskFile | DiskFolder

const createFolder = (): DiskFolder => ({ names: new Map(), durable: new Map() })

/**
 * A disk to which a trace's events happen, one after another. Strict as POSIX is: bytes are durable when their file was
 * synced, a name when its folder was.
 */
export class Disk {
  private readonly root = createFolder()
  private readonly nodes = new Map<number, DiskNode>()
  /** Names that no sync has made durable yet, in their order. */
  private pending: NameChange[] = []
  private readonly syncs = new Map<string, number>()
  private order = 0

  /** With everything that `folder` holds now, which is durable. Its events are to be those from now on. */
  constructor(folder: string) {
    this.load(folder, this.root)
  }

  private load(path: string, folder: DiskFolder): void {
    this.nodes.set(statSync(path).ino, folder)
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      const at = join(path, entry.name)
      // A file with two names is one.
      const known = this.nodes.get(statSync(at).ino)
      const node = known ?? (entry.isDirectory() ? createFolder() : new DiskFile(readFileSync(at)))
      folder.names.set(entry.name, node)
      folder.durable.set(entry.name, node)
      if (node instanceof DiskFile) this.nodes.set(statSync(at).ino, node)
      else this.load(at, node)
    }
  }

  happen(event: TraceEvent): void {
    const order = ++this.order
    if (event.kind === 'file' || event.kind === 'folder') {
      const node = event.kind === 'file' ? new DiskFile() : createFolder()
      this.nodes.set(event.inode, node)
      this.rename(order, [[event.path, node]])
    } else if (event.kind === 'write' || event.kind === 'truncate') {
      const file = this.nodes.get(event.inode)
      if (!(file instanceof DiskFile)) throw new Error(`a write to the unknown file ${event.inode}`)
      if (event.kind === 'truncate') file.add({ order, at: event.size, isDurable: false })
      else file.add({ order, at: event.at, data: event.data, isDurable: event.isDurable })
    } else if (event.kind === 'unlink') this.rename(order, [[event.path, undefined]])
    else if (event.kind === 'link') this.rename(order, [[event.to, this.find(event.from)]])
    else if (event.kind === 'rename') {
      const node = this.find(event.from)
      this.rename(order, [
        [event.from, undefined],
        [event.to, node],
      ])
    } else if (event.kind === 'sync-begin') this.syncs.set(event.sync, order)
    else if (event.kind === 'sync-end') this.sync(event.inode, this.syncs.get(event.sync)!)
    else if (event.kind === 'unfollowed') throw new Error(`the recorder cannot follow ${event.what}`)
  }

  /** Makes in `path`, an empty folder, what a running system sees. */
  writeWhole(path: string): void {
    writeTree(
      path,
      (folder) => folder.names,
      this.root,
      (file) => file.whole(),
    )
  }

  /** Makes in `path`, an empty folder, what a power cut at this moment may leave. */
  writeCut(path: string, random: Seeded): void {
    const names = this.namesAfterCut(random)
    writeTree(
      path,
      (folder) => names.get(folder) ?? folder.durable,
      this.root,
      (file) => file.afterCut(random),
    )
  }

  private find(path: string): DiskNode {
    let node: DiskNode = this.root
    for (const name of path.split('/').filter(Boolean)) {
      const next: DiskNode | undefined = node instanceof DiskFile ? undefined : node.names.get(name)
      if (!next) throw new Error(`the trace speaks of ${path}, which is not there`)
      node = next
    }
    return node
  }

  private rename(order: number, changes: readonly (readonly [string, DiskNode | undefined])[]): void {
    for (const [path, node] of changes) {
      const parent = dirname(path)
      const folder = this.find(parent === '.' ? '' : parent) as DiskFolder
      const name = path.slice(path.lastIndexOf('/') + 1)
      if (node) folder.names.set(name, node)
      else folder.names.delete(name)
      this.pending.push({ order, folder, name, node })
    }
  }

  private sync(inode: number, order: number): void {
    const node = this.nodes.get(inode)
    if (node instanceof DiskFile) node.sync(order)
    const isDone = (change: NameChange) => change.folder === node && change.order < order
    for (const change of this.pending.filter(isDone)) set(change.folder.durable, change)
    this.pending = this.pending.filter((change) => !isDone(change))
  }

  /** Either a journal's prefix of the pending names, or any of them; a rename goes as one. */
  private namesAfterCut(random: Seeded): ReadonlyMap<DiskFolder, Map<string, DiskNode>> {
    const way = random.pick(['nothing', 'everything', 'prefix', 'any', 'any'])
    const count = this.pending.length
    const orders = [...new Set(this.pending.map(({ order }) => order))]
    const last = orders[random.below(orders.length)] ?? 0
    const share = random.pick([0.2, 0.5, 0.8])
    const lucky = new Set(orders.filter(() => random.next() < share))
    const stays = ({ order }: NameChange) =>
      way === 'everything' || (way === 'prefix' && order <= last) || (way === 'any' && lucky.has(order))
    const names = new Map<DiskFolder, Map<string, DiskNode>>()
    for (const change of count > 0 ? this.pending.filter(stays) : []) {
      const found = names.get(change.folder) ?? new Map(change.folder.durable)
      names.set(change.folder, found)
      set(found, change)
    }
    return names
  }
}

function set(names: Map<string, DiskNode>, { name, node }: NameChange): void {
  if (node) names.set(name, node)
  else names.delete(name)
}

function writeTree(
  path: string,
  namesOf: (folder: DiskFolder) => ReadonlyMap<string, DiskNode>,
  root: DiskFolder,
  contentOf: (file: DiskFile) => Buffer,
): void {
  const written = new Map<DiskFile, string>()
  const write = (at: string, folder: DiskFolder) => {
    for (const [name, node] of namesOf(folder)) {
      const target = join(at, name)
      const twin = node instanceof DiskFile ? written.get(node) : undefined
      if (twin) linkSync(twin, target)
      else if (node instanceof DiskFile) {
        writeFileSync(target, contentOf(node))
        written.set(node, target)
      } else {
        mkdirSync(target)
        write(target, node)
      }
    }
  }
  write(path, root)
}
