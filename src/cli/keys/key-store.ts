import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { ask, askHealth, servesFolder } from '../client.ts'
import { type Call, CommandFailure } from '../command.ts'
import { folderFailureOf } from '../start-failure.ts'
import type { CallIam } from './iam-users.ts'

/** Where keys are kept, and how they are changed. */
export interface KeyStore {
  readonly call: CallIam
  /** Of the running server; `stopped`: the folder itself was opened. */
  readonly mode: 'open' | 'closed' | 'stopped'
  close(): Promise<void>
}

/** A running server's, by IAM, with the environment's key; or a data folder's that no server uses; with `mayBeNew` it is made. */
export async function openKeyStore(
  { server, settings }: Pick<Call, 'server' | 'settings'>,
  mayBeNew = false,
): Promise<KeyStore> {
  if (await servesFolder(server, settings)) {
    const { access } = await askHealth(server)
    const call: CallIam = (operation, input) => ask(server, `api/aws/iam/${operation}`, input)
    return { call, mode: access, close: async () => undefined }
  }
  const { openFolderIam } = await import('../../server/stored-data.ts')
  const { account, region, data } = settings
  if (!mayBeNew && !existsSync(data))
    throw new CommandFailure(`there is no data folder ${resolve(data)}: give --data, or --port of a server`)
  const onError = (error: unknown) => {
    throw error
  }
  const iam = await openFolderIam({ folder: resolve(data), account, region, onError }).catch((error) => {
    throw folderFailureOf(error, settings)
  })
  const call: CallIam = async <T>(operation: string, input: object) => {
    try {
      return (await iam.call(operation, input)) as T
    } catch (error) {
      if (error instanceof Error && error.name === 'ServiceException') throw new CommandFailure(error.message)
      throw error
    }
  }
  return { call, mode: 'stopped', close: iam.close }
}
