/** Strict-Transport-Security: of this host alone. What stands below it in the domain is somebody else's. */
export const STRICT_TRANSPORT = 'max-age=15552000'
