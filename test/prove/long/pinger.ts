/** A thread of its own, whose pauses are not those of whoever makes the load: asks again and again how long an answer takes. */
import { setTimeout as pause } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { Pool } from 'undici'
import type { Pause } from './pauses.ts'

const { origin, path, atLeastMs } = workerData as { origin: string; path: string; atLeastMs: number }
const EVERY_MS = 5

const pool = new Pool(origin, { connections: 1, pipelining: 1 })
let isOver = false
parentPort!.once('message', () => {
  isOver = true
})
const pauses: Pause[] = []
while (!isOver) {
  const [startedAt, fromMs] = [performance.now(), Date.now()]
  const { body } = await pool.request({ method: 'GET', path })
  await body.dump()
  const ms = performance.now() - startedAt
  if (ms >= atLeastMs) pauses.push({ fromMs, ms })
  await pause(EVERY_MS)
}
await pool.close()
parentPort!.postMessage(pauses)
parentPort!.close()
