#!/usr/bin/env python3
"""assess storage and assess network against moto_server: what boto3 lists is what is assessed.

Two accounts, a bucket in another region, denied calls; a small server of ours for CloudFront, whose list
moto does not fill in.
"""
import http.server
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

import boto3

CREDCTL = os.environ["CREDCTL"]
HOME = tempfile.mkdtemp(prefix="credctl-posture-")
REGION = "eu-west-1"
FIRST, SECOND = "123456789012", "222222222222"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
KEYS = {"aws_access_key_id": "AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key": SECRET}
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


PORT = free_port()
URL = f"http://127.0.0.1:{PORT}"
MOTO = subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(PORT)], stdout=subprocess.DEVNULL,
                        stderr=subprocess.DEVNULL, env={**os.environ, "INITIAL_NO_AUTH_ACTION_COUNT": "1000000"})


def client(service, keys=None, region=REGION):
    return boto3.client(service, endpoint_url=URL, region_name=region, **(keys or KEYS))


def assess(topic, *options, key=None, status=0, **env):
    ended = subprocess.run(
        [CREDCTL, "assess", topic, "--output", "json", *options], capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": os.environ["PATH"], "HOME": HOME, "AWS_ENDPOINT_URL": URL, "AWS_REGION": REGION,
             "AWS_EC2_METADATA_DISABLED": "true", "AWS_ACCESS_KEY_ID": (key or ("AKIAIOSFODNN7EXAMPLE", SECRET))[0],
             "AWS_SECRET_ACCESS_KEY": (key or ("", SECRET))[1], **env})
    check(f"{topic} {options} ends with {status}", ended.returncode == status, ended)
    check("no secret is shown", (key or ("", SECRET))[1] not in ended.stdout + ended.stderr)
    return json.loads(ended.stdout)


def by_name(told, kind=None):
    return {row["name"] or row["id"]: row for row in told["resource_details"] if kind in (None, row["type"])}


def same(name, got, wanted):
    check(name, sorted(got) == sorted(wanted), (sorted(got), sorted(wanted)))


def counts_agree(told):
    rows = told["resource_details"]
    for field, status in (("compliant_resources", "compliant"), ("non_compliant_resources", "non_compliant"),
                          ("unknown_resources", "unknown")):
        check(field, told[field] == sum(row["status"] == status for row in rows), told)
        check("by service", told[field] == sum(row[field] for row in told["compliance_by_service"].values()), told)
    check("resources_checked", told["resources_checked"] == len(rows), told)
    for row in rows:
        check("a flag for each status", row["compliant"] == {"compliant": True, "non_compliant": False,
                                                             "unknown": None}[row["status"]], row)
        check("a code for each issue", len(row["rules"]) == len(row["issues"]), row)
        check("a remedy for each failure", bool(row["remediation"]) == (row["status"] == "non_compliant"), row)


ALL_ON = {name: True for name in ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")}


def make_storage(keys=None):
    s3, kms = client("s3", keys), client("kms", keys)
    key = kms.create_key()["KeyMetadata"]["Arn"]
    prefix = "two-" if keys else ""
    for name in ("plain", "kms", "managed"):
        s3.create_bucket(Bucket=prefix + name, CreateBucketConfiguration={"LocationConstraint": REGION})
    client("s3", keys, "us-east-1").create_bucket(Bucket=prefix + "elsewhere")
    for name, rule in (("kms", {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}), ("managed", {"SSEAlgorithm": "aws:kms"})):
        s3.put_bucket_encryption(Bucket=prefix + name, ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": rule, "BucketKeyEnabled": name == "kms"}]})
        s3.put_public_access_block(Bucket=prefix + name, PublicAccessBlockConfiguration=ALL_ON)
    ec2 = client("ec2", keys)
    for more in ({}, {"Encrypted": True}, {"Encrypted": True, "KmsKeyId": key}):
        ec2.create_volume(AvailabilityZone=REGION + "a", Size=1, **more)
    for name, encrypted in (("clear", False), ("sealed", True)):
        client("rds", keys).create_db_instance(
            DBInstanceIdentifier=name, DBInstanceClass="db.t3.micro", Engine="mysql", MasterUsername="admin",
            MasterUserPassword="hunter2hunter2", StorageEncrypted=encrypted, **({"KmsKeyId": key} if encrypted else {}))
        client("efs", keys).create_file_system(CreationToken=name, Encrypted=encrypted)
    for name, more in (("owned", {}), ("own", {"SSESpecification": {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}})):
        client("dynamodb", keys).create_table(
            TableName=name, KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}], BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}], **more)
    client("elasticache", keys).create_cache_cluster(CacheClusterId="cache", Engine="redis", NumCacheNodes=1,
                                                     CacheNodeType="cache.t3.micro")
    return key


def storage_is_what_boto3_lists(key):
    told = assess("storage")
    counts_agree(told)
    check("the account", (told["account_id"], told["region"]) == (FIRST, REGION), told)
    same("all services", told["services_checked"], ["s3", "ebs", "rds", "dynamodb", "efs", "elasticache"])
    volumes = {row["VolumeId"]: row for row in client("ec2").describe_volumes()["Volumes"]}
    same("buckets of the region", by_name(told, "s3"), ["plain", "kms", "managed"])
    same("volumes", by_name(told, "ebs"), volumes)
    same("databases", by_name(told, "rds"), ["clear", "sealed"])
    same("tables", by_name(told, "dynamodb"), client("dynamodb").list_tables()["TableNames"])
    same("file systems", [row["id"] for row in told["resource_details"] if row["type"] == "efs"],
         [row["FileSystemId"] for row in client("efs").describe_file_systems()["FileSystems"]])
    same("caches", by_name(told, "elasticache"), ["cache"])
    for name, row in by_name(told, "ebs").items():
        there = volumes[name]
        check("an encrypted volume", (row["status"] == "compliant") == there["Encrypted"], row)
        check("its key", row["checks"].get("kms_key_id") == there.get("KmsKeyId"), row)
        check("its manager", row["checks"]["using_cmk"] == (there.get("KmsKeyId") == key), row)
    buckets = by_name(told, "s3")
    check("a bucket without a configuration", buckets["plain"]["checks"]["default_encryption"] ==
          {"enabled": True, "type": "AES256"}, buckets["plain"])
    check("and without a block", buckets["plain"]["rules"] == ["s3.public_access"], buckets["plain"])
    check("a bucket with a key", buckets["kms"]["checks"]["key_manager"] == "customer" and
          buckets["kms"]["checks"]["bucket_key_enabled"], buckets["kms"])
    check("a bucket with the key of AWS", buckets["managed"]["checks"]["key_manager"] == "aws_managed", buckets["managed"])
    tables = by_name(told, "dynamodb")
    check("a table with a key owned by AWS", tables["owned"]["checks"]["key_manager"] == "aws_owned" and
          tables["owned"]["compliant"], tables["owned"])
    check("a table with a key", tables["own"]["checks"]["key_manager"] == "customer", tables["own"])
    check("nothing failed", told["errors"] == [] and not told["partial"], told["errors"])
    check("advice", told["recommendations"] != [], told)


def options_choose(told_all):
    told = assess("storage", "--services", "s3,ebs", "--include-unencrypted-only")
    same("two services", told["compliance_by_service"], ["s3", "ebs"])
    check("only what offends", all(row["status"] != "compliant" for row in told["resource_details"]), told)
    check("but all is counted", told["resources_checked"] == 6, told)
    seen, token, pages = [], None, 0
    while pages == 0 or token:
        told = assess("storage", "--max-results", "5", *(["--next-token", token] if token else []))
        seen += [(row["type"], row["id"] or row["name"]) for row in told["resource_details"]]
        check("a cut is told", told["truncated"] == (told["next_token"] is not None), told)
        token, pages = told["next_token"], pages + 1
    check("pages hold all, once and in order", seen == [(row["type"], row["id"] or row["name"]) for row in
                                                        told_all["resource_details"]] and pages > 2, seen)
    assess("storage", "--fail-on", "high", status=1)
    assess("storage", "--services", "dynamodb", "--fail-on", "low")
    told = assess("storage", "--services", "s3", "--region", f"{REGION},us-east-1")
    same("a bucket is in its region", {(row["region"], one["name"]) for row in told["results"] for one in
                                       row["resource_details"]},
         {(REGION, "plain"), (REGION, "kms"), (REGION, "managed"), ("us-east-1", "elsewhere")})
    check("the sum", told["resources_checked"] == 4 and told["compliance_by_service"]["s3"]["resources_checked"] == 4, told)


def account_block_counts():
    body = ('<PublicAccessBlockConfiguration xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/">' +
            "".join(f"<{name}>true</{name}>" for name in ALL_ON) + "</PublicAccessBlockConfiguration>")
    request = urllib.request.Request(URL + "/v20180820/configuration/publicAccessBlock", data=body.encode(), method="PUT")
    request.add_header("Content-Type", "application/xml")
    request.add_header("x-amz-account-id", FIRST)
    request.add_header("Authorization", f"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/{REGION}/s3/aws4_request")
    urllib.request.urlopen(request).read()
    told = assess("storage", "--services", "s3")
    check("the block of the account counts", told["compliant_resources"] == 3, told)


def two_accounts():
    role = f"arn:aws:iam::{SECOND}:role/Audit"
    got = client("sts").assume_role(RoleArn=role, RoleSessionName="setup")["Credentials"]
    keys = {"aws_access_key_id": got["AccessKeyId"], "aws_secret_access_key": got["SecretAccessKey"],
            "aws_session_token": got["SessionToken"]}
    make_storage(keys)
    told = assess("storage", "--role-arn", role, "--services", "s3,ebs")
    check("the other account", told["account_id"] == SECOND, told)
    same("its buckets", by_name(told, "s3"), ["two-plain", "two-kms", "two-managed"])
    same("its volumes", by_name(told, "ebs"),
         [row["VolumeId"] for row in client("ec2", keys).describe_volumes()["Volumes"]])
    listed = os.path.join(HOME, "roles.txt")
    with open(listed, "w", encoding="ascii") as out:
        out.write(f"{role}\narn:aws:iam::{FIRST}:role/Audit\n")
    told = assess("storage", "--targets", listed, "--services", "s3")
    same("both accounts", [row["account_id"] for row in told["results"]], [SECOND, FIRST])
    check("each with its own", [row["resources_checked"] for row in told["results"]] == [3, 3], told)


def make_network():
    ec2, elb, v2, api = client("ec2"), client("elb"), client("elbv2"), client("apigateway")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=REGION + zone)["Subnet"]["SubnetId"]
               for i, zone in ((1, "a"), (2, "b"))]
    lists = {name: ec2.create_managed_prefix_list(PrefixListName=name, MaxEntries=2, AddressFamily="IPv4",
                                                  Entries=[{"Cidr": cidr}])["PrefixList"]["PrefixListId"]
             for name, cidr in (("any", "0.0.0.0/0"), ("office", "203.0.113.0/24"))}

    def rule(protocol, ports, **sources):
        return {"IpProtocol": protocol, **({"FromPort": ports[0], "ToPort": ports[1]} if ports else {}), **sources}

    any4, any6 = {"IpRanges": [{"CidrIp": "0.0.0.0/0"}]}, {"Ipv6Ranges": [{"CidrIpv6": "::/0"}]}
    groups = {"web": [rule("tcp", (443, 443), **any4), rule("tcp", (80, 80), **any4)], "none": [],
              "ssh": [rule("tcp", (22, 22), **any4)], "everything": [rule("-1", None, **any6)],
              "range": [rule("tcp", (3000, 4000), **any6)],
              "inside": [rule("tcp", (5432, 5432), IpRanges=[{"CidrIp": "10.0.0.0/8"}])],
              "list-any": [rule("tcp", (3389, 3389), PrefixListIds=[{"PrefixListId": lists["any"]}])],
              "list-office": [rule("tcp", (3389, 3389), PrefixListIds=[{"PrefixListId": lists["office"]}])]}
    for name, rules in groups.items():
        group = ec2.create_security_group(GroupName=name, Description="d", VpcId=vpc)["GroupId"]
        if rules:
            ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=rules)
    for private in (True, False):
        ec2.create_vpc_endpoint(VpcId=vpc, VpcEndpointType="Interface", ServiceName=f"com.amazonaws.{REGION}.sts",
                                SubnetIds=subnets[:1], PrivateDnsEnabled=private)
    certificate = client("acm").request_certificate(DomainName="a.example")["CertificateArn"]
    for name, protocol in (("classic-http", "HTTP"), ("classic-old", "HTTPS"), ("classic-new", "HTTPS")):
        elb.create_load_balancer(LoadBalancerName=name, AvailabilityZones=[REGION + "a"], Listeners=[
            {"Protocol": protocol, "LoadBalancerPort": 443, "InstancePort": 80, "SSLCertificateId": certificate}])
    for name, attribute in (("classic-old", "Protocol-TLSv1"), ("classic-new", "Protocol-TLSv1.2")):
        elb.create_load_balancer_policy(LoadBalancerName=name, PolicyName="p", PolicyTypeName="SSLNegotiationPolicyType",
                                        PolicyAttributes=[{"AttributeName": attribute, "AttributeValue": "true"}])
        elb.set_load_balancer_policies_of_listener(LoadBalancerName=name, LoadBalancerPort=443, PolicyNames=["p"])
    redirect = [{"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}]
    plain = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200"}}]
    for name, kind, listener in (
            ("alb-redirect", "application", {"Protocol": "HTTP", "Port": 80, "DefaultActions": redirect}),
            ("alb-http", "application", {"Protocol": "HTTP", "Port": 80, "DefaultActions": plain}),
            ("alb-new", "application", {"Protocol": "HTTPS", "Port": 443, "DefaultActions": plain,
                                        "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}),
            ("alb-old", "application", {"Protocol": "HTTPS", "Port": 443, "DefaultActions": plain,
                                        "SslPolicy": "ELBSecurityPolicy-2016-08"}),
            ("gateway", "gateway", None), ("nlb", "network", None)):
        arn = v2.create_load_balancer(Name=name, Subnets=subnets, Type=kind)["LoadBalancers"][0]["LoadBalancerArn"]
        if listener:
            v2.create_listener(LoadBalancerArn=arn, **listener, **({"Certificates": [{"CertificateArn": certificate}]} if
                                                                   listener["Protocol"] == "HTTPS" else {}))
    for name, policy in (("old.example", "TLS_1_0"), ("new.example", "TLS_1_2")):
        api.create_domain_name(domainName=name, securityPolicy=policy, certificateArn=certificate)
        one = api.create_rest_api(name="api-" + name)["id"]
        root = api.get_resources(restApiId=one)["items"][0]["id"]
        api.put_method(restApiId=one, resourceId=root, httpMethod="GET", authorizationType="NONE")
        api.put_integration(restApiId=one, resourceId=root, httpMethod="GET", type="MOCK", integrationHttpMethod="POST")
        api.create_deployment(restApiId=one, stageName="prod")
        api.create_base_path_mapping(domainName=name, restApiId=one, stage="prod")


def network_is_what_boto3_lists():
    told = assess("network", "--services", "elb,vpc,apigateway")
    counts_agree(told)
    same("keys", told["compliance_by_service"], ["elb", "elbv2", "vpc", "security_groups", "apigateway"])
    same("classic", by_name(told, "classic_load_balancer"),
         [row["LoadBalancerName"] for row in client("elb").describe_load_balancers()["LoadBalancerDescriptions"]])
    there = client("elbv2").describe_load_balancers()["LoadBalancers"]
    same("others", [(row["name"], row["type"]) for row in told["resource_details"] if row["type"].endswith("_load_balancer")
                    and not row["type"].startswith("classic")], [(row["LoadBalancerName"], row["Type"] + "_load_balancer")
                                                                 for row in there])
    same("groups", [row["id"] for row in told["resource_details"] if row["type"] == "security_group"],
         [row["GroupId"] for row in client("ec2").describe_security_groups()["SecurityGroups"]])
    same("endpoints", by_name(told, "vpc_endpoint"),
         [row["VpcEndpointId"] for row in client("ec2").describe_vpc_endpoints()["VpcEndpoints"]])
    same("APIs", by_name(told, "api_gateway"), ["api-old.example", "api-new.example"])
    rows = by_name(told)
    for name, rule in (("classic-http", "load_balancer.plaintext"), ("classic-old", "load_balancer.tls_policy"),
                       ("alb-http", "load_balancer.plaintext"), ("alb-old", "load_balancer.tls_policy"),
                       ("ssh", "security_group.open_port"), ("everything", "security_group.open_all"),
                       ("range", "security_group.open_port"), ("list-any", "security_group.open_port"),
                       ("api-old.example", "api_gateway.tls_policy"), ("old.example", "api_gateway.tls_policy")):
        check(f"{name} breaks {rule}", rows[name]["rules"] == [rule], rows[name])
    for name in ("classic-new", "alb-redirect", "alb-new", "gateway", "nlb", "web", "none", "inside", "list-office",
                 "api-new.example", "new.example"):
        check(f"{name} is compliant", rows[name]["status"] == "compliant", rows[name])
    same("private DNS", sorted(row["status"] for row in told["resource_details"] if row["type"] == "vpc_endpoint"),
         ["compliant", "non_compliant"])
    ports = rows["range"]["checks"]["open_sensitive_ports"]
    same("ports of a range", [(row["port"], row["service"], row["cidr"]) for row in ports],
         [(3306, "MySQL", "::/0"), (3389, "RDP", "::/0")])


DISTRIBUTION = """<DistributionSummary><Id>{id}</Id><ARN>arn:aws:cloudfront::123456789012:distribution/{id}</ARN>
<DomainName>d.cloudfront.net</DomainName><DefaultCacheBehavior><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy>
</DefaultCacheBehavior><CacheBehaviors><Quantity>1</Quantity><Items><CacheBehavior><PathPattern>/img/*</PathPattern>
<ViewerProtocolPolicy>{policy}</ViewerProtocolPolicy></CacheBehavior></Items></CacheBehaviors><ViewerCertificate>
<CloudFrontDefaultCertificate>false</CloudFrontDefaultCertificate><MinimumProtocolVersion>{tls}</MinimumProtocolVersion>
</ViewerCertificate><Origins><Quantity>1</Quantity><Items><Origin><Id>o</Id>
<DomainName>plain.s3.eu-west-1.amazonaws.com</DomainName><OriginAccessControlId>{control}</OriginAccessControlId>
<S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig></Origin></Items></Origins>
</DistributionSummary>"""
PAGES = {"": ("EBAD", dict(policy="allow-all", tls="TLSv1_2016", control=""), "m2"),
         "m2": ("EGOOD", dict(policy="redirect-to-https", tls="TLSv1.3_2025", control="E2"), "")}


class Edge(http.server.BaseHTTPRequestHandler):
    asked = []

    def do_GET(self):
        marker = self.path.partition("Marker=")[2].partition("&")[0]
        name, members, following = PAGES[marker]
        Edge.asked.append((self.path.partition("?")[0], marker, self.headers["Authorization"].split("/")[2]))
        body = ("<DistributionList><IsTruncated>" + ("true" if following else "false") + "</IsTruncated>" +
                (f"<NextMarker>{following}</NextMarker>" if following else "") + "<Items>" +
                DISTRIBUTION.format(id=name, **members) + "</Items></DistributionList>").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def cloudfront_is_global():
    edge = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Edge)
    threading.Thread(target=edge.serve_forever, daemon=True).start()
    more = {"AWS_ENDPOINT_URL_CLOUDFRONT": f"http://127.0.0.1:{edge.server_port}"}
    told = assess("network", "--services", "cloudfront", **more)
    rows = {row["id"]: row for row in told["resource_details"]}
    same("both pages", rows, ["EBAD", "EGOOD"])
    same("all that offends", rows["EBAD"]["rules"],
         ["cloudfront.viewer_http", "cloudfront.tls_policy", "cloudfront.s3_origin"])
    check("what is good", rows["EGOOD"]["compliant"] and rows["EGOOD"]["region"] == "global", rows["EGOOD"])
    same("signed for its region", Edge.asked, [("/2020-05-31/distribution", "", "us-east-1"),
                                               ("/2020-05-31/distribution", "m2", "us-east-1")])
    Edge.asked.clear()
    told = assess("network", "--services", "cloudfront", "--region", "us-west-2,eu-west-1", **more)
    check("once for two regions", len(Edge.asked) == 2 and told["resources_checked"] == 2, told)
    edge.shutdown()


def denied_is_unknown():
    iam = client("iam")
    iam.create_user(UserName="reader")
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "*", "Action": [
            "s3:ListAllMyBuckets", "s3:GetBucketLocation", "s3:GetBucketPublicAccessBlock",
            "s3:GetAccountPublicAccessBlock", "ec2:DescribeVolumes", "dynamodb:ListTables"]}]}))
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    urllib.request.urlopen(urllib.request.Request(URL + "/moto-api/reset-auth", data=b"0", method="POST",
                                                  headers={"Content-Type": "text/plain"})).read()
    told = assess("storage", "--services", "ebs,rds,dynamodb,s3", key=(key["AccessKeyId"], key["SecretAccessKey"]), status=3)
    counts_agree(told)
    missing = {row["missing_permission"] for row in told["errors"]}
    for action in ("rds:DescribeDBInstances", "dynamodb:DescribeTable", "kms:ListAliases", "s3:GetEncryptionConfiguration"):
        check(f"{action} is named", action in missing, told["errors"])
    tables = by_name(told, "dynamodb")
    check("tables are unknown", tables and all(row["status"] == "unknown" for row in tables.values()), tables)
    for row in by_name(told, "s3").values():
        check("a bucket is not called unencrypted", not any("encrypt" in code for code in row["rules"]), row)
        check("and the permission is named", any("s3:GetEncryptionConfiguration" in text for text in row["unknowns"]), row)
    volumes = by_name(told, "ebs")
    check("volumes are judged", {row["status"] for row in volumes.values()} == {"compliant", "non_compliant"}, volumes)
    check("whose keys is not known", any(row["checks"].get("key_manager") == "unknown" for row in volumes.values()), volumes)


try:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", PORT), 0.2).close()
            break
        except OSError:
            time.sleep(0.1)
    storage_is_what_boto3_lists(make_storage())
    options_choose(assess("storage"))
    account_block_counts()
    two_accounts()
    make_network()
    network_is_what_boto3_lists()
    cloudfront_is_global()
    denied_is_unknown()
finally:
    MOTO.terminate()
    MOTO.wait()
print(f"{done} checks passed")
