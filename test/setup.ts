/** Property tests draw the same cases in every run, so that a failure is the change's and not the draw's. */
import fc from 'fast-check'

fc.configureGlobal({ seed: 20_260_101 })
