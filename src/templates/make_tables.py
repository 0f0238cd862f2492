#!/usr/bin/env python3
"""Writes the tables in src/templates/data from the data of the Python package cfn-lint (MIT-0).

    pip install cfn-lint==1.51.0
    python3 src/templates/make_tables.py

The region is us-east-1, which has every type. The formats are described beside their readers:
schemas.txt and types.txt in src/templates/types.c, actions.txt in src/templates/actions.c,
ended.txt in src/templates/ended.c; it has what has ended on the day that it is written.
"""

import datetime
import json
import pathlib
import re
import sys

from cfnlint.data import AdditionalSpecs
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER as MANAGER

REGION = "us-east-1"
DATA = pathlib.Path(__file__).parent / "data"

# The types whose properties are checked.
CHECKED = """
ApiGateway: Account ApiKey Authorizer BasePathMapping Deployment DomainName Method Model Resource RestApi
    Stage UsagePlan UsagePlanKey
ApiGatewayV2: Api ApiMapping Authorizer Deployment DomainName Integration Route Stage VpcLink
ApplicationAutoScaling: ScalableTarget ScalingPolicy
AutoScaling: AutoScalingGroup LaunchConfiguration LifecycleHook ScalingPolicy ScheduledAction
BedrockAgentCore: Gateway Memory Runtime RuntimeEndpoint WorkloadIdentity
CertificateManager: Certificate
CloudFormation: CustomResource Stack StackSet WaitCondition WaitConditionHandle
CloudTrail: Trail
CloudWatch: Alarm Dashboard
CodeBuild: Project
Cognito: UserPool UserPoolClient UserPoolDomain
DynamoDB: Table
EC2: DHCPOptions EIP EIPAssociation FlowLog Instance InternetGateway LaunchTemplate NatGateway NetworkAcl
    NetworkAclEntry NetworkInterface PrefixList Route RouteTable SecurityGroup SecurityGroupEgress
    SecurityGroupIngress Subnet SubnetNetworkAclAssociation SubnetRouteTableAssociation VPC
    VPCEndpoint VPCGatewayAttachment VPCPeeringConnection Volume VolumeAttachment
ECR: Repository
ECS: CapacityProvider Cluster ClusterCapacityProviderAssociations Service TaskDefinition
EFS: AccessPoint FileSystem MountTarget
EKS: AccessEntry Addon Cluster FargateProfile Nodegroup PodIdentityAssociation
ElasticLoadBalancingV2: Listener ListenerCertificate ListenerRule LoadBalancer TargetGroup
Events: Connection EventBus EventBusPolicy Rule
IAM: AccessKey Group GroupPolicy InstanceProfile ManagedPolicy OIDCProvider Policy Role RolePolicy
    SAMLProvider ServiceLinkedRole User UserPolicy UserToGroupAddition
KMS: Alias Key
Kinesis: Stream
Lambda: Alias EventInvokeConfig EventSourceMapping Function LayerVersion LayerVersionPermission Permission
    Url Version
Logs: LogGroup LogStream MetricFilter ResourcePolicy SubscriptionFilter
Organizations: Account OrganizationalUnit Policy
RDS: DBCluster DBInstance DBParameterGroup DBSubnetGroup
Route53: HostedZone RecordSet RecordSetGroup
S3: Bucket BucketPolicy
SNS: Subscription Topic TopicPolicy
SQS: Queue QueuePolicy
SSM: Association Document MaintenanceWindow Parameter
SecretsManager: ResourcePolicy RotationSchedule Secret SecretTargetAttachment
SecurityHub: Hub Standard
StepFunctions: StateMachine
"""

# The services whose actions are known; of the others only the prefix.
SERVICES = """
access-analyzer account acm apigateway application-autoscaling autoscaling backup bedrock
bedrock-agentcore cloudformation cloudfront cloudtrail cloudwatch codebuild cognito-idp config dynamodb
ec2 ec2messages ecr ecs eks eks-auth elasticache elasticfilesystem elasticloadbalancing events
execute-api firehose guardduty health iam inspector2 kinesis kms lambda logs macie2 organizations rds
resource-explorer-2 route53 s3 secretsmanager securityhub sns sqs ssm ssmmessages states sts support tag
trustedadvisor wafv2 xray
"""


def checked_types():
    service = None
    for word in CHECKED.split():
        if word.endswith(":"):
            service = word[:-1]
        else:
            yield f"AWS::{service}::{word}"


class Tables:
    """Lines that are kept once each, and referred to by number."""

    def __init__(self):
        self.lines = {}

    def number(self, line):
        return self.lines.setdefault(line, len(self.lines))


class Writer:
    def __init__(self):
        self.objects = Tables()
        self.enums = Tables()
        self.patterns = Tables()

    # --- one type ---

    def type_line(self, name):
        schema = MANAGER.get_resource_schema(REGION, name)
        self.schema = schema.schema
        self.read_only = {
            tuple(p for p in path.split("/")[2:] if p not in ("*", "items"))
            for path in self.schema.get("readOnlyProperties", [])
        }
        self.open = []
        root = self.object(self.schema, ())
        attributes = sorted(re.sub(r"\.?\.\*$", "*", a.replace("\\", "")) for a in schema.get_atts)
        return f"{name}\t{root}\t{' '.join(attributes)}"

    def resolve(self, schema):
        seen = 0
        while "$ref" in schema and seen < 20:
            target = self.schema
            for step in schema["$ref"].split("/")[1:]:
                target = target[step.replace("~1", "/").replace("~0", "~")]
            schema = target
            seen += 1
        return schema

    # --- values ---

    def value(self, schema, path):
        schema = self.resolve(schema)
        if id(schema) in self.open or len(path) > 12:
            return "j"  # it contains itself
        self.open.append(id(schema))
        text = self.value_inside(schema, path)
        self.open.pop()
        return text

    def value_inside(self, schema, path):
        kinds = schema.get("type")
        kinds = kinds if isinstance(kinds, list) else [kinds] if kinds else []
        if not kinds:
            if "properties" in schema:
                kinds = ["object"]
            elif "anyOf" in schema or "oneOf" in schema:
                return self.alternatives(schema.get("anyOf") or schema.get("oneOf"), path)
            else:
                return "j"
        return "/".join(dict.fromkeys(self.kind(kind, schema, path, len(kinds)) for kind in kinds))

    def alternatives(self, schemas, path):
        texts = list(dict.fromkeys(self.value(s, path) for s in schemas))
        objects = [t for t in texts if t.startswith("o")]
        return "j" if "j" in texts or len(objects) > 1 else "/".join(texts)

    def kind(self, kind, schema, path, count):
        if kind == "object":
            return self.map(schema, path)
        if kind == "array":
            return self.list(schema, path)
        text = {"string": "s", "integer": "i", "number": "n", "boolean": "b"}.get(kind, "j")
        low, high = ("minLength", "maxLength") if kind == "string" else ("minimum", "maximum")
        text += self.bounds(schema.get(low), schema.get(high))
        values = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
        if values and kind != "boolean":
            values = "\t".join(sorted(self.scalar(v) for v in values))
            text += f"e{self.enums.number(values)}"
        elif schema.get("enumCaseInsensitive"):
            values = "\t".join(sorted(self.scalar(v) for v in schema["enumCaseInsensitive"]))
            text += f"E{self.enums.number(values)}"
        if kind == "string" and "pattern" in schema and count == 1:
            pattern = schema["pattern"]
            assert "\t" not in pattern and "\n" not in pattern
            text += f"~{self.patterns.number(pattern)}"
        return text

    @staticmethod
    def scalar(value):
        return json.dumps(value) if isinstance(value, bool) else str(value)

    @staticmethod
    def bounds(low, high):
        if low is None and high is None:
            return ""
        return f"<{'' if low is None else low},{'' if high is None else high}>"

    def list(self, schema, path):
        items = self.value(schema["items"], path) if "items" in schema else "j"
        text = f"[{items}]{self.bounds(schema.get('minItems'), schema.get('maxItems'))}"
        return text + ("u" if schema.get("uniqueItems") else "")

    def map(self, schema, path):
        if schema.get("properties"):
            return f"o{self.object(schema, path)}"
        patterns = list((schema.get("patternProperties") or {}).values())
        if len(patterns) == 1 and isinstance(patterns[0], dict):
            return "{" + self.value(patterns[0], path) + "}"
        return "{j}"

    # --- objects ---

    def object(self, schema, path):
        required = set(schema.get("required", []))
        fields = []
        for name, value in sorted(schema["properties"].items()):
            mark = "@" if path + (name,) in self.read_only else "!" if name in required else ""
            value = value if isinstance(value, dict) else {}
            fields.append(f"{name}{mark}={self.value(value, path + (name,))}")
        if schema.get("additionalProperties", True) is not False or schema.get("patternProperties"):
            fields.insert(0, "+")
        fields += self.rules(schema)
        return self.objects.number("\t".join(fields))

    def rules(self, schema):
        known = set(schema["properties"])

        def words(names):
            return " ".join(names)

        for keyword, mark in (("requiredXor", "?xor"), ("requiredOr", "?or")):
            names = schema.get(keyword)
            if names and set(names) <= known:
                yield f"{mark} {words(names)}"
        for keyword, mark in (("dependentRequired", "?needs"), ("dependentExcluded", "?not")):
            for name, others in sorted((schema.get(keyword) or {}).items()):
                others = [o for o in others if o in known]
                if name in known and others:
                    yield f"{mark} {name} {words(others)}"
        for keyword, mark in (("anyOf", "?any"), ("oneOf", "?one")):
            choices = schema.get(keyword) or []
            if choices and all(set(c) == {"required"} for c in choices):
                yield f"{mark} {'|'.join(','.join(c['required']) for c in choices)}"

    # --- the file ---

    def write(self, names):
        types = [self.type_line(name) for name in sorted(names)]
        parts = [types] + [list(t.lines) for t in (self.objects, self.enums, self.patterns)]
        head = " ".join(str(len(part)) for part in parts)
        return "\n".join([head] + [line for part in parts for line in part]) + "\n"


def all_types(checked):
    """Each type that is not in schemas.txt, by service: those have names only."""
    services = {}
    for name in MANAGER.get_resource_types(REGION):
        if name.startswith("AWS::") and name not in checked:
            service, _, kind = name.rpartition("::")
            services.setdefault(service, []).append(kind)
    return "".join(f"{s} {' '.join(sorted(k))}\n" for s, k in sorted(services.items()))


def front_coded(words):
    """Each word as the number of letters that it shares with the one before it, and the rest."""
    before = ""
    for word in words:
        shared = 0
        while shared < min(len(before), len(word), 60) and before[shared] == word[shared]:
            shared += 1
        yield chr(ord("0") + shared) + word[shared:]
        before = word


def all_actions():
    services = json.loads((pathlib.Path(AdditionalSpecs.__file__).parent / "Policies.json").read_text())
    wanted = set(SERVICES.split())
    lines = []
    for service, details in sorted(services.items()):
        actions = sorted(details.get("Actions", {})) if service in wanted else []
        lines.append(" ".join([service, *front_coded(actions)]) + "\n")
    return "".join(lines)


def all_ended():
    """Lambda runtimes that functions can no longer have, and types of services that were shut down."""
    specs = pathlib.Path(AdditionalSpecs.__file__).parent
    today = datetime.date.today().isoformat()
    runtimes = json.loads((specs / "LmbdRuntimeLifecycle.json").read_text())
    rows = [(name, row["create-block"]) for name, row in runtimes.items() if row["create-block"]]
    for path in (specs.parent / "schemas/patches/extensions/all").glob("*/lifecycle.json"):
        for patch in json.loads(path.read_text()):
            value = patch["value"]
            if isinstance(value, dict) and value.get("status") == "shutdown" and value.get("date"):
                rows.append((path.parent.name, value["date"]))
    names = {name.lower().replace("::", "_"): name for name in MANAGER.get_resource_types(REGION)}
    return "".join(f"{names.get(name, name)} {date}\n" for name, date in sorted(rows)
                   if date <= today and (name in names or not name.startswith("aws_")))


def main():
    checked = set(checked_types())
    DATA.mkdir(exist_ok=True)
    (DATA / "schemas.txt").write_text(Writer().write(checked), encoding="utf-8")
    (DATA / "types.txt").write_text(all_types(checked), encoding="utf-8")
    (DATA / "actions.txt").write_text(all_actions(), encoding="utf-8")
    (DATA / "ended.txt").write_text(all_ended(), encoding="utf-8")
    for path in sorted(DATA.glob("*.txt")):
        print(f"{path.name}: {path.stat().st_size} bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
