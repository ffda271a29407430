/** The package is an optional peer: it is not there when this one is compiled. What is used of it stands in library.ts. */
declare module 'kerberos';
