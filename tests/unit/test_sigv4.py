"""Signatures for S3: the worked examples that AWS publishes."""

from __future__ import annotations

import hashlib

import pytest

from agent.domain.sigv4 import Asked, Credentials, escaped, signed

EXAMPLE = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
HOST = "examplebucket.s3.amazonaws.com"
AT = "20130524T000000Z"
PUT_HEADERS = {"Date": "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class": "REDUCED_REDUNDANCY"}
PUBLISHED = {
    "get an object": (
        Asked("GET", HOST, "/test.txt", headers={"Range": "bytes=0-9"}),
        "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    ),
    "put an object": (
        Asked("PUT", HOST, "/test$file.text", (), PUT_HEADERS, hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()),
        "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    ),
    "a bucket's lifecycle": (
        Asked("GET", HOST, "/", [("lifecycle", "")]),
        "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    ),
    "list a bucket": (
        Asked("GET", HOST, "/", [("prefix", "J"), ("max-keys", "2")]),
        "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_examples_are_signed_as_published(name):
    asked, signature = PUBLISHED[name]

    assert signed(asked, EXAMPLE, "us-east-1", AT)["Authorization"].endswith(f"Signature={signature}")


def test_a_temporary_key_shows_its_token_and_signs_it():
    headers = signed(PUBLISHED["list a bucket"][0], Credentials("A", "s", "t/+="), "us-east-1", AT)

    assert headers["x-amz-security-token"] == "t/+="
    assert "x-amz-security-token" in headers["Authorization"]


def test_the_request_line_is_escaped_as_it_is_signed():
    asked = Asked("GET", HOST, "/a b/ä", [("z", "1/2"), ("a", "")])

    assert asked.target == "/a%20b/%C3%A4?a=&z=1%2F2"


def test_only_unreserved_letters_stay_as_they_are():
    assert escaped("aZ09-._~ +*'") == "aZ09-._~%20%2B%2A%27"
