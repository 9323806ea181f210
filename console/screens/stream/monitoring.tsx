import { useEffect, useRef } from 'preact/hooks'
import { samples } from '../../server/live.ts'
import { type Rate, ratesOf } from '../../server/rates.ts'
import { bytesText, rateText } from '../../texts/quantity.ts'

/** The rates since this page was opened, as charts and as the table behind them. */
export function MonitoringTab({ stream }: { readonly stream: string }) {
  const rates = ratesOf(samples.value.get(stream) ?? [])
  return (
    <div class="stack">
      <p class="muted">Since this page was opened, at most ten minutes; one point a second.</p>
      <div class="columns">
        <Chart title="Incoming records per second" rates={rates} shownOf={(rate) => rate.records} />
        <Chart title="Incoming KiB per second" rates={rates} shownOf={(rate) => rate.bytes / 1_024} />
      </div>
      <details class="panel">
        <summary>The same as a table</summary>
        <table>
          <thead>
            <tr>
              <th>Seconds ago</th>
              <th class="number">Records/s</th>
              <th class="number">Bytes/s</th>
              <th class="number">Throttled/s</th>
            </tr>
          </thead>
          <tbody>
            {rates.toReversed().map((rate) => (
              <tr key={rate.secondsAgo}>
                <th scope="row">{rate.secondsAgo}</th>
                <td class="number">{rateText(rate.records)}</td>
                <td class="number">{bytesText(rate.bytes)}</td>
                <td class="number">{rateText(rate.throttled)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  )
}

interface ChartProps {
  readonly title: string
  readonly rates: readonly Rate[]
  readonly shownOf: (rate: Rate) => number
}

function Chart({ title, rates, shownOf }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<{ setData(data: [number[], number[]]): void; destroy(): void } | undefined>(undefined)
  const data = (): [number[], number[]] => [rates.map((rate) => -rate.secondsAgo), rates.map(shownOf)]
  useEffect(() => {
    let isGone = false
    const draw = async () => {
      const { drawLine } = await import('./line-chart.ts')
      if (!isGone && place.current) plot.current = drawLine(place.current, data())
    }
    void draw()
    return () => {
      isGone = true
      plot.current?.destroy()
    }
  }, [])
  useEffect(() => plot.current?.setData(data()), [rates])
  const last = rates.at(-1)
  return (
    <section class="panel stack">
      <h2>{title}</h2>
      <div
        class="chart"
        ref={place}
        role="img"
        aria-label={`${title}: ${last ? rateText(shownOf(last)) : 'nothing yet'} now`}
      />
    </section>
  )
}
