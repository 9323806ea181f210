/** What the model knows: every record that was acknowledged, and every object that was found. */
export interface Ledger {
  readonly records: PutRecord[]
  readonly paths: Path[]
  /** By bucket and key. */
  readonly objects: Map<string, FoundObject>
  /** The streams that there were under the one name; the last one is there now. */
  generation: number
  /** Of every shard that was ever shown, by generation and id. */
  readonly parents: Map<string, readonly string[]>
  /** How often objects were looked for. */
  harvests: number
}

export interface PutRecord {
  readonly id: number
  readonly at: number
  /** Of a record of the stream; absent for Direct PUT. */
  readonly shard?: string
  readonly sequenceNumber?: string
  /** Where a Direct PUT went. */
  readonly path?: string
  readonly generation: number
}

/** A delivery stream. */
export interface Path {
  readonly name: string
  readonly isDirectPut: boolean
  readonly isPartitioned: boolean
  readonly hasBackup: boolean
  /** Records from here on are its own. */
  readonly from: number
  version: number
}

export interface FoundObject {
  readonly path: string
  readonly kind: 'objects' | 'errors' | 'backup'
  /** What lies below its prefix: dynamic partitions have an order of their own. */
  readonly partition: string
  readonly ids: readonly number[]
  readonly harvest: number
  /** Counts the objects of an outlet, where it is known. */
  number?: number
}

export const createLedger = (): Ledger => ({
  ...{ records: [], paths: [], objects: new Map(), generation: 0, parents: new Map(), harvests: 0 },
})

export const shardKeyOf = (generation: number, shardId: string) => `${generation}/${shardId}`

export const isOwn = (path: Path, record: PutRecord): boolean =>
  record.id >= path.from && (path.isDirectPut ? record.path === path.name : record.shard !== undefined)

/** One line; some of them are no JSON, so that a query fails. */
export function textOf(id: number, customer: number, size: number): string {
  const pad = 'x'.repeat(size)
  return id % 37 === 5 ? `bad ${id} ${pad}\n` : `${JSON.stringify({ id, customer: `c${customer}`, pad })}\n`
}

export function idOf(text: string): number {
  const found = /^(?:bad |\{"id":)(\d+)/.exec(text)
  if (!found) throw new Error(`an object holds what nobody put: ${text.slice(0, 80)}`)
  return Number(found[1])
}
