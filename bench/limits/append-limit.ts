import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClock } from '../../src/clock/clock.ts'
import { systemRandom } from '../../src/clock/random.ts'
import { openEmbeddedEngine } from '../../src/engine/embedded/embedded-engine.ts'
import { encodeRecord, NO_HASH_KEY } from '../../src/engine/ports/record.ts'
import { repeat } from '../calls/call.ts'
import type { Limit } from '../row.ts'

/** What delivery can reach at most here: the engine's own log takes the same records, durably, and nothing else is done. */
export const appendLimit = (data: Uint8Array, perAppend: number, appends: number): Limit => ({
  name: 'log append alone',
  async run() {
    const dataDir = mkdtempSync(join(tmpdir(), 'standpipe-append-'))
    const onError = (error: unknown) => console.error(error)
    const clock = createClock({ mode: 'real', onError })
    const engine = await openEmbeddedEngine({ dataDir, clock, random: systemRandom, onError })
    await engine.logs.ensureGroup('bench', { retentionMs: 86_400_000 })
    const record = { arrivalTime: clock.now(), hashKey: NO_HASH_KEY, partitionKey: '', data }
    await repeat(appends, 4, async () => {
      const entries = Array.from({ length: perAppend }, () => encodeRecord(record))
      await engine.logs.append({ group: 'bench', log: 'records' }, entries)
    })
    await engine.close()
    clock.close()
    rmSync(dataDir, { recursive: true })
    return perAppend * appends
  },
})
