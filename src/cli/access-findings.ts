import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { Settings } from '../server/config.ts'
import { ask, type Health } from './client.ts'
import { CommandFailure, machineClock } from './command.ts'
import { type Finding, fail, ok, warn } from './findings.ts'
import { type CallIam, listKeys } from './keys/iam-users.ts'
import type { ServerAddress } from './server-address.ts'
import { countText } from './terminal-text.ts'

const OTHERS = 0o077
const SOON_MS = 30 * 86_400_000

/** Who could get in, and by what. */
export async function checkAccess(
  server: ServerAddress,
  settings: Settings,
  health: Health | undefined,
): Promise<Finding[]> {
  const { auth, tlsCert, tlsKey } = settings
  return [
    ...checkExposure(health),
    ...(auth === undefined ? [] : await checkPrivateFile('key file', auth)),
    ...(tlsKey === undefined ? [] : await checkPrivateFile('TLS key', tlsKey)),
    ...(tlsCert === undefined ? [] : [await checkCertificate(tlsCert)]),
    ...(health?.access === 'closed' ? await checkKeys(server) : []),
  ]
}

/** What the server says that it listens on, not how it was reached from here. */
function checkExposure(health: Health | undefined): Finding[] {
  if (!health) return []
  const { access, isExposed } = health
  if (access === 'closed') return [ok('access', 'closed: every request is verified')]
  if (!isExposed) return [ok('access', 'open, to this machine only; policies are not enforced')]
  const text =
    "open to whoever reaches this machine: start it with --auth FILE or make keys ('standpipe keys add --admin'), or listen on 127.0.0.1"
  return [fail('access', text)]
}

/** A secret's file is its owner's alone; Windows reports no modes. */
async function checkPrivateFile(subject: string, path: string): Promise<Finding[]> {
  try {
    const mode = (await stat(path)).mode & 0o777
    if (process.platform === 'win32' || (mode & OTHERS) === 0) return [ok(subject, path)]
    return [fail(subject, `${path} has mode ${mode.toString(8)}, so that others can read it: chmod 600 it`)]
  } catch (error) {
    return [fail(subject, `${path} cannot be read: ${(error as Error).message}`)]
  }
}

async function checkCertificate(path: string): Promise<Finding> {
  try {
    const { validFromDate, validToDate } = new X509Certificate(await readFile(path))
    return certificateFinding({ path, from: validFromDate, to: validToDate }, machineClock.now())
  } catch (error) {
    return fail('certificate', `${path} cannot be used: ${(error as Error).message}`)
  }
}

interface Validity {
  readonly path: string
  readonly from: Date
  readonly to: Date
}

export function certificateFinding({ path, from, to }: Validity, now: number): Finding {
  const [begins, ends] = [from, to].map((date) => date.toISOString().slice(0, 10))
  if (now < from.getTime())
    return fail('certificate', `${path} is valid only from ${begins} on: use another one`)
  if (now >= to.getTime()) return fail('certificate', `${path} expired on ${ends}: renew it`)
  if (to.getTime() - now < SOON_MS) return warn('certificate', `${path} expires on ${ends}: renew it`)
  return ok('certificate', `${path}, valid until ${ends}`)
}

/** Those that `standpipe keys` has made, where the key that asks may know. */
async function checkKeys(server: ServerAddress): Promise<Finding[]> {
  const call: CallIam = (operation, input) => ask(server, `api/aws/iam/${operation}`, input)
  try {
    const keys = await listKeys(call)
    if (keys.length === 0) return []
    const count = (isWanted: (key: (typeof keys)[number]) => boolean) => keys.filter(isWanted).length
    const idle = count(({ lastUsedAt }) => lastUsedAt === undefined)
    const inactive = count(({ isActive }) => !isActive)
    const admins = count(({ policies }) =>
      policies.some((name) => /^(admin|AdministratorAccess)$/.test(name)),
    )
    const text = `${countText(keys.length, 'key')} of standpipe keys: ${admins} may do everything, ${idle} never used, ${inactive} inactive`
    return [
      idle + inactive > 0 ? warn('keys made', `${text}: delete what nobody needs`) : ok('keys made', text),
    ]
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error
    return [warn('keys made', error.message)]
  }
}
