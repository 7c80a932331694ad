"""The settings of the nginx that ends TLS for the officers' computers."""

from __future__ import annotations

from typing import Final

import msgspec


class LanProxy(msgspec.Struct, frozen=True, kw_only=True):
    """Where it listens, what it shows, and whom it asks; `run` is a directory in RAM that only it writes."""

    address: str
    port: int
    certificate: str
    key: str
    upstream: str
    run: str


# One process, no rights, and an event loop: a client that says nothing costs a connection and stalls nobody.
_TEMPLATE: Final = """\
# Made by `rekam lan`; made anew by calling it again.
daemon off;
worker_processes 1;
pid {run}/nginx.pid;
error_log stderr warn;

events {{
    worker_connections 1024;
}}

http {{
    access_log off;
    server_tokens off;
    client_body_temp_path {run}/body;
    proxy_temp_path {run}/proxy;
    fastcgi_temp_path {run}/fastcgi;
    uwsgi_temp_path {run}/uwsgi;
    scgi_temp_path {run}/scgi;
    # Whoever is silent for so long is hung up on.
    client_header_timeout 15s;
    client_body_timeout 15s;
    send_timeout 30s;
    keepalive_timeout 60s;
    client_max_body_size 1m;

    server {{
        # Plain HTTP on this port is answered with 400.
        listen {listen} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_cache shared:tls:1m;
        ssl_session_tickets off;

        location / {{
            proxy_pass http://{upstream};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            # The kiosk believes this header from this machine only, and then marks its cookie as secure.
            proxy_set_header X-Forwarded-Proto https;
            proxy_connect_timeout 5s;
            proxy_read_timeout 60s;
        }}
    }}
}}
"""


def nginx_conf(proxy: LanProxy) -> str:
    """The whole nginx.conf."""
    host = f"[{proxy.address}]" if ":" in proxy.address else proxy.address
    return _TEMPLATE.format(
        run=proxy.run,
        listen=f"{host}:{proxy.port}",
        certificate=proxy.certificate,
        key=proxy.key,
        upstream=proxy.upstream,
    )
