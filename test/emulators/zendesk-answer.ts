/** What an emulated Zendesk answers, and the shapes in which it refuses. */

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export const notFound: Answer = { status: 404, body: { error: 'RecordNotFound', description: 'Not found' } }

export const noEndpoint: Answer = { status: 404, body: { error: { title: 'Invalid endpoint', message: 'Not found' } } }

export const notSignedIn: Answer = { status: 401, body: { error: "Couldn't authenticate you" } }

export const tokenEnded: Answer = {
  status: 401,
  body: {
    error: 'invalid_token',
    error_description: 'The access token provided is expired, revoked, malformed or invalid.',
  },
}
