import type { Seeded } from '../seeded.ts'

/** A change of a file's bytes that no sync has made durable yet. */
export interface PendingChange {
  /** Rises over the whole trace. */
  readonly order: number
  readonly at: number
  /** None: the file is cut, or made longer, to `at`. */
  readonly data?: Buffer
  /** O_DSYNC: what it wrote is on the disk, whatever was pending beside it. */
  readonly isDurable: boolean
}

/** A file as a disk has it: what is certainly there, and what may be. */
export class DiskFile {
  private bytes: Buffer
  private size: number
  private pending: PendingChange[] = []

  constructor(bytes = Buffer.alloc(0)) {
    this.bytes = bytes
    this.size = bytes.length
  }

  add(change: PendingChange): void {
    this.pending.push(change)
  }

  /** Makes durable what was pending before `order`. */
  sync(order: number): void {
    const done = this.pending.filter((change) => change.order < order)
    this.pending = this.pending.filter((change) => change.order >= order)
    for (const change of done) this.apply(change)
  }

  /** Everything, as a running system sees it. */
  whole(): Buffer {
    return this.left(() => ({ size: this.pending.length, sector: () => this.pending.length }))
  }

  /** What a power cut may leave: each sector as it was after some of the pending changes, and so the size. */
  afterCut(random: Seeded): Buffer {
    const count = this.pending.length
    if (count === 0) return this.whole()
    const sectorBytes = random.pick([512, 4096])
    const way = random.pick([
      'nothing',
      'everything',
      'prefix',
      'torn',
      'scattered',
      'scattered',
      'size only',
    ])
    const reached = random.below(count + 1)
    const seed = random.below(2 ** 31)
    const tornAt = random.next()
    return this.left(() => {
      if (way === 'nothing') return { size: 0, sector: () => 0 }
      if (way === 'everything') return { size: count, sector: () => count }
      if (way === 'size only') return { size: count, sector: () => 0 }
      if (way === 'prefix') return { size: reached, sector: () => reached }
      if (way === 'torn') {
        const last = this.pending[Math.min(reached, count - 1)]!
        const border = (last.at + tornAt * (last.data?.length ?? 0)) / sectorBytes
        return {
          size: Math.min(count, reached + random.below(2)),
          sector: (sector) => (sector < border ? Math.min(count, reached + 1) : reached),
        }
      }
      const share = random.pick([0.1, 0.5, 0.9])
      return {
        size: random.below(count + 1),
        sector: (sector) =>
          chance(seed, sector) < share ? count : Math.floor(chance(seed + 1, sector) * count),
      }
    }, sectorBytes)
  }

  /** The content in which each sector has had its first so many changes. */
  private left(
    choose: () => { readonly size: number; readonly sector: (sector: number) => number },
    sectorBytes = 4096,
  ): Buffer {
    const chosen = choose()
    const atLeast = this.durableSectors(sectorBytes)
    const changesOf = (sector: number) => Math.max(chosen.sector(sector), atLeast.get(sector) ?? 0)
    const most = this.pending.reduce(
      (end, { at, data }) => Math.max(end, at + (data?.length ?? 0)),
      this.size,
    )
    const bytes = Buffer.alloc(most)
    this.bytes.copy(bytes, 0, 0, this.size)
    let volatileSize = this.size
    let size = this.size
    for (const [index, { at, data, isDurable }] of this.pending.entries()) {
      const from = at
      const to = data ? at + data.length : Math.max(at, volatileSize)
      for (let sector = Math.floor(from / sectorBytes); sector * sectorBytes < to; sector++) {
        if (changesOf(sector) <= index) continue
        const start = Math.max(from, sector * sectorBytes)
        const end = Math.min(to, (sector + 1) * sectorBytes)
        if (data) data.copy(bytes, start, start - at, end - at)
        else bytes.fill(0, start, end)
      }
      volatileSize = data ? Math.max(volatileSize, to) : at
      if (index < chosen.size || (isDurable && volatileSize > size)) size = volatileSize
    }
    return bytes.subarray(0, size)
  }

  /** For each sector that was written with O_DSYNC: how many of the changes it certainly has had. */
  private durableSectors(sectorBytes: number): ReadonlyMap<number, number> {
    const found = new Map<number, number>()
    for (const [index, { at, data, isDurable }] of this.pending.entries())
      if (isDurable && data)
        for (let sector = Math.floor(at / sectorBytes); sector * sectorBytes < at + data.length; sector++)
          found.set(sector, index + 1)
    return found
  }

  private apply({ at, data }: PendingChange): void {
    const end = data ? Math.max(this.size, at + data.length) : at
    if (end > this.bytes.length) {
      const grown = Buffer.alloc(Math.max(end, this.bytes.length * 2))
      this.bytes.copy(grown, 0, 0, this.size)
      this.bytes = grown
    }
    if (data) data.copy(this.bytes, at)
    else if (at < this.size) this.bytes.fill(0, at, this.size)
    this.size = end
  }
}

/** From 0 to below 1, the same for the same sector. */
function chance(seed: number, sector: number): number {
  let mixed = Math.imul(seed ^ (sector * 0x9e3779b1), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
}
