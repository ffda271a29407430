/** What the real servers serve: the same small files in every area, and a script that gives a request body back. */

/** The files of one area, by path under the server's folder. */
export function area(name: string): Record<string, string> {
  return {
    [`www/${name}/hello.txt`]: `hello from ${name}\n`,
    [`www/${name}/a b.txt`]: 'a space\n',
    [`www/${name}/ä.txt`]: 'an umlaut\n',
  };
}

/**
 * A CGI script that answers with the bytes it was sent. It reads all of them before it writes: Apache does not listen
 * before it has sent the whole body, and two full pipes would wait for each other.
 */
export const echoScript = `#!/bin/sh
body=$(mktemp)
trap 'rm -f "$body"' EXIT
cat > "$body"
printf 'Content-Type: application/octet-stream\\r\\n\\r\\n'
cat "$body"
`;
