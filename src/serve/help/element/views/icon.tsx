/** Signs of the interface. Each says nothing: the words beside them do. */

const PATHS = {
  search: 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14Zm5 12 4.5 4.5',
  clear: 'm6 6 12 12M18 6 6 18',
  back: 'm14.5 5-7 7 7 7',
  forward: 'm9.5 5 7 7-7 7',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM12 7v5.3l3.4 2',
  book: 'M12 6.5C10 5 7 4.5 3.5 4.5v13.6c3.5 0 6.5.4 8.5 1.9 2-1.5 5-1.9 8.5-1.9V4.5C17 4.5 14 5 12 6.5Zm0 0V20',
  page: 'M6 3.5h8l4.5 4.5v12.5H6ZM14 3.5V8h4.5M9 12.5h6.5M9 16h6.5',
  globe: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17ZM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  chat: 'M4 5h16v11.5H11l-4.5 4v-4H4Z',
  cloud: 'M7 18.5a4.5 4.5 0 0 1-.5-8.9A6 6 0 0 1 17.9 9.5a4.5 4.5 0 0 1-.4 9M4 4l16 16',
  up: 'M7 11v9H4v-9Zm0 0 4-7.5c1.7 0 2.5 1 2.3 2.5L12.8 9H19l-1.5 11H7',
  down: 'M7 13V4H4v9Zm0 0 4 7.5c1.7 0 2.5-1 2.3-2.5l-.5-3H19L17.5 4H7',
} as const

export function Icon({ name }: { readonly name: keyof typeof PATHS }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  )
}
