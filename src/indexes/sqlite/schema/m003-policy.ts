/** Under which access settings a source was read. */
export const m003Policy = `
ALTER TABLE source ADD COLUMN policy TEXT;
`
