import { readFile } from 'node:fs/promises'
import { hostname, networkInterfaces } from 'node:os'
import type { Cancel } from '../../clock/cancel.ts'
import { machineTimer } from '../../clock/machine-time.ts'
import { narrow } from '../../engine/embedded/files/private-files.ts'
import type { Engine } from '../../engine/ports/engine.ts'
import type { Settings } from '../config.ts'
import { type Log, warnOfModes } from '../log.ts'
import type { Certified } from './issue.ts'
import { listenedOn } from './listened-on.ts'
import { type OwnCertificate, ownCertificate } from './own-certificate.ts'

/** So often it is looked whether it expires, or whether the machine has other addresses. */
const LOOK_EVERY_MS = 3_600_000

export interface ServedOptions {
  readonly settings: Pick<Settings, 'host' | 'allowHost' | 'tlsCert' | 'tlsKey'>
  /** That of the moment: a reset makes a new one. */
  readonly engine: () => Pick<Engine, 'metadata' | 'secrets'>
  /** ms since 1970. */
  readonly machineNow: () => number
  readonly log: Log
}

/** What clients meet who connect by TLS. */
export interface ServedCertificate {
  now(): Certified
  /** PEM of the authority to trust; undefined where the user's own certificate is served. */
  authority(): string | undefined
  /** Looks whether it still does, now and from time to time; tells of another one. */
  watch(changed: (now: Certified) => void): void
  /** The engine is another one. */
  moved(): Promise<void>
  close(): void
}

/** The user's own certificate, or that of an authority of this data folder's own. */
export async function servedCertificate(options: ServedOptions): Promise<ServedCertificate> {
  const { tlsCert, tlsKey } = options.settings
  if (tlsCert === undefined || tlsKey === undefined) return await watchedCertificate(options)
  const wide = await narrow(tlsKey)
  if (wide) warnOfModes(options.log)([wide])
  const given = { cert: await readFile(tlsCert, 'utf8'), key: await readFile(tlsKey, 'utf8') }
  return {
    ...{ now: () => given, authority: () => undefined },
    ...{ watch: () => undefined, moved: async () => undefined, close: () => undefined },
  }
}

async function watchedCertificate({
  settings,
  engine,
  machineNow,
  log,
}: ServedOptions): Promise<ServedCertificate> {
  const wanted = (before?: OwnCertificate) =>
    ownCertificate({
      ...{ engine: engine(), machineNow: machineNow(), before },
      names: listenedOn(settings, { hostName: hostname(), addresses: addressesOf(networkInterfaces()) }),
    })
  let own = await wanted()
  let changed: (now: Certified) => void = () => undefined
  let cancel: Cancel = () => undefined
  const look = async () => {
    const next = await wanted(own)
    if (next.server.cert === own.server.cert) return
    own = next
    changed(withChain(own))
  }
  const tryLook = () =>
    look().catch((error: unknown) => log.warn('the certificate is not renewed yet', { error: String(error) }))
  const again = (): void => {
    cancel = machineTimer(LOOK_EVERY_MS, () => {
      again()
      // It says itself what fails.
      void tryLook()
    })
  }
  return {
    now: () => withChain(own),
    authority: () => own.authority.cert,
    watch(tell) {
      changed = tell
      again()
    },
    moved: tryLook,
    close: () => cancel(),
  }
}

/** Whoever wants to know the authority is shown it, too. */
const withChain = ({ server, authority }: OwnCertificate): Certified => ({
  key: server.key,
  cert: server.cert + authority.cert,
})

const addressesOf = (interfaces: ReturnType<typeof networkInterfaces>) =>
  Object.values(interfaces).flatMap((all = []) => all.map(({ address }) => address))
