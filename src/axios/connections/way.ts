/** How the connections of a bond are opened, and how a send is led to one: straight, to a proxy, or through it. */

import type http from 'node:http';
import type { InternalAxiosRequestConfig } from 'axios';
import type { SeenRequest } from '../../exchange/port/pinning.js';
import { parseUrl } from '../../syntax/url.js';
import { ownHost } from '../address/explicit-auth.js';
import { proxiesOf } from '../proxy/exposure.js';
import { type ProxyServer, proxyConfig } from '../proxy/proxy.js';
import { type Front, frontOf } from './front.js';
import { wayName } from './names.js';
import { agentOptions } from './node-agent.js';
import { type Course, sourceOf } from './obstacle.js';
import { OwnConnection } from './own-connection.js';
import type { Way } from './pools.js';
import { hopForward, hopTunnels, shownAs, throughOrAround } from './tunnel/hops.js';
import { authorityOf, Tunnel, type TunnelWay } from './tunnel/tunnel.js';

// As many as a browser opens to one origin, and a little more.
const DEFAULT_SIZE = 8;

/** What is asked for: a connection that leads to a target. */
export interface WayInput {
  readonly config: InternalAxiosRequestConfig;
  readonly address: () => URL;
  readonly course: Course;
  readonly isSecure: boolean;
  /** The origin at the end of a tunnel, or the origin of whoever else the connection leads to. */
  readonly place: string;
  /** Of a course that is not straight. */
  readonly proxy: ProxyServer | undefined;
  readonly timeout: number;
}

/** A way, and what leads a send to one of its connections. */
export interface LeadingWay extends Way {
  /** Whether a send to a target may go this way. */
  leadsTo(target: Pick<SeenRequest, 'origin' | 'url'>): boolean;
  front(connection: OwnConnection, isForOrigin: boolean): Front;
}

/** The way that a request goes. */
export function wayOf(input: WayInput): LeadingWay {
  const { config, address, course, isSecure, place, proxy } = input;
  const source = sourceOf(config, isSecure);
  const own = {
    ...sizeOf(source),
    name: wayName(source, config, ownHost(config, address), course, place, proxy?.origin),
  };
  if (course === 'tunnel' && proxy) return { ...own, ...tunnelThrough(input, proxy, source) };
  const open = () => new OwnConnection(source, isSecure);
  const given = { source, afterwards: source };
  if (course === 'forward' && proxy)
    return {
      ...own,
      open,
      leadsTo: ({ url }) => url.startsWith('http:'),
      front: (connection, isForOrigin) =>
        frontOf({
          ...given,
          connection,
          isForOrigin,
          direct: (copy, agent) => Object.assign(copy, { proxy: proxyConfig(proxy), httpAgent: agent }),
        }),
    };
  return {
    ...own,
    open,
    leadsTo: ({ origin }) => origin === place,
    front: (connection, isForOrigin) =>
      frontOf({
        ...given,
        connection,
        isForOrigin,
        direct: (copy, agent) => Object.assign(copy, { [isSecure ? 'httpsAgent' : 'httpAgent']: agent }),
      }),
  };
}

function tunnelThrough(
  { config, place, timeout }: WayInput,
  proxy: ProxyServer,
  source: http.Agent,
): Pick<LeadingWay, 'open' | 'leadsTo' | 'front'> {
  const { hostname, port } = new URL(proxy.origin);
  const { localAddress, family, lookup } = agentOptions(source) as TunnelWay['options'];
  const options = Object.fromEntries(
    Object.entries({ localAddress, family, lookup }).filter(([, value]) => value !== undefined),
  );
  const host = hostname.replace(/^\[|\]$/g, '');
  const tunnelWay: TunnelWay = { proxy: { host, port: Number(port) || 80 }, timeout, options };
  const httpSource = sourceOf(config, false);
  const isAround = (origin: string) => proxiesOf(config, origin).length === 0;
  return {
    open: () => new OwnConnection(source, true, new Tunnel(tunnelWay)),
    leadsTo: ({ url }) => url.startsWith('https:') && authority(url) === authority(place),
    front: (connection, isForOrigin) =>
      frontOf({
        connection,
        isForOrigin,
        source: shownAs(source, tunnelWay),
        afterwards: throughOrAround(hopTunnels(agentOptions(source), tunnelWay), source, isAround),
        direct: (copy, agent) =>
          Object.assign(copy, {
            proxy: false,
            httpsAgent: agent,
            httpAgent: throughOrAround(hopForward(httpSource, tunnelWay), httpSource, isAround),
          }),
      }),
  };
}

/** The host and the port of a URL, which is how a tunnel is asked for. */
function authority(url: string): string {
  const { hostname = '', port = '' } = parseUrl(url) ?? {};
  return authorityOf({ host: hostname.replace(/^\[|\]$/g, ''), port });
}

function sizeOf({ maxSockets }: http.Agent): Pick<Way, 'size' | 'isFirm'> {
  const isFirm = Number.isInteger(maxSockets) && maxSockets > 0;
  return { size: isFirm ? maxSockets : DEFAULT_SIZE, isFirm };
}
