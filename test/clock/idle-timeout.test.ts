import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idleTimeout, pause } from '../../src/clock/machine-time.ts'

test('an idle timeout aborts after its time, unless it is stopped, and tells why', async () => {
  const [left, stopped, unstarted] = [idleTimeout(20), idleTimeout(20), idleTimeout(20)]
  left.restart()
  stopped.restart()
  stopped.stop()
  const aborted = new Promise<void>((resolve) =>
    left.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  // The timer does not keep a process alive by itself.
  await Promise.all([aborted, pause(60)])
  assert.equal(left.signal.reason.name, 'TimeoutError')
  assert.deepEqual([stopped.signal.aborted, unstarted.signal.aborted], [false, false])
})
