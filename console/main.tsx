import { render } from 'preact'
import { App } from './app.tsx'
import { startRouter } from './router.ts'
import { startLive } from './server/live.ts'

startRouter()
startLive()
render(<App />, document.getElementById('app')!)
