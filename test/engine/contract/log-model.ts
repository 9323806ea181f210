import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { MovableClock } from '../../../src/clock/clock.ts'
import { isEngineError, type LogStore } from '../../../src/engine/ports/engine.ts'

const RETENTION_MS = 1000 * 3_600_000
const bytes = (text: string) => Buffer.from(text)

const log = fc.constantFrom('a', 'b')
const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ append: fc.array(fc.string({ maxLength: 40 }), { maxLength: 6 }), log }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      read: fc.nat(20),
      entries: fc.integer({ min: 1, max: 8 }),
      bytes: fc.nat(60),
      log,
    }),
  },
  { weight: 1, arbitrary: fc.record({ trim: fc.nat(20), log }) },
  { weight: 1, arbitrary: fc.record({ seal: fc.constant(true), log }) },
  { weight: 1, arbitrary: fc.record({ advance: fc.nat(5000) }) },
)

/** Any interleaving of appends, trims, seals and reads behaves as a list would. */
export async function compareWithLists(logs: LogStore, clock: Pick<MovableClock, 'advance'>): Promise<void> {
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
      const group = `property-${run++}`
      await logs.ensureGroup(group, { retentionMs: RETENTION_MS })
      const model = new Map<string, { entries: [number, string][]; floor: number; sealed: boolean }>()
      for (const name of ['a', 'b']) model.set(name, { entries: [], floor: 0, sealed: false })
      for (const next of steps) {
        if ('advance' in next) {
          await clock.advance(next.advance)
          continue
        }
        const id = { group, log: next.log }
        const expected = model.get(next.log)!
        const positionOf = (index: number) =>
          expected.entries[index]?.[0] ?? (expected.entries.at(-1)?.[0] ?? 0) + 1
        if ('append' in next) {
          const appending = logs.append(id, next.append.map(bytes))
          if (expected.sealed) await assert.rejects(appending, (error) => isEngineError(error, 'LogSealed'))
          else {
            const { first } = await appending
            for (const [index, text] of next.append.entries()) expected.entries.push([first + index, text])
          }
        } else if ('seal' in next) {
          await logs.seal(id)
          expected.sealed = true
        } else if ('trim' in next) {
          await logs.trim(id, positionOf(next.trim))
          expected.floor = Math.max(expected.floor, positionOf(next.trim))
        } else {
          const from = positionOf(next.read)
          const slice = await logs.read(id, from, next)
          const readable = expected.entries.filter(([position]) => position >= Math.max(from, expected.floor))
          const wanted: [number, string][] = []
          let size = 0
          for (const [position, text] of readable) {
            // Until a limit is met: an entry of no bytes behind it is not taken any more.
            if (wanted.length === next.entries || (wanted.length > 0 && size >= next.bytes)) break
            size += Buffer.byteLength(text)
            if (wanted.length > 0 && size > next.bytes) break
            wanted.push([position, text])
          }
          assert.deepEqual(
            slice.entries.map(({ position, data }) => [position, Buffer.from(data).toString()]),
            wanted,
          )
          assert.equal(slice.atTip, wanted.length === readable.length)
          assert.equal(slice.sealed, slice.atTip && expected.sealed)
        }
      }
      await logs.dropGroup(group)
    }),
    { numRuns: 40 },
  )
}
