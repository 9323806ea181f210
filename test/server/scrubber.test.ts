import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { soon } from '../../src/clock/machine-time.ts'
import type { Engine } from '../../src/engine/ports/engine.ts'
import { createProblems } from '../../src/metrics/problems.ts'
import { isNextDue, PASS_MS, pauseMs, startScrubber } from '../../src/server/verify.ts'
import { openEmbedded } from '../engine/embedded-subject.ts'

const MiB = 2 ** 20
const DAY_MS = 24 * 3_600_000

test('a pass goes on slowly, and the next one begins 30 days after it began', () => {
  const pass = { beganAt: 1000, bytes: 5 * MiB, lastBytes: 0, isOver: false }
  assert.equal(pauseMs(pass, MiB, 2000), 8000)
  const large = { ...pass, lastBytes: 4 * 2 ** 40 }
  assert.ok(pauseMs(large, MiB, 2000) < 1000)
  const over = { ...pass, isOver: true }
  assert.equal(pauseMs(over, 0, 1000 + PASS_MS - 5000), 5000)
  assert.equal(pauseMs(over, 0, 1000 + DAY_MS), 3_600_000)
  assert.deepEqual(
    [isNextDue(over, PASS_MS), isNextDue(over, 1000 + PASS_MS), isNextDue(pass, 1000 + PASS_MS)],
    [false, true, false],
  )
})

/** A scrubber that does a step whenever it is told to. */
function driven(engine: Engine, problems: ReturnType<typeof createProblems>, now: () => number) {
  let step = () => {}
  let asked = () => {}
  const later: typeof soon = (_pause, task) => ({
    ask() {
      step = task
      asked()
    },
    stop() {},
  })
  const onError = (error: unknown) => assert.ifError(error)
  const scrubber = startScrubber({ engine, problems, machineNow: now, onError, later })
  return {
    close: scrubber.close,
    /** Resolves when the step is done. */
    step: () =>
      new Promise<void>((resolve) => {
        asked = resolve
        step()
      }),
  }
}

test('a scrubber finds damaged blobs, goes on where it stood, and begins again after 30 days', async () => {
  const problems = createProblems({ now: () => 0, warn: () => {}, info: () => {} })
  const { engine, close } = await openEmbedded({ problems })
  const writer = await engine.blobs.create()
  await writer.write(Buffer.alloc(3 * MiB, 'x'))
  const { id, sizeBytes, checksums } = await writer.finish()
  const contents = { sizeBytes, checksums: checksums.map((checksum, index) => (index === 2 ? 0 : checksum)) }
  await engine.metadata.commit([{ put: `s3/x/${id}`, value: contents }])
  let now = DAY_MS
  const reads: string[] = []
  const verify = engine.blobs.verify
  Object.assign(engine.blobs, {
    verify: (blob: string, of: Parameters<typeof verify>[1]) => {
      reads.push(blob)
      return verify(blob, of)
    },
  })
  const first = driven(engine, problems, () => now)
  await first.step()
  const [found] = problems.list()
  assert.equal(found?.where, 'blobs')
  assert.match(found?.what ?? '', new RegExp(id))
  await first.step()
  await first.close()
  assert.equal(reads.length, 1)

  const second = driven(engine, problems, () => now)
  await second.step()
  assert.equal(reads.length, 1, 'what was read is not read again before its time')
  now += PASS_MS
  await second.step()
  assert.equal(reads.length, 2)
  await second.close()
  await close()
})
