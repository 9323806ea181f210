import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { temporaryFolder } from '../../process.ts'
import { seeded, TEST_SEED } from '../seeded.ts'
import { compareWithReal } from './cuts.ts'
import { Disk } from './disk.ts'
import { power } from './power.ts'
import { compileRecorder, missing, treeOf } from './record.ts'
import { recordEngine } from './record-engine.ts'
import { eventsOf } from './trace.ts'

const skip = missing() ?? false

test('what the recorder saw rebuilds the folder byte for byte', { skip }, async (context) => {
  const folder = temporaryFolder(context)
  const recording = await recordEngine({ folder, library: compileRecorder(folder), seed: 7 })
  const { disk } = recording
  for (const event of eventsOf(readFileSync(recording.trace))) if (event.kind !== 'note') disk.happen(event)
  assert.deepEqual(compareWithReal(disk, recording, folder), [])
  assert.ok(treeOf(recording.root).size > 50)
})

test('after a power cut everything that was acknowledged is there', { skip }, async () => {
  const { failures } = await power.prove({ seed: TEST_SEED, rounds: 16, say: () => undefined })
  assert.deepEqual(failures, [])
})

test('a disk keeps what was synced, and of the rest anything', (context) => {
  const data = (text: string) => Buffer.from(text)
  const folder = temporaryFolder(context)
  const disk = new Disk(folder)
  const inode = statSync(folder).ino
  disk.happen({ kind: 'file', inode: -2, path: 'synced' })
  disk.happen({ kind: 'write', inode: -2, at: 0, data: data('first'), isDurable: false })
  disk.happen({ kind: 'sync-begin', inode: -2, sync: 'a' })
  disk.happen({ kind: 'write', inode: -2, at: 0, data: data('later'), isDurable: false })
  disk.happen({ kind: 'sync-end', inode: -2, sync: 'a' })
  disk.happen({ kind: 'sync-begin', inode, sync: 'b' })
  disk.happen({ kind: 'sync-end', inode, sync: 'b' })
  disk.happen({ kind: 'file', inode: -3, path: 'unsynced' })
  const left = new Set<string>()
  for (let seed = 0; seed < 60; seed++) {
    const cut = join(temporaryFolder(context), 'cut')
    mkdirSync(cut)
    disk.writeCut(cut, seeded(seed))
    left.add(
      [...treeOf(cut)]
        .map(([name, bytes]) => `${name}=${bytes}`)
        .sort()
        .join(' '),
    )
  }
  assert.deepEqual([...left].sort(), [
    'synced=first',
    'synced=first unsynced=',
    'synced=later',
    'synced=later unsynced=',
  ])
})
