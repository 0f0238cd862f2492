#!/usr/bin/env python3
"""Makes own.json with botocore: ./make_own.py > own.json. Run by hand.

botocore takes the query of a URL as it stands, where the rule is to decode and encode it; so the
queries here are already encoded and only their order is wrong. Of a parameter given twice it presigns
only the first, and it leaves the Content-* headers out: no vector for the query has either.
"""
import datetime
import json
import sys

import botocore.auth
import botocore.compat
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2026, 11, 22, 20, 8, 0)


class Then(datetime.datetime):
    @classmethod
    def utcnow(cls):
        return NOW

    @classmethod
    def now(cls, tz=None):
        return NOW.replace(tzinfo=tz)


def stop_the_clock():
    if hasattr(botocore.auth, "get_current_datetime"):
        botocore.auth.get_current_datetime = lambda *a, **k: NOW
    else:
        botocore.auth.datetime.datetime = Then


STS_BODY = ("Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole"
            "%2Fr&RoleSessionName=s")
FORM = ["Content-Type", "application/x-www-form-urlencoded; charset=utf-8"]
TOKEN = "FwoGZXIvYXdzEXAMPLE/token+with=all//kinds=="

# name, method, host, uri, headers, body, service, region, token
CASES = [
    ("sts-assume-role", "POST", "sts.eu-west-1.amazonaws.com", "/", [FORM], STS_BODY, "sts",
     "eu-west-1", None),
    ("sts-assume-role-token", "POST", "sts.eu-west-1.amazonaws.com", "/", [FORM], STS_BODY, "sts",
     "eu-west-1", TOKEN),
    ("sts-global", "POST", "sts.amazonaws.com", "/", [FORM],
     "Action=GetCallerIdentity&Version=2011-06-15", "sts", "us-east-1", None),
    ("path-normalized", "GET", "localhost:4566", "/a/./b/../c//d/", [], "", "execute-api",
     "us-east-1", None),
    ("path-encoded-twice", "GET", "example.com", "/caf%C3%A9/a%20b%2Fc/x:y@z", [], "", "service",
     "us-east-1", TOKEN),
    ("query-sorted", "GET", "example.com", "/?b=2&a=%2F%3D&a=1&B=&a-b=%20&a=10", [], "", "service",
     "ap-southeast-2", None),
    ("query-unique", "GET", "example.com", "/?b=2&a=%2F%3D&B=&a-b=%20", [], "", "service",
     "ap-southeast-2", TOKEN),
    ("headers-folded", "GET", "example.com", "/", [
        ["X-Amz-Meta-Note", "  two   words\t and  more "], ["x-empty", ""],
        ["X-Amz-Target", "Service_2020.Operation"]], "", "service", "us-east-1", None),
    ("json-target", "POST", "organizations.us-east-1.amazonaws.com", "/", [
        ["Content-Type", "application/x-amz-json-1.1"],
        ["X-Amz-Target", "AWSOrganizationsV20161128.ListAccounts"]],
     '{"NextToken":"\u00e9"}', "organizations", "us-east-1", TOKEN),
    ("gov", "POST", "sts.us-gov-west-1.amazonaws.com", "/", [FORM], STS_BODY, "sts",
     "us-gov-west-1", None),
    ("china", "POST", "sts.cn-north-1.amazonaws.com.cn", "/", [FORM], STS_BODY, "sts",
     "cn-north-1", None),
]
QUERY_CASES = ("sts-global", "path-encoded-twice", "query-unique")


def signer_of(kind, credentials, service, region):
    if kind == "query":
        return botocore.auth.SigV4QueryAuth(credentials, service, region, expires=900)
    return botocore.auth.SigV4Auth(credentials, service, region)


def vector(kind, case):
    name, method, host, uri, headers, body, service, region, token = case
    if kind == "query":
        method, headers, body = "GET", [], ""
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    signer = signer_of(kind, credentials, service, region)
    request = AWSRequest(method, "https://" + host + uri, data=body.encode(),
                         headers=dict([["Host", host]] + headers))
    seen = {}
    plain = signer.string_to_sign

    def watch(request, canonical):
        seen["canonical_request"] = canonical
        seen["string_to_sign"] = plain(request, canonical)
        return seen["string_to_sign"]

    signer.string_to_sign = watch
    signer.add_auth(request)
    where = request.url if kind == "query" else request.headers["Authorization"]
    seen["signature"] = where.split("Signature=")[1].split("&")[0]
    return {
        "name": name + "/" + kind, "origin": "botocore " + botocore.__version__,
        "signature_type": kind,
        "request": {"method": method, "uri": uri, "headers": [["Host", host]] + headers,
                    "body": body},
        "context": {
            "region": region, "service": service, "timestamp": NOW.isoformat() + "Z",
            "credentials": {"access_key_id": credentials.access_key,
                            "secret_access_key": credentials.secret_key, "session_token": token},
            # botocore hashes the body always, and adds the header for S3 only
            "normalize": True, "sign_body": True, "add_content_hash": False, "expiration": 900,
            "omit_session_token": False, "double_uri_encode": True},
        "expected": seen}


def main():
    stop_the_clock()
    made = [vector("header", case) for case in CASES]
    made += [vector("query", case) for case in CASES if case[0] in QUERY_CASES]
    json.dump(made, sys.stdout, indent=1)
    print()


main()
