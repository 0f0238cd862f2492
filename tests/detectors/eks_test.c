#include "scene_support.h"

#define AGENT "http://169.254.170.23/v1/credentials"

static void irsa(struct fake *fake, const char *issuer)
{
    fake_env(fake, "AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/team/reader");
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", IRSA);
    fake_file(fake, IRSA, pod_token(fake, issuer, "ip-10-0-0-1.us-west-2.compute.internal"));
}

static void irsa_tells_role_region_and_pod_without_a_request(void **state)
{
    struct fake *fake = *state;

    irsa(fake, CLUSTER);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "eks");
    assert_int_equal(scene->place.confidence, CC_HIGH);
    IS(scene, role_arn, "arn:aws:iam::111122223333:role/team/reader");
    IS(scene, region, "us-west-2");
    IS(scene, pod, "app1");
    IS(scene, namespace_name, "ns-a");
    IS(scene, service_account, "sa1");
    assert_int_equal(fake->sent_count, 0);
}

static void only_the_whole_host_of_an_issuer_is_eks(void **state)
{
    static const char *const others[] = {
        "https://oidc.eks.us-west-2.amazonaws.com.evil.example/id/5CC109EF2CCB404415FA350577E27AF5",
        "https://oidc.my-seeks.example/id/5CC109EF2CCB404415FA350577E27AF5",
        "http://oidc.eks.us-west-2.amazonaws.com/id/5CC109EF2CCB404415FA350577E27AF5",
        "https://oidc.eks.us-west-2.amazonaws.com/id/short",
        "https://oidc.eks.cn-north-1.amazonaws.com/id/5CC109EF2CCB404415FA350577E27AF5",
        "https://rh-oidc.s3.us-east-1.amazonaws.com/1234",
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(others); i++) {
        irsa(fake, others[i]);
        IS(detect(fake), environment, "kubernetes");
    }
}

static void china_and_dual_stack_issuers_are_eks(void **state)
{
    static const char *const issuers[] = {
        "https://oidc.eks.cn-north-1.amazonaws.com.cn/id/5CC109EF2CCB404415FA350577E27AF5",
        "https://oidc-eks.us-west-2.api.aws/id/5CC109EF2CCB404415FA350577E27AF5",
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(issuers); i++) {
        irsa(fake, issuers[i]);
        IS(detect(fake), environment, "eks");
    }
}

static void pod_identity(struct fake *fake)
{
    fake_env(fake, "AWS_CONTAINER_CREDENTIALS_FULL_URI", AGENT);
    fake_env(fake, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/token");
    fake_file(fake, "/token",
              token(fake, "{\"iss\":\"" CLUSTER "\",\"aud\":[\"pods.eks.amazonaws.com\"]}"));
}

static void pod_identity_tells_the_account_and_no_role(void **state)
{
    struct fake *fake = *state;

    pod_identity(fake);
    fake_http(fake, AGENT, 200,
              "{\"AccountId\":\"111122223333\",\"SecretAccessKey\":\"" CANARY "\"}");
    const struct cc_scene *scene = detect(fake);
    IS(scene, account_id, "111122223333");
    IS(scene, identity_mechanism, "pod-identity");
    NOT_TOLD(scene, role_arn);
}

static void an_agent_without_an_association_says_what_to_create(void **state)
{
    struct fake *fake = *state;

    pod_identity(fake);
    fake_http(fake, AGENT, 404, "ResourceNotFoundException");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "eks");
    assert_non_null(strstr(scene->errors[0].fix, "association"));
}

static void both_mechanisms_at_once_are_warned_of(void **state)
{
    struct fake *fake = *state;

    pod_identity(fake);
    irsa(fake, CLUSTER);
    const struct cc_scene *scene = detect(fake);
    IS(scene, identity_mechanism, "irsa");
    assert_true(warned(scene, "uses the web identity role first"));
}

static void a_pod_without_a_role_becomes_the_node_role(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, DEFAULT, pod_token(fake, CLUSTER, "ip-10-0-0-1.us-west-2.compute.internal"));
    imds(fake, 200, DOCUMENT, "eks-node-role");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "eks");
    IS(scene, role_source, "imds");
    IS(scene, host_instance_id, "i-1234567890abcdef0");
    assert_true(warned(scene, "silently uses the node role"));
}

static void the_node_claim_tells_the_compute(void **state)
{
    static const char *const nodes[][2] = {
        {"fargate-ip-10-0-0-1.us-west-2.compute.internal", "fargate"},
        {"mi-0abc1234def567890", "hybrid"},
    };
    struct fake *fake = *state;

    for (size_t i = 0; i < CC_COUNT(nodes); i++) {
        fake_file(fake, DEFAULT, pod_token(fake, CLUSTER, nodes[i][0]));
        IS(detect(fake), compute, nodes[i][1]);
    }
    assert_int_equal(fake->sent_count, 0);
}

static void malformed_tokens_leave_kubernetes_and_no_pod(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "KUBERNETES_SERVICE_HOST", "10.100.0.1");
    fake_file(fake, DEFAULT, "abc.def");
    fake_file(fake, IRSA, "e30.!!!!.sig");
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "kubernetes");
    NOT_TOLD(scene, pod);
    NOT_TOLD(scene, service_account);
}

static void rosa_and_kops_are_told_apart(void **state)
{
    struct fake *fake = *state;

    irsa(fake, "https://rh-oidc.s3.us-east-1.amazonaws.com/1234");
    IS(detect(fake), service, "rosa");
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE",
             "/var/run/secrets/amazonaws.com/serviceaccount/token");
    fake_file(fake, IRSA, NULL);
    fake_file(fake, "/var/run/secrets/amazonaws.com/serviceaccount/token",
              pod_token(fake, "https://bucket.s3.us-east-1.amazonaws.com/kops", "n"));
    IS(detect(fake), service, "kops");
}

static void the_pod_is_the_claims_and_not_the_hosts_name(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "HOSTNAME", "ip-10-0-0-1.us-west-2.compute.internal");
    irsa(fake, CLUSTER);
    IS(detect(fake), pod, "app1");
}

static const char *aged_token(struct fake *fake, const char *node, const char *expires)
{
    return token(fake, cc_textf(&fake->mem,
                                "{\"iss\":\"" CLUSTER "\",\"exp\":%s,\"kubernetes.io\":"
                                "{\"namespace\":\"n\",\"node\":{\"name\":\"%s\"}}}",
                                expires, node));
}

static void an_expired_token_in_a_pod_is_low_confidence(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, DEFAULT, aged_token(fake, "ip-10-0-0-1.ec2.internal", "1000000000"));
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "eks");
    assert_int_equal(scene->place.confidence, CC_LOW);
    assert_true(warned(scene, "has expired"));
}

static void an_expired_token_outside_a_pod_is_no_cluster(void **state)
{
    struct fake *fake = *state;

    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", "/root/token");
    fake_file(fake, "/root/token", aged_token(fake, "ip-10-0-0-1.ec2.internal", "1000000000"));
    no_imds(fake);
    IS(detect(fake), environment, "local");
}

static void a_token_that_holds_beats_one_that_has_expired(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, IRSA, aged_token(fake, "fargate-ip-10-0-0-1", "1000000000"));
    fake_file(fake, DEFAULT, aged_token(fake, "fargate-ip-10-0-0-1", "4000000000"));
    assert_int_equal(detect(fake)->place.confidence, CC_HIGH);
}

static void a_token_on_foreign_firmware_is_doubted(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "LENOVO\n");
    fake_file(fake, DEFAULT, aged_token(fake, "ip-10-0-0-1.ec2.internal", "4000000000"));
    no_imds(fake);
    const struct cc_scene *scene = detect(fake);
    IS(scene, environment, "eks");
    assert_int_equal(scene->place.confidence, CC_LOW);
    assert_false(scene->place.aws);
    fake_file(fake, DEFAULT, NULL);
    fake_env(fake, "AWS_WEB_IDENTITY_TOKEN_FILE", "/root/token");
    fake_file(fake, "/root/token", aged_token(fake, "ip-10-0-0-1.ec2.internal", "4000000000"));
    no_imds(fake);
    IS(detect(fake), environment, "local");
}

static void a_hybrid_node_is_anybodys_machine(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, "/sys/class/dmi/id/sys_vendor", "Dell Inc.\n");
    fake_file(fake, DEFAULT, aged_token(fake, "mi-0abc1234def567890", "4000000000"));
    const struct cc_scene *scene = detect(fake);
    IS(scene, compute, "hybrid");
    assert_int_equal(scene->place.confidence, CC_HIGH);
}

static void a_node_with_a_resource_based_name_is_not_auto_mode(void **state)
{
    struct fake *fake = *state;

    fake_file(fake, DEFAULT,
              aged_token(fake, "i-1234567890abcdef0.us-west-2.compute.internal", "4000000000"));
    imds(fake, 200, DOCUMENT, NULL);
    const struct cc_scene *scene = detect(fake);
    IS(scene, compute, "ec2");
    IS(scene, host_instance_id, "i-1234567890abcdef0");
    fake_file(fake, DEFAULT, aged_token(fake, "i-1234567890abcdef0", "4000000000"));
    imds(fake, 200, DOCUMENT, NULL);
    IS(detect(fake), compute, "auto-mode");
}

/* A pod whose environment was cleared and that mounts no token. */
static void the_kubelets_paths_of_both_generations_are_a_pod(void **state)
{
    static const char *const files[][2] = {
        {"/proc/self/cgroup", "5:cpu:/kubepods/burstable/pod1/abc\n"},
        {"/proc/self/cgroup", "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-a.scope\n"},
        {"/proc/self/mountinfo",
         "9 8 0:1 / /proc rw - proc proc rw\n"
         "10 8 259:1 /var/lib/kubelet/pods/1/etc-hosts /etc/hosts rw - ext4 /dev/sda rw\n"},
    };
    struct fake *fake = *state;

    nitro(fake);
    for (size_t i = 0; i < CC_COUNT(files); i++) {
        fake_file(fake, files[i][0], files[i][1]);
        imds(fake, 200, DOCUMENT, "node-role");
        const struct cc_scene *scene = detect(fake);
        IS(scene, environment, "kubernetes");
        IS(scene, container, "kubernetes");
        assert_int_equal(scene->place.confidence, CC_MEDIUM);
        fake_file(fake, files[i][0], NULL);
    }
}

static void the_mounts_of_a_node_are_no_pod(void **state)
{
    struct fake *fake = *state;

    nitro(fake);
    fake_file(fake, "/proc/self/mountinfo",
              "10 8 259:1 /var/lib/kubelet/pods/1/volumes/x /var/lib/kubelet/pods/1/y rw - ext4 "
              "/dev/sda rw\n");
    imds(fake, 200, DOCUMENT, "node-role");
    IS(detect(fake), environment, "ec2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_FAKE_WORLD(irsa_tells_role_region_and_pod_without_a_request),
        IN_FAKE_WORLD(only_the_whole_host_of_an_issuer_is_eks),
        IN_FAKE_WORLD(china_and_dual_stack_issuers_are_eks),
        IN_FAKE_WORLD(pod_identity_tells_the_account_and_no_role),
        IN_FAKE_WORLD(an_agent_without_an_association_says_what_to_create),
        IN_FAKE_WORLD(both_mechanisms_at_once_are_warned_of),
        IN_FAKE_WORLD(a_pod_without_a_role_becomes_the_node_role),
        IN_FAKE_WORLD(the_node_claim_tells_the_compute),
        IN_FAKE_WORLD(malformed_tokens_leave_kubernetes_and_no_pod),
        IN_FAKE_WORLD(rosa_and_kops_are_told_apart),
        IN_FAKE_WORLD(the_pod_is_the_claims_and_not_the_hosts_name),
        IN_FAKE_WORLD(an_expired_token_in_a_pod_is_low_confidence),
        IN_FAKE_WORLD(an_expired_token_outside_a_pod_is_no_cluster),
        IN_FAKE_WORLD(a_token_that_holds_beats_one_that_has_expired),
        IN_FAKE_WORLD(a_token_on_foreign_firmware_is_doubted),
        IN_FAKE_WORLD(a_hybrid_node_is_anybodys_machine),
        IN_FAKE_WORLD(a_node_with_a_resource_based_name_is_not_auto_mode),
        IN_FAKE_WORLD(the_kubelets_paths_of_both_generations_are_a_pod),
        IN_FAKE_WORLD(the_mounts_of_a_node_are_no_pod),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
