import { ServiceException } from '../../service/exception.ts'
import type { OwnAnswer, OwnRequest } from '../../wire/own-routes.ts'
import type { AccessPort, GivenKeys, SessionPort } from '../ports.ts'
import type { SessionView } from '../views.ts'
import { badRequest, json, jsonBody, type Route } from './route.ts'

const SESSION = /^\/_standpipe\/api\/session$/

/** Who uses the console: a key is exchanged for a session once, and not kept by the page. */
export const sessionRoutes = (access: AccessPort): readonly Route[] => [
  ['GET', SESSION, 'nothing', async (_match, { caller }) => json(await sessionView(access, caller))],
  [
    'POST',
    SESSION,
    'nothing',
    async (_match, request) => {
      const { setCookie, caller } = await sessionsOf(access).open(request, givenKeys(await jsonBody(request)))
      return withCookie(json(await sessionView(access, caller)), setCookie)
    },
  ],
  [
    'DELETE',
    SESSION,
    'nothing',
    async (_match, request) => {
      const ended: SessionView = { mode: 'closed', isExposed: access.isExposed }
      return withCookie(json(ended), sessionsOf(access).end(request))
    },
  ],
]

/** Without a principal: nobody is signed in. Without `may`: everything. */
async function sessionView(access: AccessPort, caller: OwnRequest['caller']): Promise<SessionView> {
  const { mode, isExposed, sessions } = access
  const { kind, account, arn, accessKeyId } = caller.principal
  if (!sessions || kind === 'anonymous') return { mode, isExposed }
  const may = await sessions.possible(caller)
  return { mode, isExposed, principal: { kind, account, arn, accessKeyId }, may }
}

function sessionsOf({ sessions }: AccessPort): SessionPort {
  if (sessions) return sessions
  throw new ServiceException('NothingToSignInTo', 'This server is open: it takes any keys.', 409)
}

function givenKeys(body: Readonly<Record<string, unknown>>): GivenKeys {
  const { accessKeyId, secretAccessKey, sessionToken } = body
  if (typeof accessKeyId !== 'string' || typeof secretAccessKey !== 'string')
    throw badRequest('accessKeyId and secretAccessKey are texts.')
  if (sessionToken !== undefined && typeof sessionToken !== 'string')
    throw badRequest('sessionToken is a text.')
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
}

const withCookie = (answer: OwnAnswer, setCookie: string): OwnAnswer => ({
  ...answer,
  headers: { ...answer.headers, 'set-cookie': setCookie },
})
