import { type ChildProcess, fork } from 'node:child_process'
import type { CheckAnswer, CheckTask } from './checker.ts'

const CHECKER = new URL('checker.ts', import.meta.url).pathname
/** What takes longer hangs. */
const PATIENCE_MS = 60_000

/** A process that checks, replaced when it dies or hangs. */
export function createChecker() {
  let child: ChildProcess | undefined
  const stop = () => {
    child?.kill('SIGKILL')
    child = undefined
  }
  return {
    stop,
    /** In words, what is broken. */
    check(task: CheckTask): Promise<readonly string[]> {
      child ??= fork(CHECKER, {
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      })
      const running = child
      return new Promise((resolve) => {
        const end = (broken: readonly string[]) => {
          clearTimeout(patience)
          running.off('message', answered).off('exit', ended)
          resolve(broken)
        }
        const answered = (answer: unknown) => end((answer as CheckAnswer).broken)
        const ended = (code: number | null, signal: string | null) => {
          child = undefined
          end([`the process ended with ${signal ?? code}`])
        }
        const patience = setTimeout(() => {
          end([`nothing came of it in ${PATIENCE_MS / 1000} s`])
          stop()
        }, PATIENCE_MS)
        running.on('message', answered).on('exit', ended)
        running.send(task)
      })
    },
  }
}
