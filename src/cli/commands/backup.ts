import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Settings } from '../../server/config.ts'
import { askPatiently, servesFolder } from '../client.ts'
import { CLIENT_SETTINGS, CommandFailure, command } from '../command.ts'
import { endpointOf, isClosed } from '../server-address.ts'
import { folderFailureOf } from '../start-failure.ts'
import { bytesText, countText } from '../terminal-text.ts'

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
  async run({ settings, server, flags, args: [directory = ''], json, out, err }) {
    const withKeys = flags['with-keys'] === true
    const target = resolve(directory)
    const running = await servesFolder(server, settings)
    const made = running
      ? await askPatiently<Backup>(server, 'api/backup', { directory: target, withKeys })
      : await ofFolder(settings, target, withKeys)
    if (json) out(JSON.stringify(made))
    else {
      const { copiedFiles, copiedBytes, linkedFiles } = made
      const linked = linkedFiles > 0 ? `, ${countText(linkedFiles, 'file')} linked` : ''
      const whose = running ? `the server on ${endpointOf(settings)}` : resolve(settings.data)
      out(`Backed up ${whose} to ${made.directory}`)
      out(`${countText(copiedFiles, 'file')} copied (${bytesText(copiedBytes)})${linked}`)
      const hasKeys = running ? await isClosed(server) : existsSync(join(settings.data, 'standpipe.key'))
      if (hasKeys && !withKeys)
        err(
          'Access keys of IAM cannot be used from there: it is without standpipe.key, which --with-keys takes.',
        )
    }
    return undefined
  },
})

async function ofFolder(settings: Settings, target: string, withKeys: boolean): Promise<Backup> {
  const { backUpFolder } = await import('../../server/stored-data.ts')
  try {
    return await backUpFolder(settings.data, target, { withKeys })
  } catch (error) {
    if (error instanceof Error && error.name === 'BackupError') throw new CommandFailure(error.message)
    throw folderFailureOf(error, settings)
  }
}
