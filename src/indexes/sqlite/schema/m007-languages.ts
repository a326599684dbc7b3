/** In which languages there are documents: a query is analysed in each of them. */
export const m007Languages = `
CREATE INDEX document_by_language ON document (language);
`
