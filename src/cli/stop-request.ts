import { machineClock } from './machine-clock.ts'

const LOOK_EVERY_MS = 500

/** Resolves when the process shall stop, with the reason. A second signal ends it at once. */
export function stopRequest(env: Readonly<Record<string, string | undefined>>): Promise<string> {
  return new Promise((resolve) => {
    const onSignal = (signal: NodeJS.Signals) => {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
      resolve(signal)
    }
    process.on('SIGINT', onSignal).on('SIGTERM', onSignal)
    if (env.npm_lifecycle_event !== undefined) onParentGone(() => resolve('npm ended'))
  })
}

/** npm passes SIGTERM only to the shell that it runs a script in; the shell dies without passing it on. */
function onParentGone(gone: () => void): void {
  const parent = process.ppid
  const look = () => {
    if (process.ppid !== parent) gone()
    else machineClock.at(machineClock.now() + LOOK_EVERY_MS, look)
  }
  look()
}
