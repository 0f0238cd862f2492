"""Random worlds for test-access: a caller, a role, and now and then something that denies the call.

world(seed) is a scenario of run_scenarios.py; judge(scenario, credctl) lists what is wrong with the answer: the true
cause must be among the candidates, "certain" must be true, and a statement must work, be minimal and open nothing else.
"""
import random

import run_scenarios as runner
from fake_aws import World
from iam_eval import ALLOW

HUB, TARGETS, MANAGEMENT = "111111111111", "222222222222", "999999999999"
OTHER_ROOT = "arn:aws:iam::333333333333:root"
OTHER_ROLE = "arn:aws:iam::111111111111:role/Other"
POLICIES = "arn:aws:iam::111111111111:policy/"
FULL_SCP, FULL_RCP = "p-FullAWSAccess", "p-RCPFullAWSAccess"
ASSUME, TAG, SOURCE = "sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"
STYLES = ["bare", "bare", "bare", "old", "verbose", "verbose_arn", "mixed"]

# What can deny the call; the commoner ones more than once.
CAUSES = """identity_none identity_none identity_deny identity_deny_more identity_condition boundary_none boundary_deny
 session_none session_deny scp_none scp_deny rcp_deny endpoint_none endpoint_deny trust_other trust_other trust_other_with_id
 trust_deny id_missing id_missing id_wrong id_wrong mfa tags source_identity source_address session_name principal_tag
 principal_arn deleted role_missing role_path duration""".split()


def document(*statements):
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def deny(action, resource="*", **more):
    return {"Effect": "Deny", "Action": action, "Resource": resource, **more}


def one_or_list(values):
    return values if len(values) > 1 else values[0]


class Maker:
    """Draws one world."""

    def __init__(self, seed):
        self.seed, self.r = seed, random.Random(seed)
        self.same, self.user = self.chance(0.3), self.chance(0.2)
        path = self.r.choice(["", "", "team/", "a/b/"])
        self.caller = "arn:aws:iam::%s:%s" % (HUB, "user/%salice" % path if self.user else "role/%sHub" % path)
        self.account = HUB if self.same else TARGETS
        self.target_path = self.r.choice(["", "", "audit/"])
        self.target = "arn:aws:iam::%s:role/%sAudit" % (self.account, self.target_path)
        self.why = set()
        if not self.chance(0.12):
            self.why = {self.r.choice(CAUSES)} if self.chance(0.85) else set(self.r.sample(CAUSES, 2))
        self.draw_call()

    def chance(self, probability):
        return self.r.random() < probability

    def any(self, *causes):
        return bool(self.why & set(causes))

    def draw_call(self):
        """The row of the list, the caller's transitive tags, and the actions that the call needs."""
        self.id = self.r.choice([None, None, "credctl-7f3a9c", "cust/42:x"])
        if self.any("id_missing", "id_wrong", "trust_other_with_id"):
            self.id = self.id or "credctl-7f3a9c"
        sent = None if self.any("id_missing") else "not-that-one" if self.any("id_wrong") else self.id
        self.row = {"name": "t0", "role_arn": self.target}
        if sent:
            self.row["external_id"] = sent
        if self.chance(0.15):
            self.row["session_name"] = "nightly-audit"
        self.tags = {"team": "sec"} if self.any("tags") or self.chance(0.1) else {}
        self.transitive = bool(self.tags) and not self.user and self.chance(0.5)
        if self.tags and not self.transitive:
            self.row["tags"] = self.tags
        source = "alice@example.com" if self.any("source_identity") or self.chance(0.07) else None
        if source:
            self.row["source_identity"] = source
        if self.any("duration"):
            self.row["duration_seconds"] = 7200
        self.actions = [ASSUME] + ([TAG] if self.tags else []) + ([SOURCE] if source else [])
        self.tags_lack_at_caller = self.any("tags") and self.chance(0.4)

    # -- the caller's side

    def denying(self):
        """A statement that denies the call, by its exact action or by more."""
        statement = {"Sid": "NoRoleChanges", **deny(ASSUME, self.r.choice(
            ["*", "arn:aws:iam::*:role/*", [self.target, "arn:aws:iam::333333333333:role/X"]]))}
        if self.any("identity_deny_more"):
            statement.update(Action=self.r.choice(["sts:*", "*", [ASSUME, "iam:PassRole"]]), Resource=self.target)
        if self.chance(0.5):
            del statement["Sid"]
        if self.chance(0.3):
            statement["Condition"] = {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}
        return statement

    def condition_that_fails(self):
        return self.r.choice([{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}},
                              {"StringEquals": {"aws:PrincipalTag/team": "blue"}}, {"Bool": {"aws:MultiFactorAuthPresent": "true"}}])

    def identity(self):
        """(inline policies, ARNs of managed ones, managed policies of the account)"""
        resource = self.r.choice([self.target, self.target, "arn:aws:iam::*:role/%sAudit" % self.target_path, "*",
                                  "arn:aws:iam::%s:role/*" % self.account])
        actions = [a for a in self.actions if not (a == TAG and self.tags_lack_at_caller)]
        inline = {"hub-access": document(allow(one_or_list(actions), resource))}
        attached, managed = [], {}
        if self.any("identity_none"):
            inline["hub-access"] = document(self.r.choice([allow("s3:ListAllMyBuckets"), allow(ASSUME, self.target + "or")]))
        if self.any("identity_condition"):
            inline["hub-access"]["Statement"][0]["Condition"] = self.condition_that_fails()
        if self.any("identity_deny", "identity_deny_more"):
            if self.chance(0.5):
                inline["deny"] = document(self.denying())
            else:
                managed[POLICIES + "Guardrails"] = document(self.denying())
                attached.append(POLICIES + "Guardrails")
        reads = self.r.choice(["", "", "iam", "iam", "simulate", "iam simulate"])
        if "iam" in reads:
            inline["read-iam"] = document(allow(["iam:Get*", "iam:List*"]))
        if "simulate" in reads:
            inline["simulate"] = document(allow("iam:SimulatePrincipalPolicy"))
        if self.chance(0.35):
            inline["organization"] = document(allow("organizations:*"))
        return inline, attached, managed

    def boundary(self):
        reading = ["s3:*", "iam:Get*", "iam:List*", "iam:Simulate*", "organizations:*"]
        rows = [allow(reading + ([] if self.any("boundary_none") else ["sts:*"]))]
        if self.any("boundary_deny"):
            rows.append({"Sid": "NoHop", **deny(ASSUME)})
        return document(*rows)

    def key(self):
        key = {"secret": "@SECRET.caller", "principal": self.caller}
        if not self.user:
            key.update(token="@TOKEN.caller", session="i-0123456789abcdef0")
        if self.transitive:
            key.update(tags=self.tags, transitive=list(self.tags))
        if self.any("session_none", "session_deny") and not self.user:
            passes = ["s3:*", "iam:*", "organizations:*"] + (["sts:*"] if self.any("session_deny") else [])
            rows = [allow(passes)] + ([deny(ASSUME)] if self.any("session_deny") else [])
            key["session_policy"] = document(*rows)
        return key

    # -- the role's side

    def trust(self):
        principal = {"AWS": self.r.choice(["arn:aws:iam::111111111111:root", self.caller, HUB])}
        condition = {"StringEquals": {"sts:ExternalId": self.id}} if self.id else {}
        if self.any("trust_other", "trust_other_with_id"):
            principal = {"AWS": self.r.choice([OTHER_ROOT, OTHER_ROLE])}
        if self.any("deleted"):
            principal = {"AWS": "AROAOLDHUB00000000001"}
        if self.any("mfa"):
            condition["Bool"] = {"aws:MultiFactorAuthPresent": "true"}
        if self.any("source_address"):
            condition["IpAddress"] = {"aws:SourceIp": "198.51.100.0/24"}
        if self.any("session_name"):
            condition["StringLike"] = {"sts:RoleSessionName": "ops-*"}
        if self.any("principal_tag"):
            condition.setdefault("StringEquals", {})["aws:PrincipalTag/team"] = "blue"
        if self.any("principal_arn"):
            condition["ArnEquals"] = {"aws:PrincipalArn": OTHER_ROLE}
            principal = {"AWS": "arn:aws:iam::111111111111:root"}
        rows = [{"Effect": "Allow", "Principal": principal, "Action": ASSUME, **({"Condition": condition} if condition else {})}]
        lacks = ([TAG] if self.any("tags") and not self.tags_lack_at_caller else []) + ([SOURCE] if self.any("source_identity") else [])
        others = [a for a in self.actions[1:] if a not in lacks]
        if others:
            rows.append({"Effect": "Allow", "Principal": principal, "Action": one_or_list(others)})
        if self.any("trust_deny"):
            rows.append({"Effect": "Deny", "Principal": self.r.choice(["*", {"AWS": "*"}]), "Action": ASSUME, "Condition": self.r.choice([
                {"StringNotEquals": {"aws:RequestedRegion": "eu-west-1"}}, {"StringEquals": {"aws:PrincipalAccount": HUB}},
                {"ArnNotLike": {"aws:PrincipalArn": "arn:aws:iam::111111111111:role/Admin"}}])})
        return document(*rows)

    def role(self):
        arn = self.target.replace("role/" + self.target_path, "role/other/") if self.any("role_path") else self.target
        return {"arn": arn, "id": "AROAAUDIT000000000001", "trust": self.trust(), "policies": {}, "max_session": 3600}

    # -- around both

    def scps(self):
        """(policies, levels of the caller's account)"""
        policies = {FULL_SCP: {"name": "Full", "document": document(allow("*"))}}
        levels = [[FULL_SCP], [FULL_SCP], [FULL_SCP]]
        if self.any("scp_none"):
            policies["p-some0001"] = {"name": "some", "document": document(allow(["s3:*", "iam:*", "organizations:*"]))}
            levels[self.r.choice([1, 2])] = ["p-some0001"]
        if self.any("scp_deny"):
            statement = {"Sid": "StayHome", **deny(ASSUME)}
            if self.chance(0.5) and not self.same:
                statement["Condition"] = {"StringNotEquals": {"aws:ResourceAccount": [HUB, "333333333333"]}}
            policies["p-guard001"] = {"name": "guard", "document": document(statement)}
            levels[self.r.choice([0, 1, 2])].append("p-guard001")
        return policies, levels

    def rcps(self):
        policies = {FULL_RCP: {"name": "Full", "document": document(allow("*"))}}
        levels = [[FULL_RCP], [FULL_RCP], [FULL_RCP]]
        if self.any("rcp_deny"):
            condition = {"StringNotEquals": {"aws:PrincipalAccount": "333333333333"}}
            policies["p-rguard01"] = {"name": "guard", "document": document(
                {"Sid": "OnlyOrg", **deny(ASSUME, Principal="*", Condition=condition)})}
            levels[self.r.choice([1, 2])].append("p-rguard01")
        return policies, levels

    def organize(self, world):
        scps, caller_levels = self.scps()
        rcps, target_levels = self.rcps()
        accounts = world["accounts"]
        accounts[MANAGEMENT] = {"roles": {}, "name": "management"}
        for number, account in accounts.items():
            own = number == HUB
            account.update(member=True, delegated=own and self.chance(0.7), ou="ou-ab12-hub00000" if own else "ou-ab12-targets0",
                           scp_levels=caller_levels if own else [[FULL_SCP]] * 3,
                           rcp_levels=target_levels if number == self.account else [[FULL_RCP]] * 3)
        world["organization"] = {"id": "o-a1b2c3d4e5", "management": MANAGEMENT, "root": "r-ab12", "scps": scps, "rcps": rcps}
        world["scp_always_explicit"] = self.chance(0.2)

    def endpoint(self):
        rows = [allow("s3:*" if self.any("endpoint_none") else "*", Principal="*")]
        return document(*rows + ([deny(ASSUME, Principal="*")] if self.any("endpoint_deny") else []))

    def make(self):
        inline, attached, managed = self.identity()
        hub = {"arn": self.caller, "id": "AIDAHUBUSER0000000001" if self.user else "AROAHUB00000000000001", "policies": inline, "attached": attached}
        if self.any("boundary_none", "boundary_deny") or self.chance(0.12):
            hub["boundary"] = POLICIES + "HubBoundary"
            managed[hub["boundary"]] = self.boundary()
        if not self.user:
            hub["trust"] = document({"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": ASSUME})
        role = self.role()
        roles = {} if self.any("role_missing") else {"Audit": role}
        accounts = {HUB: {"roles": {}, "users": {}, "policies": managed}, TARGETS: {"roles": {}, "users": {}, "policies": {}}}
        accounts[HUB]["users" if self.user else "roles"][self.caller.rsplit("/", 1)[1]] = hub
        accounts[self.account]["roles"].update(roles)
        world = {"accounts": accounts, "style": self.r.choice(STYLES), "caller": "K", "keys": {"K": self.key()}}
        if self.any("scp_none", "scp_deny", "rcp_deny") or self.chance(0.25):
            self.organize(world)
        if self.any("endpoint_none", "endpoint_deny"):
            world["vpce"] = {"id": "vpce-0123", "policy": self.endpoint()}
        if self.chance(0.35) and roles and role["arn"] == self.target:
            self.row["trust_policy"] = "@TRUST"
        return {"id": "world-%d" % self.seed, "area": "worlds", "about": " ".join(sorted(self.why)), "world": world,
                "run": {"targets": [self.row], "format": "jsonl", "args": ["--timeout", "20"]},
                "expect": {"exit": [0, 1, 3, 252, 253, 254], "targets": [{}]}}


def world(seed):
    return Maker(seed).make()


# ---- judging

LAYERS = {"identity": "identity", "boundary": "boundary", "session_policy": "session", "scp": "scp", "rcp": "rcp", "vpce": "vpce", "trust": "trust",
          "role": "trust"}


class Truth:
    """What a world decides about the call of its only row."""

    def __init__(self, data, row):
        self.data, self.row = data, row
        self.world = World(data)
        self.key = self.world.keys[data["caller"]]
        self.request = runner.request_of(row, data)
        self.role = self.world.role(row["role_arn"])
        self.denial = self.world.assume(self.key, self.request)
        self.layers = self.denying_layers()

    def denying_layers(self):
        """All layers that do not allow an action of the call, also where another one is named first."""
        out, trust = set(), self.role["trust"] if self.role else document()
        for action, extra in self.world.role_actions(self.key, self.request):
            layers = self.world.layers(self.key, action, self.row["role_arn"], self.row["role_arn"].split(":")[4], dict(extra), trust)
            out |= {name for name, verdict in layers.items() if verdict[0] != ALLOW}
        return out

    def is_cause(self, cause):
        _, layer, explicit, _ = self.denial
        if layer == "trust" and (cause == "role.missing") != (self.role is None):
            return False
        # Older services call every denial by an SCP explicit.
        vague = layer == "scp" and self.data.get("scp_always_explicit")
        return LAYERS.get(cause.split(".")[0]) == layer and (vague or cause.endswith("explicit_deny") == explicit)


def judge_denial(truth, result):
    """Two layers can deny at once, of which only one can be read: then its cause is right, too."""
    layers = [LAYERS.get(c.split(".")[0]) for c in result["candidates"]]
    named = any(truth.is_cause(c) for c in result["candidates"]) or len(truth.layers) > 1 and truth.layers & set(layers)
    bad = []
    if not named:
        bad.append("%s is not among the candidates %s (%s)" % (truth.denial[:3], result["candidates"], result["certainty"]))
    if result["certainty"] == "certain" and layers[0] not in truth.layers:
        bad.append("certain of %s, and its layer allows the call; it is %s" % (result["cause"], truth.denial[:3]))
    return bad


def judge_statement(truth, result):
    """Tags that pass from the caller's session to the next one cannot be seen, and neither can a missing role. What in a trust
    policy fails can be a guess: then the statement may be for another cause, but must open nothing else."""
    right = truth.is_cause(result["cause"]) and (result["policy_kind"] != "trust" or result["certainty"] == "certain")
    alone = right and len(truth.layers) == 1
    want = {"statement": "optional", "truth": result["cause"] if right else None, "layer_only": not alone}
    bad = runner.judge_statement(truth.data, truth.row, result, want)
    if truth.role is None and result["policy_kind"] == "trust":
        return []
    if truth.key.get("transitive"):
        bad = [b for b in bad if TAG not in b]
    return bad if alone else [b for b in bad if b.startswith(("broader", "denies"))]


def judge_result(data, row, result):
    truth = Truth(data, row)
    if row.get("duration_seconds"):
        return []
    if truth.denial is None:
        return [] if result["outcome"] == "allowed" else ["it is allowed, and not %s: %s" % (result["cause"], result["why"])]
    if result["outcome"] != "denied":
        return ["%s, and it is denied by %s" % (result["outcome"], truth.denial[:3])]
    bad = judge_denial(truth, result)
    return bad + (judge_statement(truth, result) if result["statement"] else [])


def judge(scenario, credctl):
    run, bad = runner.Run(scenario, credctl), []
    try:
        _, out, err, late = run.go()
        results = runner.results(out, bad)
        if late or len(results) != 1:
            return ["it hung" if late else "%d results: %s" % (len(results), err[-300:])]
        bad += runner.contract(results[0]) or judge_result(run.w, run.rows[0], results[0])
        return bad + runner.shown_secrets(run, out, err) + runner.behaviour(run)
    finally:
        run.close()
