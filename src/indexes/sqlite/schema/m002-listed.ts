/** What documents were listed as, where their bodies had a say in what is shown of it; until now nothing was redacted. */
export const m002Listed = `
ALTER TABLE document ADD COLUMN listed TEXT;
UPDATE document SET recipe = json_set(recipe, '$.redactor', 'off');
`
