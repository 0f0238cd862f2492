"""A CloudFormation template with its functions worked out, as an account would have it. For tests."""
import json

from cfnlint.decode import decode_str

REGIONS = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}
SUFFIX = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn", "aws-us-gov": "amazonaws.com"}
ISSUER = "oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF"


def plain(node):
    """Without the positions of cfn-lint's classes."""
    if isinstance(node, dict):
        return {str(k): plain(v) for k, v in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    return str(node) if isinstance(node, str) else node


class Stack:
    """A template with its functions worked out, as CloudFormation would in an account."""

    def __init__(self, text, partition, account, **values):
        self.template = plain(decode_str(text)[0])
        self.values = {
            "AWS::Partition": partition, "AWS::AccountId": account, "AWS::Region": REGIONS[partition],
            "AWS::URLSuffix": SUFFIX[partition], "AWS::StackName": "stack", **values}
        for name, row in self.template.get("Parameters", {}).items():
            if name not in self.values:
                self.values[name] = row.get("Default", "none")
            if "List" in row["Type"] and isinstance(self.values[name], str):
                self.values[name] = self.values[name].split(",")

    def resource(self, name):
        return self.work_out(self.template["Resources"][name]["Properties"])

    def named(self, kind):
        return [name for name, row in self.template["Resources"].items() if row["Type"] == kind]

    def role_arn(self, name):
        role = self.resource(name)
        return (f"arn:{self.values['AWS::Partition']}:iam::{self.values['AWS::AccountId']}:role"
                f"{role.get('Path', '/')}{role.get('RoleName', name)}")

    def attribute(self, name, attribute):
        if attribute == "Arn" and self.template["Resources"][name]["Type"] == "AWS::IAM::Role":
            return self.role_arn(name)
        if attribute == "OpenIdConnectIssuerUrl":
            return "https://" + ISSUER
        return f"arn:{self.values['AWS::Partition']}:x:::{name}/{attribute}"

    def variable(self, name, own):
        if name in own:
            return own[name]
        return self.attribute(*name.split(".", 1)) if "." in name else self.work_out({"Ref": name})

    def substitute(self, text, own):
        out = ""
        while "${" in text:
            before, text = text.split("${", 1)
            name, text = text.split("}", 1)
            out += before + ("${" + name[1:] + "}" if name[0] == "!" else self.variable(name, own))
        return out + text

    def work_out(self, node):
        if isinstance(node, list):
            return [self.work_out(item) for item in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (function, value), = node.items()
            if function == "Ref":
                return self.values.get(value, f"arn:x:::{value}")
            if function == "Fn::GetAtt":
                return self.attribute(*(value if isinstance(value, list) else value.split(".", 1)))
            if function == "Fn::Sub":
                text, own = value if isinstance(value, list) else (value, {})
                return self.substitute(text, self.work_out(own))
            if function == "Fn::Select":
                index, items = self.work_out(value)
                return items[int(index)]
            if function == "Fn::Split":
                separator, text = self.work_out(value)
                return text.split(separator)
        return {key: self.work_out(value) for key, value in node.items()}

    def trust(self, role):
        document = self.resource(role)["AssumeRolePolicyDocument"]
        return json.loads(document) if isinstance(document, str) else document

    def permissions(self, role):
        """The identity-based policies of a role, and those of AWS that are attached to it."""
        properties = self.resource(role)
        documents = [row["PolicyDocument"] for row in properties.get("Policies", [])]
        for name in self.named("AWS::IAM::ManagedPolicy"):
            if {"Ref": role} in self.template["Resources"][name]["Properties"]["Roles"]:
                documents.append(self.resource(name)["PolicyDocument"])
        return documents + [aws_policy(arn) for arn in properties.get("ManagedPolicyArns", [])]


AWS_POLICIES = {}


def aws_policy(arn):
    if not AWS_POLICIES:
        from moto.iam.aws_managed_policies import aws_managed_policies_data
        AWS_POLICIES.update({k.split("/")[-1]: v["Document"] for k, v in json.loads(aws_managed_policies_data).items()})
    return AWS_POLICIES[arn.split("/")[-1]]
