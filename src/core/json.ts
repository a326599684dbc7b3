/** Values that came from outside, and what turns them into ours. */

/**
 * The vocabulary of the whole program: what a connector says, what a document is, what an index stores and answers.
 * Imports nothing, so that it can be read alone.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** Turns unknown input into a T or throws an error that names the field. A zod schema fits. */
export interface Schema<T> {
  parse(input: unknown): T
}
