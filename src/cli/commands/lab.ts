import { type Receipt, receipt, usedBetween } from '../../metrics/cost.ts'
import { US_EAST_1 } from '../../metrics/prices.ts'
import { ask, askHealth, isRunning } from '../client.ts'
import { type Call, CLIENT_SETTINGS, CommandFailure, command } from '../command.ts'
import { clientsOf, createLabRun, type LabRun, loadSdk, refuseToTouch } from '../lab/lab-run.ts'
import { deliverySteps, directPutSteps, streamSteps } from '../lab/steps.ts'
import { endpointOf, serverAt } from '../server-address.ts'
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
    const { server, isOwn, close } = await serverOf(call)
    if (!call.json)
      call.out(
        `The lab on ${endpointOf(server)}${isOwn ? ', a server in memory only, for this run: none was running' : ''}`,
      )
    const clients = clientsOf(sdk, server)
    const interrupted = new AbortController()
    const interrupt = () => interrupted.abort(new CommandFailure('interrupted'))
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt).on('SIGPIPE', interrupt)
    try {
      await refuseToTouch(clients)
      const before = await ask<Receipt>(server, 'api/cost')
      const run = await createLabRun({ ...call, server }, clients, interrupted.signal)
      await withCleanUp(run, async () => {
        await streamSteps(run)
        await deliverySteps(run)
        await directPutSteps(run)
      })
      await costStep(run, before)
    } catch (error) {
      call.progress('')
      throw isAnswerOfAws(error) ? new CommandFailure(`${error.name}: ${error.message}`) : error
    } finally {
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt).off('SIGPIPE', interrupt)
      clients.close()
      await close()
    }
    return undefined
  },
})

const isAnswerOfAws = (error: unknown): error is Error => error instanceof Error && '$metadata' in error

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
    const after = await ask<Receipt>(run.server, 'api/cost')
    const cost = receipt({ used: usedBetween(before.used, after.used), running: {} }, US_EAST_1)
    return {
      text: `On AWS this run would have cost ${usdText(cost.total)}.`,
      details: receiptLines(cost),
      cost,
    }
  })

/** The server that answers, or one that lives as long as this run. */
async function serverOf({ settings, server }: Pick<Call, 'settings' | 'server'>) {
  if (await isRunning(server)) {
    const { s3Endpoint } = await askHealth(server)
    if (s3Endpoint !== undefined)
      throw new CommandFailure(
        `the server on port ${settings.port} delivers to ${s3Endpoint}, where the lab has no bucket: give a free --port`,
      )
    return { isOwn: false, server, close: async () => undefined }
  }
  const { start } = await import('../../start.ts')
  const own = { port: 0, ephemeral: true, s3Endpoint: undefined, auth: undefined, accessLog: undefined }
  const standpipe = await start({ ...settings, ...own })
  return { isOwn: true, server: serverAt({ ...settings, port: standpipe.port }, {}), close: standpipe.close }
}
