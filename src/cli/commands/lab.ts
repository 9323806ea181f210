import { type Receipt, receipt, usedBetween } from '../../metrics/cost.ts'
import { US_EAST_1 } from '../../metrics/prices.ts'
import type { Settings } from '../../server/config.ts'
import { ask, endpointOf, type Health, isRunning } from '../client.ts'
import { CLIENT_SETTINGS, CommandFailure, command } from '../command.ts'
import { clientsOf, createLabRun, type LabRun, loadSdk, refuseToTouch } from '../lab/lab-run.ts'
import { deliverySteps, directPutSteps, streamSteps } from '../lab/steps.ts'
import { usdText } from '../terminal-text.ts'
import { receiptLines } from './cost.ts'

export const lab = command({
  name: 'lab',
  args: '',
  doc: 'do the whole lab: stream, delivery, objects, cost; explained, and cleaned up',
  settings: CLIENT_SETTINGS,
  flags: {},
  async run(call) {
    const sdk = await loadSdk()
    const server = await serverOf(call.settings)
    const settings = { ...call.settings, port: server.port }
    if (!call.json)
      call.out(
        `The lab on ${endpointOf(settings)}${server.isOwn ? ', a server in memory only, for this run: none was running' : ''}`,
      )
    const clients = clientsOf(sdk, settings)
    const interrupted = new AbortController()
    const interrupt = () => interrupted.abort(new CommandFailure('interrupted'))
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt).on('SIGPIPE', interrupt)
    try {
      await refuseToTouch(clients)
      const before = await ask<Receipt>(settings, 'api/cost')
      const run = await createLabRun({ ...call, settings }, clients, interrupted.signal)
      await withCleanUp(run, async () => {
        await streamSteps(run)
        await deliverySteps(run)
        await directPutSteps(run)
      })
      await costStep(run, before)
    } catch (error) {
      call.progress('')
      throw error
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGPIPE', interrupt)
      clients.close()
      await server.close()
    }
    return undefined
  },
})

/** Whatever becomes of the steps, what they made is deleted. */
async function withCleanUp(run: LabRun, steps: () => Promise<void>): Promise<void> {
  try {
    await steps()
  } catch (error) {
    await run.cleanUp()
    throw error
  }
  await run.step('clean up', async () => {
    await run.cleanUp()
    return { text: 'Deleted everything that the lab made.' }
  })
}

const costStep = (run: LabRun, before: Receipt) =>
  run.step('what it would have cost', async () => {
    const after = await ask<Receipt>(run.settings, 'api/cost')
    const cost = receipt({ used: usedBetween(before.used, after.used), running: {} }, US_EAST_1)
    return {
      text: `On AWS this run would have cost ${usdText(cost.total)}.`,
      details: receiptLines(cost),
      cost,
    }
  })

/** The server that answers, or one that lives as long as this run. */
async function serverOf(settings: Settings) {
  if (await isRunning(settings)) {
    const { s3Endpoint } = await ask<Health>(settings, 'health')
    if (s3Endpoint !== undefined)
      throw new CommandFailure(
        `the server on port ${settings.port} delivers to ${s3Endpoint}, where the lab has no bucket: give a free --port`,
      )
    return { isOwn: false, port: settings.port, close: async () => undefined }
  }
  const { start } = await import('../../start.ts')
  const standpipe = await start({ ...settings, port: 0, ephemeral: true, s3Endpoint: undefined })
  return { isOwn: true, port: standpipe.port, close: standpipe.close }
}
