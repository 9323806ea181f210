import type { Settings } from '../server/config.ts'
import { CommandFailure, EXIT } from './command.ts'

const DATA_FOLDER_EXITS: Readonly<Record<string, number>> = {
  Busy: EXIT.busy,
  UnknownVersion: EXIT.unknownVersion,
  Damaged: EXIT.damaged,
}

/** A user's mistake or the machine's state as one line and an exit code; anything else stays the error it is. */
export function startFailureOf(
  error: unknown,
  {
    host,
    port,
    tlsCert,
    tlsKey,
  }: Pick<Settings, 'host' | 'port'> & Partial<Pick<Settings, 'tlsCert' | 'tlsKey'>>,
): unknown {
  if (!(error instanceof Error)) return error
  const { name, code, message, path } = error as NodeJS.ErrnoException
  if (name === 'DataFolderError')
    return new CommandFailure(message, DATA_FOLDER_EXITS[String(code)] ?? EXIT.failure)
  if (name === 'EngineError' && code === 'Damaged') return new CommandFailure(message, EXIT.damaged)
  if (name === 'EngineError' && code === 'StorageFull')
    return new CommandFailure(`${message}: make room, and start again`)
  switch (code) {
    case 'EADDRINUSE':
      return new CommandFailure(
        `port ${port} on ${host} is taken: stop what uses it ('standpipe doctor' says who), or give --port`,
        EXIT.busy,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new CommandFailure(`${host} is no address of this machine: give another --host`)
    case 'EACCES':
    case 'ENOENT':
    case 'EPERM':
      return path !== undefined && (path === tlsCert || path === tlsKey)
        ? ofCertificate(message)
        : new CommandFailure(message)
    default:
      return /^ERR_(OSSL|SSL|TLS)/.test(code ?? '') ? ofCertificate(message) : error
  }
}

const ofCertificate = (message: string) =>
  new CommandFailure(`--tls-cert and --tls-key cannot be used: ${message}`)

/** Of a command that opens a folder itself where it finds no server on it. */
export function folderFailureOf(error: unknown, settings: Settings): unknown {
  const failure = startFailureOf(error, settings)
  return failure instanceof CommandFailure && failure.exitCode === EXIT.busy
    ? new CommandFailure(`${failure.message}, or give the --port on which it answers`, EXIT.busy)
    : failure
}
