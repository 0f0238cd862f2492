#!/usr/bin/env python3
"""Operations of the table against moto_server: each protocol, pages, limits, signatures and denials."""
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request

import boto3

CREDCTL = os.environ["CREDCTL"]
ASK = os.path.join(os.environ["BUILD"], "ask")
REGION = "eu-west-1"
done = 0


def check(name, true, got=None):
    global done
    done += 1
    if not true:
        sys.exit(f"FAIL {name}: {got!r}")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


port = free_port()
url = f"http://127.0.0.1:{port}"
server = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)],
                          env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "1000000"},
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def client(service, region=REGION):
    return boto3.client(service, endpoint_url=url, region_name=region, aws_access_key_id="setup",
                        aws_secret_access_key="setup")


def ask(operation, *params, key=("AKIAIOSFODNN7EXAMPLE", "setup"), region=REGION, **env):
    return subprocess.run([ASK, operation, region, *params], capture_output=True, text=True, timeout=60, check=False,
                          env={"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1],
                               "AWS_MAX_ATTEMPTS": "1", "HOME": "/nonexistent", **env}).stdout.strip()


def whole(operation, items, *params, pages=None, **more):
    got = ask(operation, *params, **more)
    check(operation, got.startswith("pages ") and got.endswith(f"items {items} more 0 next -"), got)
    check(f"{operation} pages", pages is None or got.startswith(f"pages {pages} "), got)


def services(*words, key=("AKIAIOSFODNN7EXAMPLE", "setup")):
    """What `assess services` says in moto: the statuses, and the permissions that are missing."""
    told = json.loads(subprocess.run([CREDCTL, "assess", "services", "--no-cache", "--output", "json", *words], capture_output=True,
                                     text=True, timeout=120, check=False,
                                     env={"AWS_ENDPOINT_URL": url, "AWS_ACCESS_KEY_ID": key[0], "AWS_SECRET_ACCESS_KEY": key[1],
                                          "AWS_REGION": REGION, "AWS_MAX_ATTEMPTS": "1", "HOME": "/nonexistent",
                                          "AWS_EC2_METADATA_DISABLED": "true"}).stdout)
    return ({name: status["status"] for name, status in told["service_statuses"].items()},
            [error["missing_permission"] for error in told["errors"]])


try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            break
        except OSError:
            time.sleep(0.1)

    # What there is.
    ec2, s3, dynamodb = client("ec2"), client("s3"), client("dynamodb")
    for _ in range(12):
        ec2.create_volume(AvailabilityZone=REGION + "a", Size=1)
    for name in ("logs", "with.dots"):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_encryption(Bucket="logs", ServerSideEncryptionConfiguration={
        "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]})
    s3.put_public_access_block(Bucket="logs", PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    for i in range(105):
        dynamodb.create_table(TableName=f"table-{i:03d}", KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
                              AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
                              BillingMode="PAY_PER_REQUEST")
    for i in range(25):
        client("rds").create_db_instance(DBInstanceIdentifier=f"db-{i}", DBInstanceClass="db.t3.micro", Engine="mysql",
                                         MasterUsername="admin", MasterUserPassword="hunter2hunter2")
    detector = client("guardduty").create_detector(Enable=True)["DetectorId"]
    client("securityhub").enable_security_hub()
    client("macie2").enable_macie()
    client("inspector2").enable(accountIds=["123456789012"], resourceTypes=["EC2"])
    api = client("apigateway").create_rest_api(name="a&b")["id"]
    client("efs").create_file_system(CreationToken="t")

    # Each protocol.
    whole("ec2_describe_volumes", 12)
    whole("ec2_describe_security_groups", 1)
    whole("ec2_describe_regions", 0)
    whole("rds_describe_db_instances", 25, pages=1)
    whole("elasticache_describe_cache_clusters", 0)
    whole("elb_describe_load_balancers", 0)
    whole("elbv2_describe_load_balancers", 0)
    whole("dynamodb_list_tables", 105, pages=2)
    whole("dynamodb_describe_table", 0, "TableName=table-007")
    whole("support_describe_checks", 0, "language=en")
    whole("s3_list_buckets", 2)
    for name in ("logs", "with.dots"):
        whole("s3_get_bucket_location", 0, f"Bucket={name}")
    whole("s3_get_bucket_encryption", 0, "Bucket=logs")
    whole("s3_get_public_access_block", 0, "Bucket=logs")
    whole("cloudfront_list_distributions", 0)
    whole("guardduty_list_detectors", 1)
    whole("guardduty_get_detector", 0, f"DetectorId={detector}")
    whole("hub_describe_hub", 0)
    whole("hub_get_findings", 0, 'Filters:={"RecordState":[{"Value":"ACTIVE","Comparison":"EQUALS"}]}')
    whole("inspector_batch_get_account_status", 0, 'accountIds:=["123456789012"]')
    whole("inspector_list_findings", 0)
    whole("macie_get_session", 0)
    whole("apigateway_get_rest_apis", 1)
    whole("apigateway_get_stages", 0, f"restapi_id={api}")
    whole("apigateway_get_domain_names", 0)
    whole("efs_describe_file_systems", 1)
    whole("iam_list_roles", 0)

    # The security services: moto has no Access Analyzer.
    got, _ = services()
    check("services", got == {
        "guardduty": "enabled", "inspector": "enabled", "accessanalyzer": "unknown", "securityhub": "enabled", "trustedadvisor": "enabled",
        "macie": "enabled"}, got)
    check("services off", services("--region", "eu-north-1", "--services", "guardduty,securityhub")[0] ==
          {"guardduty": "disabled", "securityhub": "disabled"})

    # Limits and cursors.
    got = ask("dynamodb_list_tables", LIMIT="30")
    check("a limit", got == "pages 1 items 30 more 1 next table-029", got)
    got = ask("dynamodb_list_tables", LIMIT="100", START="table-029")
    check("its cursor", got == "pages 1 items 75 more 0 next -", got)
    got = ask("rds_describe_db_instances", LIMIT="3")
    check("a page that is larger than the limit", got.startswith("pages 1 items 20 more 1 next "), got)

    # What moto lacks or does not know, as HTML, JSON and XML.
    got = ask("guardduty_list_findings", f"DetectorId={detector}")
    check("not implemented", got.startswith("other - "), got)
    got = ask("s3_get_public_access_block", "Bucket=with.dots")
    check("an error of rest-xml", "NoSuchPublicAccessBlockConfiguration" in got, got)
    got = ask("dynamodb_describe_table", "TableName=absent")
    check("an error of json", "ResourceNotFoundException" in got, got)
    got = ask("apigateway_get_rest_api", "restapi_id=absent")
    check("an error of rest-json", "NotFoundException" in got, got)
    got = ask("rds_describe_db_instances", "DBInstanceIdentifier=absent")
    check("an error of query", "DBInstanceNotFound" in got, got)
    got = ask("ec2_describe_volumes", "VolumeId.1=vol-0123456789abcdef0")
    check("an error of ec2", "InvalidVolume.NotFound" in got, got)

    # Signatures and denials. moto refuses every signed GET of rest-json, whoever signs it.
    iam = client("iam")
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument='{"Version":"2012-10-17","Statement":['
                        '{"Effect":"Allow","Action":["ec2:DescribeVolumes","rds:*","dynamodb:*","s3:*","support:*",'
                        '"inspector2:*","securityhub:*"],"Resource":"*"}]}')
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    reader = (key["AccessKeyId"], key["SecretAccessKey"])
    iam.create_user(UserName="stranger")
    key = iam.create_access_key(UserName="stranger")["AccessKey"]
    stranger = (key["AccessKeyId"], key["SecretAccessKey"])
    urllib.request.urlopen(urllib.request.Request(url + "/moto-api/reset-auth", data=b"0", method="POST",
                                                  headers={"Content-Type": "text/plain"})).read()
    whole("ec2_describe_volumes", 12, key=reader)
    whole("rds_describe_db_instances", 25, key=reader)
    whole("dynamodb_list_tables", 105, key=reader)
    whole("support_describe_checks", 0, "language=en", key=reader, region="us-east-1")
    whole("s3_list_buckets", 2, key=reader)
    whole("s3_get_bucket_encryption", 0, "Bucket=logs", key=reader)
    whole("inspector_list_findings", 0, key=reader)
    whole("hub_get_findings", 0, key=reader)
    for operation, action in (("ec2_describe_security_groups", "ec2:DescribeSecurityGroups"),
                              ("elasticache_describe_cache_clusters", "elasticache:DescribeCacheClusters"),
                              ("elbv2_describe_load_balancers", "elasticloadbalancing:DescribeLoadBalancers")):
        got = ask(operation, key=reader)
        check(f"denied {operation}", got.startswith(f"denied {action} "), got)
    iam_denied = services("--services", "inspector", key=reader)
    check("an allowed service", iam_denied == ({"inspector": "enabled"}, []), iam_denied)
    iam_denied = services("--services", "inspector,trustedadvisor", key=stranger)
    check("denied services", iam_denied == ({"inspector": "unknown", "trustedadvisor": "unknown"},
                                            ["inspector2:BatchGetAccountStatus", "support:DescribeTrustedAdvisorChecks"]), iam_denied)
    for operation, code in (("ec2_describe_volumes", "AuthFailure"), ("rds_describe_db_instances", "SignatureDoesNotMatch"),
                            ("s3_list_buckets", "SignatureDoesNotMatch"),
                            ("dynamodb_list_tables", "")):
        got = ask(operation, key=(reader[0], "wrong"))
        check(f"a wrong secret {operation}", not got.startswith("pages") and code in got and "wrong" not in got, got)
finally:
    server.terminate()
    server.wait()
print(f"{done} checks passed")
