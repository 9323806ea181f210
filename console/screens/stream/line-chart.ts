import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'

/** Seconds (0 is now) against values. Loaded when a chart is first drawn. */
export function drawLine(place: HTMLElement, data: [number[], number[]]) {
  const { color: ink } = getComputedStyle(place.ownerDocument.querySelector('.muted') ?? place)
  const { color: accent } = getComputedStyle(document.querySelector('.tabs a[aria-current]') ?? place)
  const grid = { stroke: `color-mix(in srgb, ${ink} 20%, transparent)`, width: 1 }
  const axis = { stroke: ink, grid, ticks: grid }
  return new uPlot(
    {
      width: place.clientWidth || 400,
      height: 180,
      legend: { show: false },
      cursor: { drag: { x: false, y: false } },
      scales: { x: { time: false }, y: { range: (_plot, _min, max) => [0, Math.max(1, max * 1.1)] } },
      axes: [
        { ...axis, size: 34, values: (_plot, ticks) => ticks.map((tick) => `${tick} s`) },
        { ...axis, size: 60 },
      ],
      series: [{}, { stroke: accent, width: 2, fill: `color-mix(in srgb, ${accent} 12%, transparent)` }],
    },
    data,
    place,
  )
}
