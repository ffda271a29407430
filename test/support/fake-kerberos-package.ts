/** The fake, exported as the package exports itself. */

import { fakeKerberos } from './fake-kerberos.js';

const { default: library } = (await fakeKerberos().load()) as { readonly default: object };

export default library;
