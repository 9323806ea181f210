import { bytes, maybe, oneOf, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import { type Engine, isEngineError } from '../../engine/ports/engine.ts'
import type { SecretBox } from '../../engine/ports/secret-box.ts'
import {
  type Certified,
  createAuthority,
  isAuthorityFor,
  isServerCertificateOf,
  issueServerCertificate,
} from './issue.ts'

export const CERTIFICATE_KEY = 'standpipe/certificate'

/** A certificate as PEM, and its key as that, sealed. */
interface Sealed {
  readonly cert: string
  readonly sealedKey: Uint8Array
}

interface KeptCertificates {
  readonly documentVersion: 2
  readonly authority?: Sealed
  readonly server?: Sealed
  /** The one that version 1 had: self-signed, and so an authority of its own, which clients may have been told to trust. */
  readonly former?: Certified
}

const sealed = shape<Sealed>({ cert: text, sealedKey: bytes })

export const certificateDocument = document<KeptCertificates>({
  keys: CERTIFICATE_KEY,
  version: 2,
  check: shape<KeptCertificates>({
    documentVersion: oneOf(2),
    ...{ authority: maybe(sealed), server: maybe(sealed) },
    former: maybe(shape<Certified>({ cert: text, key: text })),
  }),
  upgrades: { 1: (former) => ({ documentVersion: 2, former }) },
})

/** The certificate of a server that was given none, and the authority that clients are told to trust. */
export interface OwnCertificate {
  readonly authority: Certified
  readonly server: Certified
}

export interface Wanted {
  readonly engine: Pick<Engine, 'metadata' | 'secrets'>
  /** What it has to be for: host names and addresses. */
  readonly names: readonly string[]
  /** The machine's time, ms since 1970: a client asks its own. */
  readonly machineNow: number
  /** Whose authority goes on where none is kept: a reset takes it along. */
  readonly before?: OwnCertificate | undefined
}

/**
 * That of the data folder, made where it is not there, and anew before it expires or where it lacks a name. The authority
 * stays the same: clients trust it.
 */
export async function ownCertificate(wanted: Wanted): Promise<OwnCertificate> {
  const { metadata } = wanted.engine
  const kept = await certificateDocument.get(metadata, CERTIFICATE_KEY)
  const found = chosenOf(kept?.value, wanted)
  if (found.isKept) return found.own
  return await certificateDocument
    .update(metadata, CERTIFICATE_KEY, (current) => {
      const { own, isKept } = chosenOf(current, wanted)
      return { value: isKept ? current : keptAs(wanted.engine.secrets, own), result: own }
    })
    .catch((error: unknown) => {
      // The port opens all the same; it is kept once there is room.
      if (isEngineError(error, 'StorageFull')) return found.own
      throw error
    })
}

function chosenOf(kept: KeptCertificates | undefined, { engine, names, machineNow, before }: Wanted) {
  const opened = (which: Which) => openedIn(engine.secrets, kept, which)
  const usable = [opened('authority'), kept?.former, before?.authority].find(
    (one) => one && isAuthorityFor(one, machineNow),
  )
  const authority = usable ?? createAuthority(machineNow)
  const found = opened('server')
  const isGood = found && isServerCertificateOf(authority, found, names, machineNow)
  const server = isGood ? found : issueServerCertificate(authority, names, machineNow)
  return { own: { authority, server }, isKept: isGood === true && kept?.former === undefined }
}

const keptAs = (secrets: SecretBox, own: OwnCertificate): KeptCertificates => ({
  documentVersion: 2,
  ...sealedIn(secrets, own),
})

type Which = 'authority' | 'server'
const placeOf = (which: Which) => `${CERTIFICATE_KEY}/${which}`

const sealedIn = (secrets: SecretBox, { authority, server }: OwnCertificate) => ({
  authority: sealedAs('authority', secrets, authority),
  server: sealedAs('server', secrets, server),
})

const sealedAs = (which: Which, secrets: SecretBox, { cert, key }: Certified): Sealed => ({
  cert,
  sealedKey: secrets.seal(Buffer.from(key), placeOf(which)),
})

/** Undefined, too, where what opens it is lost: a backup has it only where that was asked for. */
function openedIn(
  secrets: SecretBox,
  kept: KeptCertificates | undefined,
  which: Which,
): Certified | undefined {
  const found = kept?.[which]
  const key = found && secrets.open(found.sealedKey, placeOf(which))
  return key && { cert: found.cert, key: Buffer.from(key).toString() }
}
