import { ServiceException } from '../service/exception.ts'
import type { AdmitOwn } from '../wire/own-routes.ts'

/** What reads or changes something. Whether it is alive, and the console's own files, are for everybody. */
const NEEDS_KEY = /^\/_standpipe\/(?:api\/|metrics$)/

/** Where signatures are verified: without one there is no more than the pages and the probes. */
export const admitOwn: AdmitOwn = ({ path, caller }) => {
  if (caller.principal.kind === 'anonymous' && NEEDS_KEY.test(path))
    throw new ServiceException('MissingAuthenticationTokenException', 'Missing Authentication Token', 403)
}
