import type { Credentials } from '../../auth/credentials.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import type { Problems } from '../../metrics/problems.ts'
import type { Settings } from '../config.ts'
import type { Log } from '../log.ts'
import { createGate, type Gate } from './gatekeeper.ts'
import { openFileKeys } from './keys/from-file.ts'
import { createKeptKeys, type KeptKeys } from './keys/kept-over-reset.ts'
import { countKeys } from './keys/made-in-folder.ts'
import { rereadKeys } from './keys/reread.ts'
import { accessLine, createRequestNotes, debugFields, type RequestNotes } from './requests/access-log.ts'
import { openLines } from './requests/line-file.ts'
import type { Served } from './served.ts'

interface AccessOptions {
  readonly settings: Settings
  /** Of whoever starts the server as a library. */
  readonly given: Credentials | undefined
  readonly log: Pick<Log, 'debug' | 'info' | 'warn'>
  readonly machineNow: () => number
  /** Those of the moment: a reset makes new ones. */
  readonly services: () => Served
  readonly problems: () => Problems
}

/** Who gets in, as it is told at the start. */
export interface AccessView {
  readonly mode: 'open' | 'closed'
  /** Keys of `--auth`. */
  readonly fileKeys: number
  /** Keys that `standpipe keys` has made in the data folder. */
  readonly madeKeys: number
  /** Keys of IAM's other users: they close nothing, and are taken by a closed server. */
  readonly otherKeys: number
}

/** All that says who gets in and tells who was there, from before the data folder is opened until it is closed. */
export interface Access {
  readonly gate: Gate
  readonly keptKeys: KeptKeys
  /** For the access log and the log's lines at level debug; undefined where there is neither. */
  readonly requests: RequestNotes | undefined
  /** Reads the key file again, and goes on in the access log that then has the name. */
  reread(): Promise<void>
  view(metadata: MetadataStore): Promise<AccessView>
  close(): Promise<void>
}

/** Throws UsageError for a key file or an access log that cannot be used. */
export async function openAccess(options: AccessOptions): Promise<Access> {
  const { settings, given, log, machineNow, services, problems } = options
  const { account, auth, accessLog, data, ephemeral } = settings
  const fileKeys = auth === undefined ? undefined : await openFileKeys(auth, account)
  if (fileKeys?.count() === 0)
    log.warn(`--auth ${auth} has no keys: the server is closed, and takes none but those in its data folder`)
  const lines = accessLog === undefined ? undefined : await openLines(accessLog, problems)
  const isDebugged = settings.logLevel === 'debug'
  const requests =
    lines || isDebugged
      ? createRequestNotes((request) => {
          lines?.write(accessLine(request))
          if (isDebugged) log.debug(request.answered.asked, debugFields(request))
        })
      : undefined
  const gate = createGate({
    ...{ settings, log, fileKeys, given, machineNow, services },
    noted: (caller, asked) => requests?.asked(caller, asked),
  })
  return {
    gate,
    keptKeys: createKeptKeys({ folder: ephemeral ? undefined : data }),
    requests,
    async reread() {
      await rereadKeys(fileKeys, { problems: problems(), log })
      await lines?.reopen()
    },
    async view(metadata) {
      const counts = await countKeys(metadata)
      return { mode: gate.access.mode, fileKeys: fileKeys?.count() ?? 0, ...counts }
    },
    close: async () => await lines?.close(),
  }
}
