/** How the host of an origin is spelled inside the name of an environment variable. */

/**
 * `https://files.example:8443` is `files_example___8443` and `FILES_EXAMPLE___8443`: `.` and `:` become `_`, `-`
 * becomes `__`, and a port that is not the default one follows `___`. No spelling for a host with `_` in it: it would
 * read as another host.
 */
export function hostSpellings(origin: string): readonly string[] {
  const { hostname, port } = new URL(origin);
  if (hostname.includes('_')) return [];
  const host = hostname
    .replace(/^\[|\]$/g, '')
    .replace(/-/g, '__')
    .replace(/[.:]/g, '_');
  const spelled = port === '' ? host : `${host}___${port}`;
  return [spelled, spelled.toUpperCase()];
}
