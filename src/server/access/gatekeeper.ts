import { createAdmitOwn } from '../../api/admit-own.ts'
import { OWN_ACTIONS } from '../../api/asks.ts'
import type { AccessPort } from '../../api/ports.ts'
import type { Credentials } from '../../auth/credentials.ts'
import { firstOf } from '../../auth/first-of.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { actionOf } from '../../service/operation.ts'
import type { ClosedMode } from '../../wire/wire.ts'
import type { Settings } from '../config.ts'
import type { Log } from '../log.ts'
import { closedModeOf } from './closed-mode.ts'
import { entranceOf } from './exposure.ts'
import type { FileKeys } from './keys/from-file.ts'
import { hasMadeKeys } from './keys/made-in-folder.ts'
import type { Noted } from './noted.ts'
import { createOwnAccess } from './own-access.ts'
import type { Served } from './served.ts'
import { createConsoleSessions } from './sign-in/console-sessions.ts'

/** `closed`: every request is verified and judged. `open`: whoever reaches the port may do everything. */
export type Mode = 'open' | 'closed'

type Entrance = ReturnType<typeof entranceOf>

interface GateOptions {
  readonly settings: Settings
  readonly log: Pick<Log, 'warn'>
  readonly fileKeys: FileKeys | undefined
  /** Of whoever starts the server as a library. */
  readonly given: Credentials | undefined
  /** Those of the moment: a reset makes new ones. */
  readonly services: () => Served
  /** The machine's time, ms since 1970. */
  readonly machineNow: () => number
  readonly noted: Noted
}

export interface Gate {
  /**
   * The mode, which is decided once and holds as long as the process: `metadata` may have keys that close it. Throws
   * UsageError where everybody would be let in.
   */
  decide(metadata: MetadataStore): Promise<Mode>
  /** Keys beside those of IAM, perhaps none; undefined in open mode. After it was decided. */
  keys(): Credentials | undefined
  closed(): ClosedMode | undefined
  /** Whom a browser should not have sent, and others. After it was decided. */
  entrance(): Entrance
  readonly noted: Noted
  readonly access: AccessPort
}

/** Who gets in, and what they may do. */
export function createGate(options: GateOptions): Gate {
  const { settings, log, fileKeys, given, services, machineNow, noted } = options
  const beside = firstOf(...[fileKeys?.credentials, given].filter((one) => one !== undefined))
  let entrance: Entrance | undefined
  let mode: Mode | undefined = fileKeys || given ? 'closed' : undefined
  const credentials: Credentials = {
    find: (accessKeyId) => services().credentials.find(accessKeyId),
    policiesOf: (principal) => services().credentials.policiesOf(principal),
  }
  const sessions = createConsoleSessions({
    ...{ credentials, machineNow, noted },
    actions: () => allActions(services()),
  })
  const ifClosed = <T>(value: T): T | undefined => (mode === 'closed' ? value : undefined)
  const admitOwn = createAdmitOwn({
    callerOfSession: sessions.callerOf,
    hasOpenMetrics: settings.openMetrics,
  })
  return {
    noted,
    async decide(metadata) {
      mode ??= (await hasMadeKeys(metadata, settings.acceptDataLoss)) ? 'closed' : 'open'
      entrance ??= entranceOf(settings, mode, log)
      return mode
    },
    keys: () => ifClosed(beside),
    entrance: () => entrance!,
    closed: () => ifClosed(closedModeOf({ credentials, admitOwn, region: settings.region })),
    access: createOwnAccess({
      ...{ settings, services, noted, credentials, machineNow },
      ...{ sessions: sessions.port, callerOfSession: sessions.callerOf },
    }),
  }
}

/** All that policies can speak of here. */
function allActions({ bound }: Pick<Served, 'bound'>): string[] {
  const ofServices = bound.flatMap(({ service }) =>
    [...service.operations.values()].map((operation) => actionOf(service, operation)),
  )
  return [...new Set([...OWN_ACTIONS.map((action) => `standpipe:${action}`), ...ofServices])].sort()
}
