#!/usr/bin/python3
"""A mail server for tests, by aiosmtpd (Debian: python3-aiosmtpd): STARTTLS, AUTH and answers as it is told.

usage: smtp_server.py CERTIFICATE KEY USER PASSWORD

Says {"listening": port} and then each letter as a line of JSON; lines on standard input are what the next letters to an
address are answered at RCPT, such as {"anna@example.com": ["451 4.7.1 later", "550 5.1.1 nobody"]}.
"""
import asyncio
import email
import email.policy
import json
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

certificate, key, user, password = sys.argv[1:5]
replies = {}


def say(line):
    print(json.dumps(line), flush=True)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if replies.get(address):
            return replies[address].pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        say(
            {
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "headers": [name for name, _ in letter.items()],
                "subject": letter["Subject"],
                "sender": str(letter["From"]),
                "text": letter.get_content(),
                "defects": [str(one) for one in letter.defects],
                "tls": session.ssl is not None,
                "user": session.auth_data,
            }
        )
        return "250 2.0.0 taken"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login == user.encode() and data.password == password.encode()
    return AuthResult(success=good, handled=good, auth_data=data.login.decode() if good else None)


def listen_to_orders():
    for line in sys.stdin:
        replies.update(json.loads(line))


async def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            Handler(), hostname="mail.test", tls_context=tls, require_starttls=True, auth_required=True,
            authenticator=authenticate, loop=loop
        ),
        "127.0.0.1",
        int(sys.argv[5]) if len(sys.argv) > 5 else 0,
    )
    loop.run_in_executor(None, listen_to_orders)
    say({"listening": server.sockets[0].getsockname()[1]})
    await server.serve_forever()


asyncio.run(main())
