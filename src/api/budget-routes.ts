import type { ApiPorts } from './ports.ts'
import { badRequest, json, jsonBody, type Route } from './route.ts'

/** The budget: `GET`, and `POST` with `{"usd": 5}` or `{"usd": null}`. */
export const budgetRoutes = ({ budget }: Pick<ApiPorts, 'budget'>): readonly Route[] => [
  ['GET', /^\/_standpipe\/api\/budget$/, async () => json(await budget.view())],
  [
    'POST',
    /^\/_standpipe\/api\/budget$/,
    async (_match, request) => {
      const { usd } = await jsonBody(request)
      const isAmount = typeof usd === 'number' && Number.isFinite(usd) && usd > 0
      if (usd !== null && !isAmount) throw badRequest('usd is a number above 0, or null for no budget.')
      await budget.set(usd === null ? undefined : (usd as number))
      return json(await budget.view())
    },
  ],
]
