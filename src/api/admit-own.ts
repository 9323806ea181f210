import { ServiceException } from '../service/exception.ts'
import type { Caller } from '../service/operation.ts'
import type { AdmitOwn, OwnRequest } from '../wire/own-routes.ts'

/** What reads or changes something. Whether it is alive, and the console's own files, are for everybody. */
const NEEDS_KEY = /^\/_standpipe\/(?:api\/|metrics$)/
/** Where a key is exchanged for a session. */
const SIGN_IN = '/_standpipe/api/session'
const METRICS = '/_standpipe/metrics'

interface AdmitOptions {
  /** Whose session an unsigned request brings, if it brings one. */
  readonly callerOfSession: (request: Omit<OwnRequest, 'body'>) => Promise<Caller | undefined>
  readonly hasOpenMetrics: boolean
}

/** Where signatures are verified: without a key or a session there is no more than the pages and the probes. */
export const createAdmitOwn =
  ({ callerOfSession, hasOpenMetrics }: AdmitOptions): AdmitOwn =>
  async (request) => {
    const { path, caller } = request
    if (caller.principal.kind !== 'anonymous') return caller
    const signedIn = await callerOfSession(request)
    if (signedIn) return signedIn
    if (NEEDS_KEY.test(path) && path !== SIGN_IN && !(hasOpenMetrics && path === METRICS))
      throw new ServiceException('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
    return caller
  }
