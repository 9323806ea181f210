import type { Gauge } from './harvest.ts'
import { type FoundObject, isOwn, type Ledger, type Path, type PutRecord, shardKeyOf } from './ledger.ts'

/** What delivery streams say of what they could not deliver. */
export type Named = ReadonlyMap<string, Gauge['gone']>

const DAY_MS = 86_400_000

/** Every promise that was not kept. */
export function broken(ledger: Ledger, named: Named, now: number): string[] {
  return ledger.paths.flatMap((path) => {
    const objects = [...ledger.objects.values()].filter((object) => object.path === path.name)
    const own = ledger.records.filter((record) => isOwn(path, record))
    const { missing, wrong } = counted(path, own, objects)
    return [
      ...wrong,
      ...misnamed(missing, named.get(path.name), ledger, now),
      ...disordered(ledger, objects),
    ].map((text) => `${path.name}${kindsOf(path)}: ${text}`)
  })
}

const kindsOf = ({ isDirectPut, isPartitioned, hasBackup }: Path) =>
  ` (${[isDirectPut ? 'Direct PUT' : 'Kinesis', isPartitioned && 'partitioned', hasBackup && 'backup'].filter(Boolean).join(', ')})`

/**
 * Each record in one place, and with a backup in another one, where the error output stands for a place that failed for
 * too long. A record is missing as often as it is too few times there.
 */
function counted({ hasBackup }: Path, own: readonly PutRecord[], objects: readonly FoundObject[]) {
  const places = hasBackup ? 2 : 1
  const counts = {
    objects: new Map<number, number>(),
    backup: new Map<number, number>(),
    all: new Map<number, number>(),
  }
  const count = (of: Map<number, number>, id: number) => of.set(id, (of.get(id) ?? 0) + 1)
  for (const { kind, ids } of objects)
    for (const id of ids) {
      count(counts.all, id)
      if (kind !== 'errors') count(counts[kind], id)
    }
  const tooOften = [
    ...[...counts.objects, ...counts.backup].filter(([, times]) => times > 1),
    ...[...counts.all].filter(([, times]) => times > places),
  ]
  const expected = new Set(own.map(({ id }) => id))
  const strange = [...counts.all.keys()].filter((id) => !expected.has(id))
  return {
    missing: own.flatMap((record) =>
      Array<PutRecord>(Math.max(0, places - (counts.all.get(record.id) ?? 0))).fill(record),
    ),
    wrong: [
      ...(tooOften.length > 0
        ? [`${tooOften.length} records too often, the first of them ${tooOften[0]![0]}`]
        : []),
      ...(strange.length > 0 ? [`${strange.length} records of others, the first of them ${strange[0]}`] : []),
    ],
  }
}

/** What is missing had left the stream, or its stream was deleted, and is named. */
function misnamed(
  missing: readonly PutRecord[],
  gone: Gauge['gone'],
  { generation }: Ledger,
  now: number,
): string[] {
  const named = gone?.records ?? 0
  const present = missing.filter((record) => record.path !== undefined || record.generation === generation)
  const young = present.filter(({ at }) => at + DAY_MS > now)
  const [first] = missing
  const place = first ? `the first of them ${first.id} of ${first.shard ?? 'Direct PUT'}` : ''
  return [
    ...(young.length > 0 ? [`${young.length} records that are still there are missing, ${place}`] : []),
    ...(named > missing.length ? [`${named} records are named as gone, ${missing.length} are`] : []),
    ...(named < missing.length && !gone?.uncounted
      ? [`${missing.length} records are gone, ${named} are named, ${place}`]
      : []),
  ]
}

/** In each object and from one object to the next: a shard's records in their order, parents before children. */
function disordered(ledger: Ledger, objects: readonly FoundObject[]): string[] {
  const ancestors = ancestry(ledger)
  return [...Map.groupBy(objects, laneOf)].flatMap(([lane, found]) => {
    const wrong = found.flatMap(({ ids }) => wrongIn(ids, ancestors))
    // Given up batches of several outlets meet among the errors.
    if (!lane.startsWith('errors')) wrong.push(...backwards(found, ancestors))
    const numbered = found.filter(({ number }) => number !== undefined)
    // Each allocation of a partition counts from one.
    if (lane === 'objects/all' || lane === 'backup/')
      wrong.push(
        ...wrongIn(
          numbered.toSorted((a, b) => a.number! - b.number!).flatMap(({ ids }) => ids),
          ancestors,
        ),
      )
    return wrong.slice(0, 1).map((text) => `${lane}: ${text}`)
  })
}

const laneOf = ({ kind, partition }: FoundObject) => `${kind}/${partition}`

/** Which log a record lay in, and which logs come before it. */
type Ancestry = (id: number) => { readonly log: string; readonly before: ReadonlySet<string> }

function ancestry({ records, parents }: Ledger): Ancestry {
  const known = new Map<string, ReturnType<Ancestry>>()
  return (id) => {
    const { shard, path = '', generation } = records[id]!
    const log = shard === undefined ? path : shardKeyOf(generation, shard)
    const found = known.get(log) ?? { log, before: ancestorsOf(parents, generation, shard) }
    known.set(log, found)
    return found
  }
}

function wrongIn(ids: readonly number[], ancestors: Ancestry): string[] {
  const last = new Map<string, number>()
  const begun = new Set<string>()
  for (const id of ids) {
    const { log, before } = ancestors(id)
    if ((last.get(log) ?? -1) > id) return [`${id} comes after ${last.get(log)} of the same shard ${log}`]
    if (begun.has(log)) return [`${id} of ${log} comes after a record of a child`]
    last.set(log, id)
    for (const parent of before) begun.add(parent)
  }
  return []
}

/** What was found later was put later, and in no parent of what was found before. */
function backwards(found: readonly FoundObject[], ancestors: Ancestry): string[] {
  const newest = new Map<string, number>()
  const begun = new Set<string>()
  for (const [, objects] of [...Map.groupBy(found, ({ harvest }) => harvest)].sort(
    ([one], [other]) => one - other,
  )) {
    const ids = objects.flatMap((object) => object.ids)
    for (const id of ids) {
      const { log } = ancestors(id)
      if ((newest.get(log) ?? -1) > id)
        return [`${id} was delivered after ${newest.get(log)} of the same shard ${log}`]
      if (begun.has(log)) return [`${id} of ${log} was delivered after a record of a child`]
    }
    for (const id of ids) {
      const { log, before } = ancestors(id)
      newest.set(log, Math.max(newest.get(log) ?? -1, id))
      for (const parent of before) begun.add(parent)
    }
  }
  return []
}

function ancestorsOf(parents: Ledger['parents'], generation: number, shard: string | undefined): Set<string> {
  const found = new Set<string>()
  const waiting = shard === undefined ? [] : [shardKeyOf(generation, shard)]
  for (let key = waiting.pop(); key !== undefined; key = waiting.pop())
    for (const parent of parents.get(key) ?? []) {
      const parentKey = shardKeyOf(generation, parent)
      if (found.has(parentKey)) continue
      found.add(parentKey)
      waiting.push(parentKey)
    }
  return found
}
