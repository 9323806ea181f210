import { resolve } from 'node:path'
import { defaultSettings, type Settings } from '../../server/config.ts'
import { ask, askPatiently, endpointOf, type Health, isRunning } from '../client.ts'
import { CLIENT_SETTINGS, CommandFailure, command } from '../command.ts'
import { bytesText, countText } from '../terminal-text.ts'
import { startFailureOf } from './start.ts'

interface Backup {
  readonly directory: string
  readonly copiedFiles: number
  readonly copiedBytes: number
  readonly linkedFiles: number
}

export const backup = command({
  name: 'backup',
  args: 'DIRECTORY',
  doc: 'copy all data of a running or a stopped server; start --data DIRECTORY goes on from it',
  settings: [...CLIENT_SETTINGS, 'data'],
  flags: { 'with-keys': { doc: 'with the file that the secrets of IAM keys are encrypted with' } },
  async run({ settings, flags, args: [directory = ''], json, out }) {
    const withKeys = flags['with-keys'] === true
    const target = resolve(directory)
    const running = await serverOf(settings)
    const made = running
      ? await askPatiently<Backup>(settings, 'api/backup', { directory: target, withKeys })
      : await ofFolder(settings, target, withKeys)
    if (json) out(JSON.stringify(made))
    else {
      const { copiedFiles, copiedBytes, linkedFiles } = made
      const linked = linkedFiles > 0 ? `, ${countText(linkedFiles, 'file')} linked` : ''
      const whose = running ? `the server on ${endpointOf(settings)}` : resolve(settings.data)
      out(`Backed up ${whose} to ${made.directory}`)
      out(`${countText(copiedFiles, 'file')} copied (${bytesText(copiedBytes)})${linked}`)
    }
    return undefined
  },
})

/** Whether a server runs that is meant: one on the port, unless --data names another folder than it uses. */
async function serverOf(settings: Settings): Promise<boolean> {
  if (!(await isRunning(settings))) return false
  const { dataDir } = await ask<Health>(settings, 'health')
  return (
    settings.data === defaultSettings.data ||
    dataDir === undefined ||
    resolve(dataDir) === resolve(settings.data)
  )
}

async function ofFolder(settings: Settings, target: string, withKeys: boolean): Promise<Backup> {
  const { backUpFolder } = await import('../../server/stored-data.ts')
  try {
    return await backUpFolder(settings.data, target, { withKeys })
  } catch (error) {
    if (error instanceof Error && error.name === 'BackupError') throw new CommandFailure(error.message)
    throw startFailureOf(error, settings)
  }
}
