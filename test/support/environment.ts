/** The variables that name proxies: none of them during a test, and as they were after it. */

const NAMES = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'].flatMap((name) => [name, `npm_config_${name}`]);

const SPELLINGS = [...NAMES, 'npm_config_proxy'].flatMap((name) => [name, name.toUpperCase()]);

export function unsetProxyVariables(): void {
  for (const name of SPELLINGS) delete process.env[name];
}

/** Has each test begin without any. */
export function withoutProxyVariables(): void {
  const before = SPELLINGS.map((name) => [name, process.env[name]] as const);
  beforeEach(unsetProxyVariables);
  afterAll(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
}
