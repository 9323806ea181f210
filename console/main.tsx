import { render } from 'preact'
import { App } from './app.tsx'
import { startLive } from './live.ts'
import { startRouter } from './router.ts'

startRouter()
startLive()
render(<App />, document.getElementById('app')!)
