import { pause } from '../clock/machine-time.ts'
import { isEngineError, type LogStore } from './ports/engine.ts'

const LEAST_PAUSE_MS = 5
const MOST_PAUSE_MS = 100

/**
 * The same logs for who throttles nobody: what is more than the disk can take is appended when it can, however long that
 * takes. Machine time, as the disk's is. What waits is bounded by what requests may hold.
 */
export const patientLogs = (logs: LogStore): LogStore => ({
  ...logs,
  async append(...asked) {
    for (let pauseMs = LEAST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MOST_PAUSE_MS)) {
      try {
        return await logs.append(...asked)
      } catch (error) {
        if (!isEngineError(error, 'Overloaded')) throw error
      }
      await pause(pauseMs)
    }
  },
})
