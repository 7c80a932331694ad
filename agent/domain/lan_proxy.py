"""The settings of the nginx that ends TLS for the officers' computers."""

from __future__ import annotations

from typing import Final

import msgspec

SIGN_INS_A_MINUTE: Final = 12  # of one address
SIGN_INS_AT_ONCE: Final = 10  # beyond which that rate holds


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

    # A PIN costs the kiosk a core for a while: whoever sends many waits, and holds up nobody else.
    map $request_method $who_signs_in {{
        default "";
        POST $binary_remote_addr;
    }}
    limit_req_zone $who_signs_in zone=sign_in:1m rate={sign_ins}r/m;
    limit_req_status 429;
    limit_req_log_level info;

    server {{
        # Plain HTTP on this port is answered with 400.
        listen {listen} ssl;
        ssl_certificate {certificate};
        ssl_certificate_key {key};
        ssl_protocols TLSv1.2 TLSv1.3;
        ssl_session_cache shared:tls:1m;
        ssl_session_tickets off;

        proxy_http_version 1.1;
        proxy_set_header Host $http_host;
        # The kiosk believes these headers from this machine only: it marks its cookie as secure, and counts
        # wrong PINs by address.
        proxy_set_header X-Forwarded-Proto https;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_connect_timeout 5s;
        proxy_read_timeout 60s;

        location / {{
            proxy_pass http://{upstream};
        }}

        # Lists of expected people; what does not fit into memory lies in the directory in RAM meanwhile.
        location = /sasaran {{
            client_max_body_size 33m;
            proxy_pass http://{upstream};
        }}

        location = /masuk {{
            limit_req zone=sign_in burst={burst} nodelay;
            error_page 429 @slowly;
            proxy_pass http://{upstream};
        }}

        location @slowly {{
            default_type text/plain;
            return 429 "Terlalu sering mencoba masuk. Tunggu satu menit, lalu coba lagi.\n";
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
        sign_ins=SIGN_INS_A_MINUTE,
        burst=SIGN_INS_AT_ONCE,
    )
