"""An https server that accepts NTLM by GSSAPI, bound to its certificate: python3 acceptor.py PORT CERT KEY"""

import base64
import hashlib
import socket
import ssl
import sys
import threading

import gssapi
from gssapi.raw import ChannelBindings

NTLMSSP = gssapi.OID.from_int_seq('1.3.6.1.4.1.311.2.2.10')
CHANNEL_BOUND = 0x800

port, certificate, key = int(sys.argv[1]), sys.argv[2], sys.argv[3]
with open(certificate, encoding='ascii') as file:
    der = ssl.PEM_cert_to_DER_cert(file.read())
bindings = ChannelBindings(application_data=b'tls-server-end-point:' + hashlib.sha256(der).digest())


def accept():
    credentials = gssapi.Credentials(usage='accept', mechs=[NTLMSSP])
    return gssapi.SecurityContext(usage='accept', creds=credentials, channel_bindings=bindings)


def head_of(reader):
    fields = {}
    line = reader.readline()
    if not line:
        return None
    while True:
        line = reader.readline().decode('latin1').strip()
        if not line:
            return fields
        name, value = line.split(':', 1)
        fields[name.lower()] = value.strip()


def converse(connection):
    context, outcome = None, None
    with connection, connection.makefile('rb') as reader:
        while (fields := head_of(reader)) is not None:
            reader.read(int(fields.get('content-length', 0)))
            challenge = 'NTLM'
            scheme, _, token = fields.get('authorization', '').partition(' ')
            if scheme == 'NTLM':
                try:
                    context = context if context and not context.complete else accept()
                    answer = context.step(base64.b64decode(token))
                    if context.complete:
                        outcome = 'bound' if int(context.actual_flags) & CHANNEL_BOUND else 'not bound'
                    elif answer:
                        challenge = 'NTLM ' + base64.b64encode(answer).decode()
                except gssapi.exceptions.GSSError:
                    context, outcome = None, None
            body = (outcome or 'who is it?').encode()
            status = '200 OK' if outcome else '401 Unauthorized'
            asks = '' if outcome else f'WWW-Authenticate: {challenge}\r\n'
            connection.sendall(f'HTTP/1.1 {status}\r\n{asks}Content-Length: {len(body)}\r\n\r\n'.encode() + body)


tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(certificate, key)


def serve(plain):
    try:
        converse(tls.wrap_socket(plain, server_side=True))
    except OSError:
        pass


with socket.create_server(('127.0.0.1', port)) as listening:
    while True:
        threading.Thread(target=serve, args=(listening.accept()[0],), daemon=True).start()
