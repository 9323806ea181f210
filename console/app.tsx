import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { Needs } from './parts/access/needs.tsx'
import { Who } from './parts/access/who.tsx'
import { BudgetBanner } from './parts/budget.tsx'
import { ClockFact } from './parts/clock-fact.tsx'
import { Hints } from './parts/hints.tsx'
import { ProblemsBanner } from './parts/problems.tsx'
import { Shortcuts } from './parts/shortcuts.tsx'
import { hrefOf, place } from './router.ts'
import { CostScreen } from './screens/cost/cost.tsx'
import { CreateDeliveryStreamScreen } from './screens/delivery-stream/create-delivery-stream.tsx'
import { DeliveryStreamScreen } from './screens/delivery-stream/delivery-stream.tsx'
import { LabScreen } from './screens/lab/lab.tsx'
import { ObjectsScreen } from './screens/objects/objects.tsx'
import { PipelineScreen } from './screens/pipeline/pipeline.tsx'
import { SignInScreen } from './screens/sign-in/sign-in.tsx'
import { SpaceScreen } from './screens/space/space.tsx'
import { StreamScreen } from './screens/stream/stream.tsx'
import { OVERVIEW_ACTION, overviewRefusal } from './server/live.ts'
import { lackingOf, session, unanswered, user } from './server/session.ts'

const NAVIGATION = [
  ['Pipeline', []],
  ['Objects', ['objects']],
  ['Cost', ['cost']],
  ['Space', ['space']],
  ['Lab', ['lab']],
] as const

export function App() {
  const { path } = place.value
  const isIn = user.value !== undefined
  const isAsked = session.value !== undefined && !isIn
  useEffect(() => {
    document.title = isAsked ? 'Sign in · Standpipe' : titleOf(path)
  }, [path, isAsked])
  return (
    <div class="shell">
      <header class="top">
        <a class="brand" href={hrefOf([])}>
          <img src="/_standpipe/icon.svg" alt="" />
          Standpipe
        </a>
        {isIn && <Navigation current={path[0]} />}
        {isIn && (
          <div class="facts">
            <ClockFact />
            <Who />
            <Shortcuts />
          </div>
        )}
      </header>
      {/* What one has seen or typed is not left to another. */}
      <main tabIndex={-1} key={user.value ?? ''}>
        {isIn ? <Inside path={path} /> : isAsked ? <SignInScreen /> : <Outside />}
      </main>
    </div>
  )
}

function Navigation({ current }: { readonly current: string | undefined }) {
  return (
    <nav aria-label="Console">
      {NAVIGATION.map(([label, to]) => (
        <a key={label} href={hrefOf(to)} aria-current={current === to[0] ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </nav>
  )
}

/** Until it is known who is there; a server that refuses this page says why. */
function Outside() {
  return unanswered.value ? (
    <>
      <h1>Standpipe</h1>
      <p class="notice bad" role="alert">
        {unanswered.value}
      </p>
    </>
  ) : (
    <p role="status">Connecting …</p>
  )
}

function Inside({ path }: { readonly path: readonly string[] }) {
  return (
    <>
      <ProblemsBanner />
      <Hints />
      <BudgetBanner />
      {isOfOverview(path) && isOverviewRefused() ? <NoOverview path={path} /> : screenOf(path)}
    </>
  )
}

/** All but these show the overview, or nothing. */
const isOfOverview = ([kind = '']: readonly string[]): boolean =>
  !['cost', 'lab', 'objects', 'space'].includes(kind)

const isOverviewRefused = () => overviewRefusal.value !== '' || lackingOf([OVERVIEW_ACTION]).length > 0

function NoOverview({ path }: { readonly path: readonly string[] }) {
  return (
    <>
      <h1>{labelOf(path)}</h1>
      <Needs actions={[OVERVIEW_ACTION]} to="see what is there">
        <p class="notice bad" role="alert">
          {overviewRefusal.value}
        </p>
      </Needs>
    </>
  )
}

const labelOf = ([kind, name]: readonly string[]): string =>
  name ?? NAVIGATION.find(([, to]) => to[0] === kind)?.[0] ?? 'New delivery stream'

const titleOf = (path: readonly string[]): string => `${labelOf(path)} · Standpipe`

function screenOf(path: readonly string[]): ComponentChildren {
  const [kind, name] = path
  if (kind === undefined) return <PipelineScreen />
  if (kind === 'streams' && name) return <StreamScreen key={name} name={name} />
  if (kind === 'new-delivery-stream') return <CreateDeliveryStreamScreen />
  if (kind === 'delivery-streams' && name) return <DeliveryStreamScreen key={name} name={name} />
  if (kind === 'objects') return <ObjectsScreen />
  if (kind === 'cost') return <CostScreen />
  if (kind === 'space') return <SpaceScreen />
  if (kind === 'lab') return <LabScreen />
  return <p>There is no such view.</p>
}
