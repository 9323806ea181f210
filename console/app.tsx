import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { BudgetBanner } from './parts/budget.tsx'
import { ClockFact } from './parts/clock-fact.tsx'
import { ProblemsBanner } from './parts/problems.tsx'
import { Shortcuts } from './parts/shortcuts.tsx'
import { hrefOf, place } from './router.ts'
import { CostScreen } from './screens/cost/cost.tsx'
import { CreateDeliveryStreamScreen } from './screens/delivery-stream/create-delivery-stream.tsx'
import { DeliveryStreamScreen } from './screens/delivery-stream/delivery-stream.tsx'
import { LabScreen } from './screens/lab/lab.tsx'
import { ObjectsScreen } from './screens/objects/objects.tsx'
import { PipelineScreen } from './screens/pipeline/pipeline.tsx'
import { StreamScreen } from './screens/stream/stream.tsx'

const NAVIGATION = [
  ['Pipeline', []],
  ['Objects', ['objects']],
  ['Cost', ['cost']],
  ['Lab', ['lab']],
] as const

export function App() {
  const { path } = place.value
  useEffect(() => {
    document.title = titleOf(path)
  }, [path])
  return (
    <div class="shell">
      <header class="top">
        <a class="brand" href={hrefOf([])}>
          <img src="/_standpipe/icon.svg" alt="" />
          Standpipe
        </a>
        <nav aria-label="Console">
          {NAVIGATION.map(([label, to]) => (
            <a key={label} href={hrefOf(to)} aria-current={path[0] === to[0] ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <div class="facts">
          <ClockFact />
          <Shortcuts />
        </div>
      </header>
      <main tabIndex={-1}>
        <ProblemsBanner />
        <BudgetBanner />
        {screenOf(path)}
      </main>
    </div>
  )
}

function titleOf([kind, name]: readonly string[]): string {
  const label = NAVIGATION.find(([, to]) => to[0] === kind)?.[0]
  return `${name ?? label ?? 'New delivery stream'} · Standpipe`
}

function screenOf(path: readonly string[]): ComponentChildren {
  const [kind, name] = path
  if (kind === undefined) return <PipelineScreen />
  if (kind === 'streams' && name) return <StreamScreen key={name} name={name} />
  if (kind === 'new-delivery-stream') return <CreateDeliveryStreamScreen />
  if (kind === 'delivery-streams' && name) return <DeliveryStreamScreen key={name} name={name} />
  if (kind === 'objects') return <ObjectsScreen />
  if (kind === 'cost') return <CostScreen />
  if (kind === 'lab') return <LabScreen />
  return <p>There is no such view.</p>
}
