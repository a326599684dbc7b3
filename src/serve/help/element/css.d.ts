/** Styles come as text, made small: a shadow tree adopts them. */
declare module '*.css' {
  const text: string
  export default text
}
